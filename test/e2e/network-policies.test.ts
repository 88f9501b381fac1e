// NetworkPolicies on real Pods: who gets through is what minik can-reach says, changes count at once, no first packet slips by,
// and nothing is left of a daemon that was killed. Every row of the rules themselves is tried in test/docker/policy-packets.test.ts.
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { NetworkPolicy, NetworkPolicySpec } from '../../src/api/generated/types.ts';
import { NAMESPACES, NETWORK_POLICIES, PODS, SERVICES } from '../../src/api/kinds.ts';
import type { Client } from '../../src/client/client.ts';
import { createHttpClient } from '../../src/client/http-client.ts';
import { clusterId, eventually, TestCluster } from '../support/cluster.ts';
import { ensureImages } from '../support/images.ts';
import { PacketAgent } from '../support/packet-agents.ts';
import { canMakeNamespaces } from '../support/packet-lab.ts';
import { ClusterPods, podOf, sh } from '../support/pods.ts';

const real = canMakeNamespaces ? describe : describe.skip;
const namespace = 'default';
const sleeper = (name: string, labels: Record<string, string>, place = namespace) => ({
  ...podOf(name, { terminationGracePeriodSeconds: 0, restartPolicy: 'Always', containers: [sh('main', 'exec sleep 3600')] }),
  metadata: { name, namespace: place, labels },
});
const policyOf = (name: string, spec: NetworkPolicySpec): NetworkPolicy => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec });
const server = { podSelector: { matchLabels: { app: 'server' } } };

