import { describe, expect, test } from '@jest/globals';
import type { CoreEvent, CronJob, EventsEvent, Job, Node, PersistentVolume, PersistentVolumeClaim, Pod, PodStatus, StorageClass } from '../../../../src/api/generated/types.ts';
import type { JobConditionType } from '../../../../src/api/job/conditions.ts';
import { CONFIG_MAPS, CRON_JOBS, ENDPOINT_SLICES, ENDPOINTS, EVENTS, EVENTS_V1, JOBS, NAMESPACES, NETWORK_POLICIES, NODES, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, RESOURCES, SECRETS, SERVICE_ACCOUNTS, SERVICES, STORAGE_CLASSES, type Resource } from '../../../../src/api/kinds.ts';
import type { KubeObject } from '../../../../src/api/object.ts';
import { toTime } from '../../../../src/api/time.ts';
import { toTable } from '../../../../src/apiserver/tables/table.ts';
import { aCronJob, aJob, NOW } from '../../../support/builders.ts';

const ago = (seconds: number): string => toTime(NOW - seconds * 1000);
const metadata = { name: 'x', creationTimestamp: ago(90) };

/** The row as kubectl shows it: column -> cell; with wide columns where asked. */
function row(resource: Resource, object: KubeObject, { wide = false } = {}): Record<string, string | number> {
  const { columnDefinitions, rows } = toTable(resource, [object], { now: NOW, includeObject: 'None', metadata: {} });
  const shown = columnDefinitions.map(({ name, priority }, at): [string, string | number, number] => [name, rows[0]!.cells[at]!, priority]);
  return Object.fromEntries(shown.filter(([, , priority]) => (wide ? priority === 1 : priority === 0)).map(([name, cell]) => [name, cell]));
}

describe('columns', () => {
  test.each<[resource: Resource, always: string, wide: string]>([
    [PODS, 'Name, Ready, Status, Restarts, Age', 'IP, Node, Nominated Node, Readiness Gates'],
    [JOBS, 'Name, Status, Completions, Duration, Age', 'Containers, Images, Selector'],
    [CRON_JOBS, 'Name, Schedule, Timezone, Suspend, Active, Last Schedule, Age', 'Containers, Images, Selector, Next'],
    [CONFIG_MAPS, 'Name, Data, Age', ''],
    [SECRETS, 'Name, Type, Data, Age', ''],
    [NAMESPACES, 'Name, Status, Age', ''],
    [NODES, 'Name, Status, Roles, Age, Version', 'Internal-IP, External-IP, OS-Image, Kernel-Version, Container-Runtime'],
    [EVENTS, 'Last Seen, Type, Reason, Object, Message', 'Subobject, Source, First Seen, Count, Name'],
    [EVENTS_V1, 'Last Seen, Type, Reason, Object, Message', 'Subobject, Source, First Seen, Count, Name'],
    [SERVICE_ACCOUNTS, 'Name, Secrets, Age', ''],
    [PERSISTENT_VOLUME_CLAIMS, 'Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age', 'VolumeMode'],
    [PERSISTENT_VOLUMES, 'Name, Capacity, Access Modes, Reclaim Policy, Status, Claim, StorageClass, VolumeAttributesClass, Reason, Age', 'VolumeMode'],
    [SERVICES, 'Name, Type, Cluster-IP, External-IP, Port(s), Age', 'Selector'],
    [ENDPOINTS, 'Name, Endpoints, Age', ''],
    [ENDPOINT_SLICES, 'Name, AddressType, Ports, Endpoints, Age', ''],
    [NETWORK_POLICIES, 'Name, Pod-Selector, Age', ''],
    [STORAGE_CLASSES, 'Name, Provisioner, ReclaimPolicy, VolumeBindingMode, AllowVolumeExpansion, Age', ''],
  ])('of %p are upstream\'s', (resource, always, wide) => {
    const { columnDefinitions } = toTable(resource, [], { now: NOW, includeObject: 'None', metadata: {} });
    const named = (priority: number): string => columnDefinitions.filter((column) => column.priority === priority).map(({ name }) => name).join(', ');
    expect([named(0), named(1)]).toEqual([always, wide]);
  });

  test('of every resource have one that names the row, and all are described', () => {
    for (const resource of RESOURCES) {
      const { columnDefinitions } = toTable(resource, [], { now: NOW, includeObject: 'None', metadata: {} });
      expect(columnDefinitions.filter(({ format }) => format === 'name').map(({ name }) => name)).toEqual(['Name']);
      expect(columnDefinitions.filter(({ description }) => description === '')).toEqual([]);
    }
  });

  test('of a kind without columns of its own are name and age', () => {
    const unknown = { ...CONFIG_MAPS, plural: 'others' } as Resource;
    expect(row(unknown, { metadata })).toEqual({ Name: 'x', Age: '90s' });
  });
});

