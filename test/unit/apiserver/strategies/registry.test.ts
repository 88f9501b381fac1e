import { describe, expect, test } from '@jest/globals';
import { apiVersionOf, EVENTS, JOBS, NAMESPACES, NODES, PODS, RESOURCES, SECRETS, type Resource } from '../../../../src/api/kinds.ts';
import type { Job, Namespace, Node, Pod } from '../../../../src/api/generated/types.ts';
import type { KubeObject } from '../../../../src/api/object.ts';
import { strategyOf } from '../../../../src/apiserver/strategies/registry.ts';
import type { Strategy } from '../../../../src/apiserver/strategies/strategy.ts';
import { aJob } from '../../../support/builders.ts';
import { samplePod } from '../../../support/sample-pod.ts';

function typed<T extends KubeObject>(resource: Resource<T>): Strategy<T> {
  return strategyOf(resource) as unknown as Strategy<T>;
}

test.each(RESOURCES.map((resource) => ({ resource, name: `${resource.plural} of ${apiVersionOf(resource)}` })))('$name have a strategy, with a status half where they have a status', ({ resource }) => {
  const strategy = strategyOf(resource);
  expect(strategy.prepareForStatusUpdate !== undefined).toBe(resource.subresources.includes('status'));
  expect(strategy.validateStatusUpdate !== undefined).toBe(resource.subresources.includes('status'));
});

test.each<[title: string, resource: Resource, fields: readonly string[]]>([
  ['pods', PODS, ['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork', 'status.phase', 'status.podIP', 'status.nominatedNodeName']],
  ['jobs', JOBS, ['status.successful']],
  ['secrets', SECRETS, ['type']],
  ['namespaces', NAMESPACES, ['status.phase']],
  ['nodes', NODES, ['spec.unschedulable']],
  [
    'events',
    EVENTS,
    [...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => `involvedObject.${field}`), 'reason', 'reportingComponent', 'source', 'type'],
  ],
])('%s are selected by their fields, also when nothing is set', (_title, resource, fields) => {
  const empty = (resource === (EVENTS as Resource) ? { involvedObject: {} } : {}) as KubeObject;
  expect(Object.keys(strategyOf(resource).selectableFields!(empty)).sort()).toEqual([...fields].sort());
});

