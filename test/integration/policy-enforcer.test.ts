// What reaches the kernel when policies, Pods and namespaces change, on the real API; and what happens where there is no kernel.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CoreEvent, Namespace, NetworkPolicy, NetworkPolicySpec, Pod } from '../../src/api/generated/types.ts';
import { EVENTS, NAMESPACES, NETWORK_POLICIES, PODS } from '../../src/api/kinds.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { BackgroundEventRecorder } from '../../src/client/event-recorder.ts';
import { createInformer } from '../../src/client/informer.ts';
import { KernelError } from '../../src/network/kernel/kernel-error.ts';
import type { KernelSession } from '../../src/network/kernel/kernel-session.ts';
import { createPolicyEnforcer, type PolicyEnforcer } from '../../src/network/policy/policy-enforcer.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { tableAfter } from '../support/nft-table.ts';
import { settle, soon } from '../support/virtual-clock.ts';

const namespace = 'default';

/** Keeps what it is told, and refuses on demand. */
class FakeKernel implements KernelSession {
  readonly table = 'ip t';
  commands: string[] = [];
  refusal: string | undefined;
  readonly #users = new Set<() => void>();

  async run(script: string): Promise<void> {
    await settle(1);
    if (this.refusal !== undefined) throw new Error(this.refusal);
    this.commands.push(...script.split('\n'));
  }

  whenEmpty(render: () => void): () => void {
    this.#users.add(render);
    render();
    return () => this.#users.delete(render);
  }

  /** As when nft was killed. */
  empty(): void {
    this.commands = [];
    for (const render of this.#users) render();
  }

  get held(): string {
    return JSON.stringify(tableAfter(this.commands));
  }
}

let api: TestApi;
let kernel: FakeKernel;
let opened: number;
let unavailable: string | undefined;
let enforcer: PolicyEnforcer;
let abort: AbortController;
let watching: Promise<unknown>[];
let pods: ReturnType<typeof createInformer<Pod>>;

beforeEach(async () => {
  api = await startApi();
  kernel = new FakeKernel();
  opened = 0;
  unavailable = undefined;
  abort = new AbortController();
  const shared = { client: api.client, clock: systemClock, log: silentLogger, signal: abort.signal };
  const policies = createInformer<NetworkPolicy>({ ...shared, resource: NETWORK_POLICIES });
  const namespaces = createInformer<Namespace>({ ...shared, resource: NAMESPACES });
  pods = createInformer<Pod>({ ...shared, resource: PODS });
  watching = [policies.done, namespaces.done, pods.done];
  await Promise.all([policies.synced, namespaces.synced, pods.synced]);
  enforcer = createPolicyEnforcer({
    informers: { policies, namespaces, pods },
    openSession: async () => {
      opened += 1;
      if (unavailable !== undefined) throw new KernelError(unavailable, 'install it');
      return kernel;
    },
    recorder: new BackgroundEventRecorder({ client: api.client, clock: systemClock, log: silentLogger, component: 'network-policy' }),
    clock: systemClock,
    log: silentLogger,
  });
});

afterEach(async () => {
  await enforcer.stop();
  abort.abort();
  await Promise.allSettled(watching);
  await api.close();
});

const addPolicy = (name: string, spec: NetworkPolicySpec): Promise<unknown> => api.client.create(NETWORK_POLICIES, { metadata: { name, namespace }, spec });
const addPod = async (name: string, labels: Record<string, string>, ip?: string): Promise<Pod> => {
  await api.client.create(PODS, { metadata: { name, namespace, labels }, spec: { containers: [{ name: 'c', image: 'i' }] } } as Pod);
  if (ip !== undefined) await setStatus(name, { phase: 'Running', podIP: ip });
  return soon(`${name} is seen`, () => pods.get(`${namespace}/${name}`));
};
const setStatus = (name: string, status: object): Promise<unknown> => api.client.patch(PODS, { namespace, name }, { type: 'merge', body: { status } }, { subresource: 'status' });
const until = (what: string, text: string): Promise<unknown> => soon(what, () => kernel.held.includes(text));
const denyAll: NetworkPolicySpec = { podSelector: {}, policyTypes: ['Ingress'] };
const fromClients: NetworkPolicySpec = { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }], policyTypes: ['Ingress'] };

test('without a policy nobody asks for the kernel, and no Pod has to wait', async () => {
  const pod = await addPod('a', {}, '10.1.0.1');
  await settle();
  expect([opened, enforcer.needsGuard(pod), enforcer.enforcement()]).toEqual([0, false, { type: 'idle' }]);
});