describe('a Table', () => {
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'a' }] } };
  const table = (includeObject: 'None' | 'Metadata' | 'Object') => toTable(PODS, [pod], { now: NOW, includeObject, metadata: { resourceVersion: '7', continue: 'more', remainingItemCount: 3 } });

  test('is a Table, with the metadata of the list', () => {
    expect(table('None')).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '7', continue: 'more', remainingItemCount: 3 } });
  });

  test('carries the metadata of each object, the object, or nothing', () => {
    expect(table('Metadata').rows[0]?.object).toEqual({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata });
    expect(table('Object').rows[0]?.object).toBe(pod);
    expect(table('None').rows[0]).not.toHaveProperty('object');
  });

  test('has no functions in its columns', () => {
    expect(JSON.parse(JSON.stringify(table('None').columnDefinitions))).toEqual(table('None').columnDefinitions);
  });

  test.each<[phase: string, conditions: unknown]>([
    ['Running', undefined],
    ['Succeeded', [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }]],
    ['Failed', [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }]],
  ])('marks Pods that are over: %s', (phase, conditions) => {
    const { rows } = toTable(PODS, [{ ...pod, status: { phase } } as KubeObject], { now: NOW, includeObject: 'None', metadata: {} });
    expect(rows[0]?.conditions).toEqual(conditions);
  });
});

describe('Pods', () => {
  const pod = (status: PodStatus, spec: Partial<Pod['spec']> = {}): Pod => ({ metadata, spec: { containers: [{ name: 'a' }, { name: 'b' }], ...spec }, status });
  const up = { name: 'a', image: '', imageID: '', ready: true, restartCount: 0, state: { running: {} } };

  test('in a line', () => {
    expect(row(PODS, pod({ phase: 'Running', containerStatuses: [up] }))).toEqual({ Name: 'x', Ready: '1/2', Status: 'Running', Restarts: '0', Age: '90s' });
  });

  test('that were restarted say when', () => {
    const restarted = { ...up, restartCount: 2, lastState: { terminated: { exitCode: 1, finishedAt: ago(300) } } };
    expect(row(PODS, pod({ phase: 'Running', containerStatuses: [restarted] })).Restarts).toBe('2 (5m ago)');
  });

  test('in full', () => {
    const status: PodStatus = { podIP: '10.1.2.3', podIPs: [{ ip: '10.1.2.3' }], nominatedNodeName: 'm', conditions: [{ type: 'a', status: 'True' }] };
    expect(row(PODS, pod(status, { nodeName: 'n', readinessGates: [{ conditionType: 'a' }, { conditionType: 'b' }] }), { wide: true })).toEqual({ IP: '10.1.2.3', Node: 'n', 'Nominated Node': 'm', 'Readiness Gates': '1/2' });
  });

  test('in full, of which nothing is known', () => {
    expect(row(PODS, pod({}), { wide: true })).toEqual({ IP: '<none>', Node: '<none>', 'Nominated Node': '<none>', 'Readiness Gates': '<none>' });
  });
});

