// What is measured, read over metrics.k8s.io by the real kubectl and by minik: the same bytes from both.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Node, Pod } from '../../../src/api/generated/types.ts';
import { NAMESPACES, NODES, POD_METRICS, PODS } from '../../../src/api/kinds.ts';
import type { NodeUsage, PodUsage } from '../../../src/api/usage/usage-source.ts';
import { startKubectlHome, type KubectlHome } from '../../support/kubectl-home.ts';

const MIB = 2 ** 20;
let home: KubectlHome;
let pods: Map<string, PodUsage['containers']>;
let nodes: NodeUsage[];
let asked: string[][];
const uids = new Map<string, string>();
const interval = { endedAt: Date.UTC(2026, 0, 1), lengthMs: 15_250 };

beforeEach(async () => {
  [pods, nodes, asked] = [new Map(), [], []];
  home = await startKubectlHome({
    usage: {
      async pods(ids) {
        asked.push(ids.map((id) => uids.get(id) ?? id));
        return ids.flatMap((podUid) => {
          const containers = pods.get(uids.get(podUid) ?? '');
          return containers === undefined ? [] : [{ podUid, ...interval, containers }];
        });
      },
      nodes: async () => nodes,
    },
  });
});
afterEach(() => home.close());

async function makePod(name: string, { namespace = 'default', labels = {} }: { readonly namespace?: string; readonly labels?: Record<string, string> } = {}, containers?: PodUsage['containers']): Promise<void> {
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: { containers: [{ name: 'main', image: 'i' }] } };
  uids.set((await home.api.client.create(PODS, pod)).metadata?.uid ?? '', `${namespace}/${name}`);
  if (containers !== undefined) pods.set(`${namespace}/${name}`, containers);
}

async function makeNode(name: string, cpu: string, memory: string): Promise<void> {
  const amounts = { cpu, memory };
  const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { disk: name } }, status: { capacity: { cpu: '16', memory: '64Gi' }, allocatable: amounts } };
  await home.api.client.create(NODES, node);
}

async function both(line: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const [theirs, ours] = [await home.kubectl(line.split(' ')), await home.minik(line.split(' '))];
  expect(ours).toEqual(theirs);
  return ours;
}

describe('top pod', () => {
  beforeEach(async () => {
    await home.api.client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
    await makePod('web', { labels: { app: 'web' } }, [
      { name: 'server', cpuNanoCores: 1_234_567_890, memoryBytes: 200 * MIB + 5 },
      { name: 'agent', cpuNanoCores: 1, memoryBytes: 1023 * 1024 },
    ]);
    await makePod('a-batch-of-much-work', {}, [{ name: 'main', cpuNanoCores: 0, memoryBytes: 900 * MIB }]);
    await makePod('far', { namespace: 'team' }, [{ name: 'main', cpuNanoCores: 500_000_000, memoryBytes: 5 * MIB }]);
    await makePod('waits');
  });

  test.each([
    'top pods', 'top pod web', 'top pods -A', 'top pods --containers', 'top pods -A --containers', 'top pods --sort-by=cpu', 'top pods --sort-by=memory',
    'top pods --containers --sort-by=memory', 'top pods -l app=web', 'top pods --no-headers', 'top pods --sum', 'top pods -A --containers --sum', 'top pods -A --sum --no-headers',
    'top pods -n team', 'top pods -n none', 'top po web --containers', 'top pods -l app=none', 'top pods --field-selector metadata.name=web',
    'top pod nobody', 'top pod waits', 'top pods --field-selector metadata.name=waits',
    'get podmetrics', 'get pods.metrics.k8s.io web', 'get podmetrics web -o jsonpath={.containers}{.window}{.timestamp}',
  ])('%s is the same from kubectl and minik', async (line) => {
    await both(line);
  });

  test('shows millicores rounded up and mebibytes rounded down', async () => {
    expect((await both('top pods')).out).toBe(
      ['NAME                   CPU(cores)   MEMORY(bytes)   ', 'a-batch-of-much-work   0m           900Mi           ', 'web                    1235m        200Mi           ', ''].join('\n'),
    );
  });

  test('measures no other Pods than those meant', async () => {
    await home.minik(['top', 'pod', 'web']);
    await home.minik(['top', 'pods', '-n', 'team']);
    expect(asked).toEqual([['default/web'], ['team/far']]);
  });

  test.each([
    ['top pod web -l app=web', 'only one of NAME or selector can be provided'],
    ['top pods --sort-by=age', '--sort-by accepts only cpu or memory'],
  ])('%s is refused', async (line, message) => {
    expect((await both(line)).err).toContain(message);
  });
});

describe('top node', () => {
  test.each(['top node', 'top nodes --no-headers', 'top node n1', 'top nodes --sort-by=memory', 'top node --show-capacity', 'top node -l disk=n2', 'top node n3', 'get nodemetrics'])(
    '%s is the same from kubectl and minik',
    async (line) => {
      await makeNode('n1', '2', '1000Mi');
      await makeNode('n2', '4', '4Gi');
      nodes = [
        { node: 'n1', ...interval, cpuNanoCores: 333_000_001, memoryBytes: 519 * MIB },
        { node: 'n2', ...interval, cpuNanoCores: 4_500_000_000, memoryBytes: 600 * MIB },
      ];
      await both(line);
    },
  );

  test('of a node that was not measured nothing is known', async () => {
    await makeNode('n1', '2', '1000Mi');
    await makeNode('n3', '2', '1000Mi');
    nodes = [{ node: 'n1', ...interval, cpuNanoCores: 333_000_001, memoryBytes: 519 * MIB }];
    expect((await both('top node')).out).toContain('<unknown>');
    nodes = [];
    expect((await both('top node')).err).toBe('error: metrics not available yet\n');
  });
});

describe('the API', () => {
  test('tells amounts, labels and the interval that was measured', async () => {
    await makePod('web', { labels: { app: 'web' } }, [{ name: 'main', cpuNanoCores: 250_000_000.4, memoryBytes: 3 * MIB + 512 * 1024 }]);
    expect(await home.api.client.get(POD_METRICS, { namespace: 'default', name: 'web' })).toMatchObject({
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind: 'PodMetrics',
      metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
      timestamp: '2026-01-01T00:00:00Z',
      window: '15.25s',
      containers: [{ name: 'main', usage: { cpu: '250m', memory: '3584Ki' } }],
    });
  });

  test('is read only', async () => {
    const write = home.api.client.create(POD_METRICS, { metadata: { name: 'x', namespace: 'default' }, timestamp: '', window: '', containers: [] });
    await expect(write).rejects.toMatchObject({ code: 405 });
    await expect(home.api.client.delete(POD_METRICS, { namespace: 'default', name: 'x' })).rejects.toMatchObject({ code: 405 });
    expect((await home.kubectl(['api-resources', '--api-group=metrics.k8s.io', '-o', 'wide', '--no-headers'])).out).toMatch(/^nodes .* NodeMetrics +get,list *\npods .* PodMetrics +get,list *\n$/);
    expect((await home.kubectl(['explain', 'podmetrics.containers'])).out).toContain('KIND:       PodMetrics\nVERSION:    v1beta1');
  });
});