describe('with policies', () => {
  test('follows addresses and labels of Pods, labels of namespaces, and policies', async () => {
    await addPod('db', { app: 'db' }, '10.1.0.1');
    await addPod('client', { app: 'client' }, '10.1.0.2');
    await addPolicy('p', fromClients);
    await until('the client may', 'ip saddr @{10.1.0.2} return; drop');
    await addPod('late', { app: 'client' }, '10.1.0.3');
    await until('another client may', '{10.1.0.2,10.1.0.3}');
    await api.client.patch(PODS, { namespace, name: 'client' }, { type: 'merge', body: { metadata: { labels: { app: 'other' } } } });
    await until('it is no client any more', '{10.1.0.3}');
    await api.client.patch(NETWORK_POLICIES, { namespace, name: 'p' }, { type: 'merge', body: { spec: { ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }] }] } } });
    await until('nobody is in such a namespace', 'ip saddr @{} return');
    await api.client.patch(NAMESPACES, { name: namespace }, { type: 'merge', body: { metadata: { labels: { team: 'a' } } } });
    await until('everybody here is', '{10.1.0.1,10.1.0.2,10.1.0.3}');
    await api.client.delete(NETWORK_POLICIES, { namespace, name: 'p' });
    await soon('nothing is left', () => !kernel.held.includes('10.1.0'));
    expect(enforcer.enforcement()).toEqual({ type: 'on' });
  });

  test('an address that another Pod has got is the first one\'s no more, whatever its status says', async () => {
    await addPod('old', { app: 'client' }, '10.1.0.2');
    await addPod('db', { app: 'db' }, '10.1.0.1');
    await addPolicy('p', fromClients);
    await until('the client may', '{10.1.0.2}');
    await addPod('new', { app: 'other' }, '10.1.0.2');
    await until('its successor may not', 'ip saddr @{} return');
    await setStatus('old', { phase: 'Succeeded' });
    await setStatus('new', { phase: 'Running', podIP: '10.1.0.2', message: 'again' });
    await api.client.patch(PODS, { namespace, name: 'new' }, { type: 'merge', body: { metadata: { labels: { app: 'client' } } } });
    await until('unless it is a client, too', '{10.1.0.2}');
  });

  test('a Pod that is about to start is guarded before the API knows its address', async () => {
    await addPolicy('p', denyAll);
    const pod = await addPod('a', {});
    await soon('the policy is seen', () => enforcer.needsGuard(pod));
    await enforcer.guard(pod, '10.1.0.9');
    expect(kernel.held).toContain('10.1.0.9 : jump drop');
    expect(enforcer.allows({ from: '10.1.0.8', to: '10.1.0.9', protocol: 'TCP', port: 80 })).toBe(false);
  });

  test('Pods that policies select or let in wait for their address to be known, others do not', async () => {
    await addPolicy('p', fromClients);
    const [db, peer, other] = [await addPod('db', { app: 'db' }), await addPod('client', { app: 'client' }), await addPod('other', {})];
    await soon('the policy is seen', () => enforcer.needsGuard(db));
    expect([db, peer, other].map((pod) => enforcer.needsGuard(pod))).toEqual([true, true, false]);
    await Promise.all([enforcer.guard(db, '10.1.0.1'), enforcer.guard(peer, '10.1.0.2')]);
    expect(kernel.held).toContain('10.1.0.1 : jump ip saddr @{10.1.0.2} return; drop');
  });

  test('what the kernel refuses is told, tried again, and holds up Pods that are about to start', async () => {
    await addPolicy('p', denyAll);
    const pod = await addPod('a', {});
    await soon('the first round', () => enforcer.enforcement().type === 'on');
    kernel.refusal = 'no room';
    await expect(enforcer.guard(pod, '10.1.0.9')).rejects.toThrow('network policies cannot be enforced: no room');
    expect([enforcer.enforcement(), enforcer.needsGuard(pod)]).toEqual([{ type: 'failing', why: 'no room', remedy: '' }, true]);
    kernel.refusal = undefined;
    await until('it is tried again', '10.1.0.9 : jump drop');
    expect(enforcer.enforcement()).toEqual({ type: 'on' });
  });

  test('a table that is gone and cannot be made again is told, until it is there again', async () => {
    await addPolicy('p', denyAll);
    const pod = await addPod('a', {}, '10.1.0.1');
    await until('it is guarded', '10.1.0.1 : jump drop');
    enforcer.noteProblem('nft cannot be run');
    expect([enforcer.capability(), enforcer.needsGuard(pod)]).toEqual([{ name: 'network policies', state: 'off', why: 'nft cannot be run; Pods that policies select do not start', howToTurnOn: '' }, true]);
    kernel.empty();
    enforcer.noteProblem(undefined);
    await until('it is guarded again', '10.1.0.1 : jump drop');
    expect(enforcer.enforcement()).toEqual({ type: 'on' });
  });

  test('a table that was lost is written anew', async () => {
    await addPod('a', {}, '10.1.0.1');
    await addPolicy('p', denyAll);
    await until('it is guarded', '10.1.0.1 : jump drop');
    const before = kernel.held;
    kernel.empty();
    await soon('it is there again', () => kernel.commands.length > 0 && kernel.held === before);
  });
});

test('where there is no kernel, policies say so, Pods start, and it is tried again later', async () => {
  unavailable = 'nft is not installed';
  await addPolicy('p', denyAll);
  const pod = await addPod('a', {});
  await soon('it is off', () => enforcer.enforcement().type === 'off');
  expect([enforcer.needsGuard(pod), enforcer.enforcement()]).toEqual([false, { type: 'off', why: 'nft is not installed', remedy: 'install it' }]);
  await enforcer.guard(pod, '10.1.0.9');
  const said = await soon('the event', async () => {
    const { items } = await api.client.list(EVENTS, { namespace });
    return (items as CoreEvent[]).find(({ reason }) => reason === 'NotEnforced');
  });
  expect([said.type, said.involvedObject.kind, said.message]).toEqual(['Warning', 'NetworkPolicy', 'This policy is not enforced: nft is not installed. To turn it on: install it']);
  unavailable = undefined;
  await until('it is tried again', '10.1.0.9 : jump drop');
});