describe('Jobs', () => {
  const having = (...types: JobConditionType[]): Job['status'] => ({ conditions: types.map((type) => ({ type, status: 'True' })) });

  test.each<[title: string, job: Job, expected: string]>([
    ['that have not begun are shown as running', aJob({ spec: { completions: 5 } }), 'Running 0/5 '],
    ['that run show how long', aJob({ spec: { completions: 5 }, status: { startTime: ago(30), succeeded: 2 } }), 'Running 2/5 30s'],
    ['that met their goal but are not over still run', aJob({ spec: { completions: 1 }, status: { ...having('SuccessCriteriaMet'), startTime: ago(5), succeeded: 1 } }), 'Running 1/1 5s'],
    ['that are complete show how long it took', aJob({ spec: { completions: 1 }, status: { ...having('SuccessCriteriaMet', 'Complete'), startTime: ago(60), completionTime: ago(40), succeeded: 1 } }), 'Complete 1/1 20s'],
    ['that failed go on counting', aJob({ spec: { completions: 1 }, status: { ...having('FailureTarget', 'Failed'), startTime: ago(60) } }), 'Failed 0/1 60s'],
    ['that are about to fail say so', aJob({ spec: { completions: 1 }, status: { ...having('FailureTarget'), startTime: ago(1) } }), 'FailureTarget 0/1 1s'],
    ['that are suspended say so', aJob({ spec: { completions: 1, suspend: true }, status: having('Suspended') }), 'Suspended 0/1 '],
    ['that are deleted say so', aJob({ metadata: { name: 'pi', deletionTimestamp: ago(1) }, spec: { completions: 1 } }), 'Terminating 0/1 '],
    ['of one worker need one success', aJob({ spec: { parallelism: 1 } }), 'Running 0/1 '],
    ['of several workers need one success', aJob({ spec: { parallelism: 2 }, status: { succeeded: 3 } }), 'Running 3/1 of 2 '],
    ['of no worker need one success', aJob({ spec: { parallelism: 0 } }), 'Running 0/1 '],
  ])('%s', (_title, job, expected) => {
    const { Status, Completions, Duration } = row(JOBS, job);
    expect(`${Status} ${Completions} ${Duration}`).toBe(expected);
  });

  test('in full', () => {
    const template = { spec: { initContainers: [{ name: 'i', image: 'x' }], containers: [{ name: 'a', image: 'b:1' }, { name: 'c', image: 'd:2' }], restartPolicy: 'Never' } };
    expect(row(JOBS, aJob({ spec: { template } }), { wide: true })).toEqual({ Containers: 'a,c', Images: 'b:1,d:2', Selector: 'batch.kubernetes.io/controller-uid=job-uid' });
  });
});

describe('CronJobs', () => {
  test('that never ran', () => {
    expect(row(CRON_JOBS, aCronJob())).toEqual({ Name: 'tick', Schedule: '* * * * *', Timezone: '<none>', Suspend: 'False', Active: 0, 'Last Schedule': '<none>', Age: '60m' });
  });

  test('that run', () => {
    const cronJob = aCronJob({ spec: { timeZone: 'Europe/Berlin', suspend: true }, status: { active: [{ name: 'a' }, { name: 'b' }], lastScheduleTime: ago(90) } });
    expect(row(CRON_JOBS, cronJob)).toMatchObject({ Timezone: 'Europe/Berlin', Suspend: 'True', Active: 2, 'Last Schedule': '90s' });
  });

  test('in full', () => {
    expect(row(CRON_JOBS, aCronJob(), { wide: true })).toEqual({ Containers: 'main', Images: 'busybox', Selector: '<none>', Next: '60s' });
  });

  test.each<[title: string, cronJob: CronJob, next: string]>([
    ['in the zone that is named', aCronJob({ spec: { schedule: '30 14 * * *', timeZone: 'Europe/Berlin' } }), '90m'],
    ['from the last run, where a distance is given', aCronJob({ spec: { schedule: '@every 1h' }, status: { lastScheduleTime: ago(600) } }), '50m'],
    ['from the creation, where none has run', aCronJob({ spec: { schedule: '@every 7m' } }), '3m'],
    ['after the last run, while the clock shows less', aCronJob({ status: { lastScheduleTime: ago(-600) } }), '11m'],
    ['never, while suspended', aCronJob({ spec: { suspend: true } }), '<none>'],
    ['never, once deleted', aCronJob({ metadata: { name: 'x', deletionTimestamp: ago(0) } }), '<none>'],
    ['never, on a date that does not come', aCronJob({ spec: { schedule: '0 0 31 2 *' } }), '<none>'],
    ['never, where the schedule cannot be read', aCronJob({ spec: { schedule: 'often' } }), '<none>'],
    ['never, in a zone that is unknown', aCronJob({ spec: { timeZone: 'Mars/Olympus' } }), '<none>'],
  ])('run next %s', (_title, cronJob, expected) => {
    expect(row(CRON_JOBS, cronJob, { wide: true }).Next).toBe(expected);
  });
});

