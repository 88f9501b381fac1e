// cordon, uncordon, drain and taint held to the real kubectl: each line is run by both, each on an API of its own.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Node, Pod } from '../../../src/api/generated/types.ts';
import { NODES, PODS } from '../../../src/api/kinds.ts';
import type { CliResult } from '../../support/cli-home.ts';
import { startKubectlHome, type KubectlHome } from '../../support/kubectl-home.ts';

let theirs: KubectlHome;
let ours: KubectlHome;
const namespace = 'default';

beforeEach(async () => {
  [theirs, ours] = await Promise.all([startKubectlHome(), startKubectlHome()]);
});
afterEach(() => Promise.all([theirs.close(), ours.close()]));

/** Runs a line by kubectl and by minik, each in its own home, and expects the same of both. */
async function both(line: string): Promise<CliResult> {
  const words = line.split(' ');
  const [kubectl, minik] = await Promise.all([theirs.kubectl(words), ours.minik(words)]);
  const plain = ({ code, out, err }: CliResult): CliResult => ({ code, out: sorted(out), err: err.replaceAll("'kubectl ", "'minik ") });
  expect(plain(minik)).toEqual(plain(kubectl));
  expect(await specs(ours)).toEqual(await specs(theirs));
  return minik;
}

/** Several Pods are evicted at once: in no order. */
const sorted = (text: string): string => text.split('\n').sort().join('\n');

async function specs(home: KubectlHome): Promise<unknown> {
  const { items } = await home.api.client.list(NODES);
  return items.map(({ metadata, spec }) => [metadata?.name, spec]);
}

const each = (make: (home: KubectlHome) => Promise<unknown>): Promise<unknown> => Promise.all([make(theirs), make(ours)]);

async function makeNodes(): Promise<void> {
  const node = (name: string, spec: Node['spec']): Node => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { disk: name } }, spec });
  await each(async ({ api }) => {
    await api.client.create(NODES, node('a', {}));
    await api.client.create(NODES, node('b', { unschedulable: true, taints: [{ key: 'old', value: 'x', effect: 'NoSchedule' }, { key: 'old', effect: 'NoExecute' }, { key: 'other', effect: 'PreferNoSchedule' }] }));
  });
}

describe('cordon and uncordon', () => {
  beforeEach(makeNodes);

  test.each([
    'cordon a', 'cordon b', 'cordon a b', 'uncordon b', 'uncordon a', 'cordon -l disk=a', 'cordon -l disk=none', 'cordon a --dry-run=client', 'cordon a --dry-run=server', 'uncordon b --dry-run=server',
    'cordon node/a', 'cordon none', 'cordon a none', 'cordon', 'uncordon', 'cordon a -l disk=a',
  ])('%s is the same', async (line) => {
    await both(line);
  });

  test('say what was done', async () => {
    expect(await both('cordon a b')).toEqual({ code: 0, out: 'node/a cordoned\nnode/b already cordoned\n', err: '' });
    expect(await both('uncordon a')).toEqual({ code: 0, out: 'node/a uncordoned\n', err: '' });
  });
});

describe('taint', () => {
  beforeEach(makeNodes);

  test.each([
    'taint node a k=v:NoSchedule', 'taint nodes a k:NoExecute', 'taint no a b k=v:NoSchedule', 'taint node b old-', 'taint node b old:NoSchedule-', 'taint node b old=y:NoSchedule',
    'taint node b old=y:NoSchedule --overwrite', 'taint node b new:NoSchedule old-', 'taint node b new:NoSchedule other-', 'taint node a none-', 'taint node a none:NoSchedule- more-',
    'taint node b --overwrite other-', 'taint nodes --all k=v:NoSchedule', 'taint node -l disk=b k=v:NoSchedule', 'taint node a k=v:NoSchedule --dry-run=client', 'taint node a k=v:NoSchedule --dry-run=server',
    'taint node a k=v:Never', 'taint node a k=v', 'taint node a k=v:NoSchedule k:NoSchedule', 'taint node a k=v:NoSchedule k-', 'taint node a k:NoSchedule k:NoSchedule-', 'taint node a a=b=c:NoSchedule',
    'taint node a -k:NoSchedule', 'taint node a k=_:NoSchedule', 'taint node a k!:NoSchedule', 'taint node a', 'taint k=v:NoSchedule', 'taint node a k=v:NoSchedule b', 'taint pod a k=v:NoSchedule',
    'taint node none k=v:NoSchedule', 'taint node k=v:NoSchedule', 'taint node --all -l disk=a k=v:NoSchedule', 'taint node a b:c:NoSchedule', 'taint node a k=v:NoSchedule -o name', 'taint node b old- other-',
  ])('%s is the same', async (line) => {
    await both(line);
  });

  test('says what was done', async () => {
    expect(await both('taint node a k=v:NoSchedule')).toEqual({ code: 0, out: 'node/a tainted\n', err: '' });
    expect(await both('taint node a k-')).toEqual({ code: 0, out: 'node/a untainted\n', err: '' });
    expect(await specs(ours)).toMatchObject([['a', {}], ['b', {}]]);
  });
});