describe('Pods', () => {
  const strategy = typed(PODS);
  const created = (pod: Pod): Pod => strategy.prepareForCreate(strategy.applyDefaults(pod));

  test('begin pending, with their class, whatever status they came with', () => {
    expect(created({ ...samplePod(), status: { phase: 'Succeeded' } }).status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
  });

  test('behind a gate say so', () => {
    expect(created(samplePod({ schedulingGates: [{ name: 'a' }] })).status?.conditions).toEqual([{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' }]);
  });

  test('are admitted to the default account', () => {
    expect(created(samplePod()).spec).toMatchObject({ serviceAccountName: 'default', priority: 0, enableServiceLinks: true });
  });

  test('keep their status when their spec is written', () => {
    const old = { ...samplePod(), status: { phase: 'Running' } };
    expect(strategy.prepareForUpdate({ ...samplePod({ activeDeadlineSeconds: 5 }), status: { phase: 'Failed' } }, old)).toMatchObject({ spec: { activeDeadlineSeconds: 5 }, status: { phase: 'Running' } });
  });

  test('keep their spec and class when their status is written, but take the metadata', () => {
    const old: Pod = { ...samplePod(), status: { phase: 'Pending', qosClass: 'BestEffort' } };
    const next: Pod = { ...samplePod({ activeDeadlineSeconds: 5 }), metadata: { name: 'web', labels: { a: 'b' } }, status: { phase: 'Running' } };
    expect(strategy.prepareForStatusUpdate!(next, old)).toEqual({ ...old, metadata: { name: 'web', labels: { a: 'b' } }, status: { phase: 'Running', qosClass: 'BestEffort' } });
  });

  test.each<[title: string, pod: Pod, asked: number | undefined, seconds: number]>([
    ['on a node have their own grace period', samplePod({ nodeName: 'n', terminationGracePeriodSeconds: 7 }), undefined, 7],
    ['on a node have the grace period that is asked for', samplePod({ nodeName: 'n' }), 5, 5],
    ['on a node may go at once', samplePod({ nodeName: 'n' }), 0, 0],
    ['on a node have a second where less than nothing is asked for', samplePod({ nodeName: 'n', terminationGracePeriodSeconds: -5 }), undefined, 1],
    ['on no node go at once', samplePod(), 5, 0],
    ['that are over go at once', { ...samplePod({ nodeName: 'n' }), status: { phase: 'Failed' } }, undefined, 0],
  ])('%s', (_title, pod, asked, seconds) => {
    expect(strategy.gracePeriodSeconds!(pod, asked)).toBe(seconds);
  });

  test('with a name that makes no host name are warned of', () => {
    expect(strategy.warningsOnCreate!({ ...samplePod(), metadata: { name: 'a.b' } })).toEqual([
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    ]);
  });
});

describe('Jobs', () => {
  const strategy = typed(JOBS);

  test('begin without a status', () => {
    expect(strategy.prepareForCreate({ ...aJob(), status: { active: 3 } })).not.toHaveProperty('status');
  });

  test('get selector and labels from their uid', () => {
    const job = strategy.afterIdentity!({ metadata: { name: 'pi', uid: 'u1' }, spec: { template: {} } });
    expect(job.spec?.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': 'u1' } });
  });

  test('are selected by how many succeeded', () => {
    expect([aJob(), aJob({ status: { succeeded: 3 } })].map((job) => strategy.selectableFields!(job))).toEqual([{ 'status.successful': '0' }, { 'status.successful': '3' }]);
  });

  test('warn when they are deleted without a word about their Pods', () => {
    expect(strategy.warningsOnDelete!(false)).toEqual(['child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning']);
    expect(strategy.warningsOnDelete!(true)).toEqual([]);
  });

  test.each<[title: string, job: Job, warnings: readonly unknown[]]>([
    ['that are plain give no warning', aJob(), []],
    ['with a name that makes no host name do', aJob({ metadata: { name: 'a.b', uid: 'u' } }), ['metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]']],
    ['of very many indexes do', aJob({ spec: { completionMode: 'Indexed', completions: 100_001, parallelism: 10_001 } }), [expect.stringContaining('Kubernetes might not be able to track completedIndexes')]],
    ['whose Pods ask for more than is done do', aJob({ spec: { template: { spec: { containers: [{ name: 'a', image: 'b', securityContext: { windowsOptions: {} } }] } } } }), ['spec.template.spec.containers[0].securityContext.windowsOptions: stored, but minik does not act on it yet']],
  ])('%s', (_title, job, warnings) => {
    expect(strategy.warningsOnCreate!(job)).toEqual(warnings);
  });
});

describe('Namespaces', () => {
  const strategy = typed(NAMESPACES);

  test('begin active, held by their own finalizer and those they came with', () => {
    expect(strategy.prepareForCreate({ metadata: { name: 'a' }, spec: { finalizers: ['example.com/x'] } })).toEqual({ metadata: { name: 'a' }, spec: { finalizers: ['example.com/x', 'kubernetes'] }, status: { phase: 'Active' } });
  });

  test('carry their name as a label, always', () => {
    const old: Namespace = { metadata: { name: 'a', labels: {} }, spec: { finalizers: ['kubernetes'] } };
    expect(strategy.afterIdentity!(old).metadata?.labels).toEqual({ 'kubernetes.io/metadata.name': 'a' });
    expect(strategy.prepareForUpdate(old, old).metadata?.labels).toEqual({ 'kubernetes.io/metadata.name': 'a' });
  });

  test('keep what holds them when they are written', () => {
    const old: Namespace = { metadata: { name: 'a' }, spec: { finalizers: ['kubernetes'] } };
    expect(strategy.prepareForUpdate({ metadata: { name: 'a' }, spec: {} }, old).spec).toEqual(old.spec);
  });

  test('terminate while something holds them', () => {
    const marked = strategy.markDeleted!({ metadata: { name: 'a' }, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
    expect(marked.status?.phase).toBe('Terminating');
    expect(strategy.holdsDeletion!(marked)).toBe(true);
    expect(strategy.holdsDeletion!({ ...marked, spec: {} })).toBe(false);
  });
});

test('a Node comes with its status', () => {
  const node: Node = { metadata: { name: 'n' }, status: { addresses: [{ type: 'Hostname', address: 'n' }] } };
  expect(typed(NODES).prepareForCreate(node)).toEqual(node);
});