describe('the small kinds', () => {
  test.each<[title: string, resource: Resource, object: object, expected: object]>([
    ['a ConfigMap counts text and bytes', CONFIG_MAPS, { data: { a: '', b: '' }, binaryData: { c: '' } }, { Data: 3 }],
    ['an empty ConfigMap has none', CONFIG_MAPS, {}, { Data: 0 }],
    ['a Secret shows its type', SECRETS, { type: 'Opaque', data: { a: '' } }, { Type: 'Opaque', Data: 1 }],
    ['a Namespace shows its phase', NAMESPACES, { status: { phase: 'Terminating' } }, { Status: 'Terminating' }],
    ['a ServiceAccount counts its secrets', SERVICE_ACCOUNTS, { secrets: [{ name: 's' }] }, { Secrets: 1 }],
  ])('%s', (_title, resource, object, expected) => {
    expect(row(resource, { metadata, ...object })).toEqual({ Name: 'x', ...expected, Age: '90s' });
  });
});

describe('Nodes', () => {
  const ready = (status: string): Node['status'] => ({ conditions: [{ type: 'Ready', status }] });

  test.each<[title: string, node: Node, status: string, roles: string]>([
    ['that say nothing are unknown', {}, 'Unknown', '<none>'],
    ['that are ready are ready', { status: ready('True') }, 'Ready', '<none>'],
    ['that are not are not', { status: ready('Unknown') }, 'NotReady', '<none>'],
    ['that are cordoned say so', { status: ready('True'), spec: { unschedulable: true } }, 'Ready,SchedulingDisabled', '<none>'],
    ['have roles by their labels', { metadata: { labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '', 'kubernetes.io/role': 'edge' } } }, 'Unknown', 'control-plane,edge,worker'],
  ])('%s', (_title, node, status, roles) => {
    expect(row(NODES, { ...node, metadata: { ...metadata, ...node.metadata } })).toEqual({ Name: 'x', Status: status, Roles: roles, Age: '90s', Version: '' });
  });

  test('in full', () => {
    const status = { addresses: [{ type: 'InternalIP', address: '10.0.0.1' }], nodeInfo: { osImage: 'Debian', kernelVersion: '6.1', containerRuntimeVersion: '' } } as unknown as Node['status'];
    expect(row(NODES, { metadata, status } as KubeObject, { wide: true })).toEqual({ 'Internal-IP': '10.0.0.1', 'External-IP': '<none>', 'OS-Image': 'Debian', 'Kernel-Version': '6.1', 'Container-Runtime': '<unknown>' });
  });
});

describe('Events', () => {
  const event = (own: Partial<CoreEvent>): CoreEvent => ({ metadata, involvedObject: { kind: 'Pod', name: 'web', fieldPath: 'spec.containers{a}' }, type: 'Normal', reason: 'Started', message: ' up \n', ...own });

  test('in a line', () => {
    expect(row(EVENTS, event({ firstTimestamp: ago(60), lastTimestamp: ago(30) }))).toEqual({ 'Last Seen': '30s', Type: 'Normal', Reason: 'Started', Object: 'pod/web', Message: 'up' });
  });

  test.each<[title: string, own: Partial<CoreEvent>, expected: object]>([
    ['that happened often', { firstTimestamp: ago(60), lastTimestamp: ago(30), count: 4, source: { component: 'kubelet', host: 'n' } }, { 'First Seen': '60s', Count: 4, Source: 'kubelet, n' }],
    ['that were not counted happened once', { eventTime: ago(5), reportingComponent: 'me' }, { 'First Seen': '5s', Count: 1, Source: 'me' }],
    ['of a series count the first one too', { eventTime: ago(9), series: { count: 2, lastObservedTime: ago(3) }, reportingComponent: 'me', reportingInstance: 'me-1' }, { 'First Seen': '9s', Count: 3, Source: 'me, me-1' }],
    ['of which nothing is known', {}, { 'First Seen': '<unknown>', Count: 1, Source: '' }],
  ])('in full: those %s', (_title, own, expected) => {
    expect(row(EVENTS, event(own), { wide: true })).toEqual({ Subobject: 'spec.containers{a}', Name: 'x', ...expected });
  });

  test.each<[title: string, own: Partial<CoreEvent>, seen: string]>([
    ['once is when it happened', { firstTimestamp: ago(60) }, '60s'],
    ['by the new field is when it happened', { eventTime: ago(5) }, '5s'],
    ['in a series is when the last one happened', { eventTime: ago(9), series: { count: 2, lastObservedTime: ago(3) } }, '3s'],
  ])('last seen, %s', (_title, own, seen) => {
    expect(row(EVENTS, event(own))['Last Seen']).toBe(seen);
  });

  test('of the other group look the same', () => {
    const view: EventsEvent = { metadata, eventTime: ago(5), regarding: { kind: 'Pod', name: 'web' }, type: 'Normal', reason: 'Started', note: 'up' };
    expect(row(EVENTS_V1, view)).toEqual({ 'Last Seen': '5s', Type: 'Normal', Reason: 'Started', Object: 'pod/web', Message: 'up' });
  });
});