real('NetworkPolicies', () => {
  let cluster: TestCluster;
  let pods: ClusterPods;
  let client: ReturnType<typeof createHttpClient>;
  const agents = new Map<string, PacketAgent>();
  const ips = new Map<string, string>();

  beforeAll(async () => {
    await ensureImages('busybox:latest');
    cluster = await TestCluster.start();
    pods = new ClusterPods(cluster);
    client = createHttpClient({ socketPath: join(cluster.home, 'minik.sock') });
    await client.create(NAMESPACES, { metadata: { name: 'guests', labels: { team: 'guests' } } });
    await pods.apply(sleeper('server', { app: 'server' }), sleeper('client', { app: 'client' }), sleeper('other', { app: 'other' }), sleeper('guest', { app: 'guest' }, 'guests'));
    for (const [place, name] of [[namespace, 'server'], [namespace, 'client'], [namespace, 'other'], ['guests', 'guest']] as const) {
      const pod = await eventually(`${name} runs`, async () => {
        const found = await client.get(PODS, { namespace: place, name });
        return found.status?.phase === 'Running' ? found : undefined;
      });
      const ip = pod.status?.podIP ?? '';
      ips.set(name, ip);
      const { stdout: pid } = await execa('docker', ['inspect', '-f', '{{.State.Pid}}', (await pods.containers(pod)).get('main')!.Id]);
      agents.set(name, await PacketAgent.start(['nsenter', '-t', pid, '-n'], { ports: [80, 81], addresses: [ip] }));
    }
  }, 90_000);

  afterAll(async () => {
    for (const agent of agents.values()) agent.end();
    client?.close();
    await cluster.stop();
  }, 90_000);

  const reaches = (from: string, to: string, { port = 80, protocol = 'TCP', timeoutMs = 1_000 }: { port?: number; protocol?: 'TCP' | 'UDP'; timeoutMs?: number } = {}): Promise<boolean> =>
    agents.get(from)!.run({ source: '', host: ips.get(to)!, port, protocol, timeoutMs });
  const apply = (policy: NetworkPolicy): Promise<unknown> => client.create(NETWORK_POLICIES, policy);
  const remove = (name: string): Promise<unknown> => client.delete(NETWORK_POLICIES, { namespace, name });
  /** Milliseconds from now until the connection fares as it should. */
  const untilReaches = async (from: string, to: string, wanted: boolean): Promise<number> => {
    const begun = performance.now();
    await eventually(`${from} ${wanted ? 'reaches' : 'does not reach'} ${to}`, async () => (await reaches(from, to, { timeoutMs: 25 })) === wanted, { timeoutMs: 10_000 });
    return performance.now() - begun;
  };

  test('what kubectl applies is what packets meet, and what minik can-reach says', async () => {
    const policies = [
      policyOf('deny-in', { podSelector: {}, policyTypes: ['Ingress'] }),
      policyOf('server-in', { ...server, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }], ports: [{ port: 80 }] }, { from: [{ namespaceSelector: { matchLabels: { team: 'guests' } } }], ports: [{ protocol: 'UDP', port: 81 }] }] }),
      policyOf('client-out', { podSelector: { matchLabels: { app: 'client' } }, egress: [{ to: [server], ports: [{ port: 79, endPort: 81 }] }], policyTypes: ['Egress'] }),
    ];
    const applied = await cluster.kubectl(['apply', '-f', '-'], { input: policies.map((each) => JSON.stringify(each)).join('\n---\n') });
    expect([applied.code, applied.stderr]).toEqual([0, '']);
    await untilReaches('other', 'server', false);
    const outcomes: Record<string, boolean> = {
      'client server 80/TCP': true,
      'client server 81/TCP': false,
      'client other 80/TCP': false,
      'client guest 80/TCP': false,
      'other server 80/TCP': false,
      'other guest 80/TCP': true,
      'guest server 81/UDP': true,
      'guest server 80/TCP': false,
      'guest client 80/TCP': false,
      'server guest 81/UDP': true,
    };
    const named = (name: string): string => (name === 'guest' ? 'pod/guests/guest' : `pod/${name}`);
    const found = await Promise.all(
      Object.keys(outcomes).map(async (row) => {
        const [from = '', to = '', at = ''] = row.split(' ');
        const [port, protocol] = at.split('/') as [string, 'TCP' | 'UDP'];
        const [arrives, said] = await Promise.all([reaches(from, to, { port: Number(port), protocol }), cluster.minik(['can-reach', named(from), `${named(to)}:${at}`])]);
        return [row, { arrives, said: said.code === 0 }] as const;
      }),
    );
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Object.entries(outcomes).map(([row, allowed]) => [row, { arrives: allowed, said: allowed }])));
    // The node reaches every Pod: probes depend on it.
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host: ips.get('server')!, port: 80, timeout: 2_000 }, () => (socket.destroy(), resolve()));
      socket.once('error', reject).once('timeout', () => reject(new Error('the node does not reach its Pod')));
    });
    for (const { metadata } of policies) await remove(metadata!.name!);
    await untilReaches('other', 'server', true);
  }, 30_000);

  test('through a Service, too, connections are judged by who makes them', async () => {
    const made = await client.create(SERVICES, { metadata: { name: 'web', namespace }, spec: { type: 'NodePort', selector: { app: 'server' }, ports: [{ port: 8000, targetPort: 80 }] } });
    const places: [host: string, port: number][] = [
      [made.spec!.clusterIP!, 8000],
      [(await client.get(PODS, { namespace, name: 'server' })).status!.hostIP!, made.spec!.ports![0]!.nodePort!],
    ];
    const answers = (from: string, timeoutMs: number): Promise<boolean[]> => Promise.all(places.map(([host, port]) => agents.get(from)!.run({ source: '', host, port, protocol: 'TCP', timeoutMs })));
    await eventually('the Service works', async () => (await answers('other', 500)).every(Boolean));
    await apply(policyOf('server-in', { ...server, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }] }));
    await untilReaches('other', 'server', false);
    expect([await answers('client', 3_000), await answers('other', 300)]).toEqual([[true, true], [false, false]]);
    const said = await Promise.all(['pod/client', 'pod/other'].map(async (from) => (await cluster.minik(['can-reach', from, 'service/web'])).code));
    expect(said).toEqual([0, 1]);
    await remove('server-in');
    await client.delete(SERVICES, { namespace, name: 'web' });
  }, 30_000);

  test('each kind of change counts within 100 ms', async () => {
    const fromClients: NetworkPolicySpec = { ...server, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }, { namespaceSelector: { matchLabels: { team: 'friends' } } }] }] };
    const relabel = (resource: typeof PODS | typeof NAMESPACES, target: { name: string; namespace?: string }, labels: object): Promise<unknown> =>
      (client as Client).patch(resource as typeof PODS, target, { type: 'merge', body: { metadata: { labels } } });
    const took: Record<string, number[]> = {};
    const measure = async (what: string, change: () => Promise<unknown>, outcome: readonly [string, boolean]): Promise<void> => {
      await change();
      (took[what] ??= []).push(await untilReaches(outcome[0], 'server', outcome[1]));
    };
    for (let round = 0; round < 3; round += 1) {
      await measure('policy made', () => apply(policyOf('p', fromClients)), ['other', false]);
      await measure('pod labelled', () => relabel(PODS, { namespace, name: 'other' }, { app: 'client' }), ['other', true]);
      await measure('pod labelled back', () => relabel(PODS, { namespace, name: 'other' }, { app: 'other' }), ['other', false]);
      await measure('namespace labelled', () => relabel(NAMESPACES, { name: 'guests' }, { team: 'friends' }), ['guest', true]);
      await measure('namespace labelled back', () => relabel(NAMESPACES, { name: 'guests' }, { team: 'guests' }), ['guest', false]);
      await measure('policy deleted', () => remove('p'), ['other', true]);
    }
    const best = Object.fromEntries(Object.entries(took).map(([what, times]) => [what, Math.round(Math.min(...times))]));
    expect(Object.values(best).filter((ms) => ms > 100)).toEqual([]);
  }, 60_000);

  test('the first packet of a Pod meets the policies that are about it, and passes where it may', async () => {
    await apply(policyOf('server-in', { ...server, ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['welcome', 'silent'] }] } }] }] }));
    await apply(policyOf('silent', { podSelector: { matchLabels: { app: 'silent' } }, policyTypes: ['Egress'] }));
    const eager = (name: string, app: string) => ({
      ...podOf(name, { containers: [sh('main', `nc -w 1 ${ips.get('server')} 80 </dev/null 2>/dev/null && echo through || echo blocked; nc -w 1 ${ips.get('server')} 80 </dev/null 2>/dev/null && echo through || echo blocked`)] }),
      metadata: { name, labels: { app } },
    });
    await pods.apply(...[1, 2, 3].map((at) => eager(`silent-${at}`, 'silent')), eager('welcome', 'welcome'), eager('stranger', 'stranger'));
    const names = ['silent-1', 'silent-2', 'silent-3', 'stranger', 'welcome'];
    for (const name of names) await pods.phase(name, 'Succeeded');
    const logs = await Promise.all(names.map((name) => pods.logs(name)));
    expect(logs.map((text) => text.replaceAll('\n', ' ').trim())).toEqual(['blocked blocked', 'blocked blocked', 'blocked blocked', 'blocked blocked', 'through through']);
    await Promise.all(['silent', 'server-in'].map(remove));
  }, 60_000);

  test('a daemon that is killed leaves no rule, and the next one enforces again', async () => {
    await apply(policyOf('deny-in', { ...server, policyTypes: ['Ingress'] }));
    await untilReaches('other', 'server', false);
    const { pid } = await cluster.status();
    process.kill(pid, 'SIGKILL');
    const tables = async (): Promise<string> => (await execa('nft', ['list', 'tables'])).stdout;
    await eventually('no table of this home is left', async () => !(await tables()).includes(clusterId(cluster.home)));
    expect(await reaches('other', 'server')).toBe(true);
    expect((await cluster.minik(['start'])).code).toBe(0);
    await untilReaches('other', 'server', false);
    await remove('deny-in');
    await untilReaches('other', 'server', true);
  }, 60_000);
});