describe('drain', () => {
  const owned = (kind: string): Pod['metadata'] => ({ ownerReferences: [{ apiVersion: 'batch/v1', kind, name: 'owner', uid: 'u', controller: true }] });
  const makePod = (name: string, change: { readonly metadata?: Pod['metadata']; readonly spec?: Partial<Pod['spec']>; readonly phase?: string } = {}): Promise<unknown> =>
    each(async ({ api }) => {
      const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, ...change.metadata }, spec: { nodeName: 'a', containers: [{ name: 'main', image: 'i' }], ...change.spec } };
      const made = await api.client.create(PODS, pod);
      if (change.phase !== undefined) await api.client.updateStatus(PODS, { ...made, status: { ...made.status, phase: change.phase } });
    });
  const names = async ({ api }: KubectlHome): Promise<unknown> => (await api.client.list(PODS, { namespace })).items.map(({ metadata }) => [metadata?.name, metadata?.deletionTimestamp !== undefined]);

  /** Plays the kubelet: what is to go is gone a moment later. */
  function letGo(): { stop(): Promise<void> } {
    const abort = new AbortController();
    const watching = [theirs, ours].map(async ({ api: { client } }) => {
      try {
        for await (const { object } of client.watch(PODS, { namespace, signal: abort.signal })) {
          const { name = '', deletionTimestamp } = (object as Pod).metadata ?? {};
          if (deletionTimestamp !== undefined) await client.delete(PODS, { namespace, name }, { gracePeriodSeconds: 0 }).catch(() => {});
        }
      } catch (error) {
        if (!abort.signal.aborted) throw error;
      }
    });
    return {
      async stop() {
        abort.abort();
        await Promise.all(watching);
      },
    };
  }

  beforeEach(async () => {
    await makeNodes();
    await makePod('of-a-job', { metadata: owned('Job') });
    await makePod('elsewhere', { spec: { nodeName: 'c' } });
  });

  test.each(['drain a', 'drain a b', 'drain -l disk=a', 'drain a --dry-run=client', 'drain a --dry-run=server', 'drain a --disable-eviction', 'drain a --grace-period=0', 'drain a --pod-selector=none=x', 'drain', 'drain none'])(
    '%s is the same',
    async (line) => {
      const kubelet = letGo();
      await both(line);
      expect(await names(ours)).toEqual(await names(theirs));
      await kubelet.stop();
    },
    15_000,
  );

  test('says what it does', async () => {
    const kubelet = letGo();
    expect(await both('drain a')).toEqual({ code: 0, out: 'node/a cordoned\nevicting pod default/of-a-job\npod/of-a-job evicted\nnode/a drained\n', err: '' });
    expect(await names(ours)).toEqual([['elsewhere', false]]);
    await kubelet.stop();
  });

  test.each([
    ['a Pod of nobody', {}, ['drain a', 'drain a --force --dry-run=client']],
    ['a Pod with an emptyDir', { metadata: owned('Job'), spec: { volumes: [{ name: 'v', emptyDir: {} }] } }, ['drain a', 'drain a --delete-emptydir-data --dry-run=client']],
    ['a Pod of nobody with an emptyDir', { spec: { volumes: [{ name: 'v', emptyDir: {} }] } }, ['drain a', 'drain a --force', 'drain a --force --delete-emptydir-data --dry-run=server']],
    ['a Pod of nobody that is over', { phase: 'Succeeded', spec: { volumes: [{ name: 'v', emptyDir: {} }] } }, ['drain a --dry-run=client']],
    ['a Pod of a DaemonSet that is over', { metadata: owned('DaemonSet'), phase: 'Failed' }, ['drain a --dry-run=client']],
    ['a Pod that mirrors a file', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }, ['drain a --dry-run=client']],
  ])('%s is treated the same', async (_, change, lines) => {
    await makePod('x', change);
    for (const line of lines) await both(line);
  }, 15_000);

  test('is given up when the time is over, and tells what is left', async () => {
    const { code, err } = await both('drain a --timeout=1s');
    expect(code).toBe(1);
    expect(err).toContain('There are pending nodes to be drained:\n a\n');
  }, 15_000);
});