describe('storage', () => {
  const spec = { accessModes: ['ReadWriteOnce', 'ReadWriteMany'], storageClassName: 'standard', volumeMode: 'Filesystem' };
  const status = { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '5Gi' } };

  test('a claim shows what it got, not what it asked for', () => {
    const bound: PersistentVolumeClaim = { metadata, spec: { ...spec, volumeName: 'pv', resources: { requests: { storage: '1Gi' } } }, status };
    expect(row(PERSISTENT_VOLUME_CLAIMS, bound)).toEqual({ Name: 'x', Status: 'Bound', Volume: 'pv', Capacity: '5Gi', 'Access Modes': 'RWO', StorageClass: 'standard', VolumeAttributesClass: '<unset>', Age: '90s' });
    expect(row(PERSISTENT_VOLUME_CLAIMS, bound, { wide: true })).toEqual({ VolumeMode: 'Filesystem' });
  });

  test('a claim that has nothing yet shows nothing, and one that is going says so', () => {
    expect(row(PERSISTENT_VOLUME_CLAIMS, { metadata, spec, status: { phase: 'Pending' } } as PersistentVolumeClaim)).toMatchObject({ Status: 'Pending', Volume: '', Capacity: '', 'Access Modes': '' });
    expect(row(PERSISTENT_VOLUME_CLAIMS, { metadata: { ...metadata, deletionTimestamp: ago(1) }, spec, status } as PersistentVolumeClaim)).toMatchObject({ Status: 'Terminating' });
  });

  test('a volume shows whose it is and why it failed', () => {
    const volume: PersistentVolume = { metadata, spec: { ...spec, capacity: { storage: '1Gi' }, persistentVolumeReclaimPolicy: 'Delete', claimRef: { namespace: 'default', name: 'data' } }, status: { phase: 'Failed', reason: 'Why' } };
    expect(row(PERSISTENT_VOLUMES, volume)).toEqual({ Name: 'x', Capacity: '1Gi', 'Access Modes': 'RWO,RWX', 'Reclaim Policy': 'Delete', Status: 'Failed', Claim: 'default/data', StorageClass: 'standard', VolumeAttributesClass: '<unset>', Reason: 'Why', Age: '90s' });
    expect(row(PERSISTENT_VOLUMES, { metadata, spec: {} } as PersistentVolume)).toMatchObject({ Claim: '', Reason: '' });
  });

  test('the default class is marked', () => {
    const one: StorageClass = { metadata: { ...metadata, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }, provisioner: 'p', reclaimPolicy: 'Retain', volumeBindingMode: 'Immediate' };
    expect(row(STORAGE_CLASSES, one)).toEqual({ Name: 'x (default)', Provisioner: 'p', ReclaimPolicy: 'Retain', VolumeBindingMode: 'Immediate', AllowVolumeExpansion: 'false', Age: '90s' });
    expect(row(STORAGE_CLASSES, { metadata, provisioner: 'p' } as StorageClass)).toMatchObject({ Name: 'x', ReclaimPolicy: 'Delete', VolumeBindingMode: 'Immediate' });
  });
});
