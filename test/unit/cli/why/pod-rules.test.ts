import { describe, expect, test } from '@jest/globals';
import type { PodStatus } from '../../../../src/api/generated/types.ts';
import type { Health } from '../../../../src/cli/why/diagnosis.ts';
import { diagnosisText } from '../../../../src/cli/why/print-diagnosis.ts';
import { diagnosePod } from '../../../../src/cli/why/pod/pod-rules.ts';
import { ago, anEvent, ended, failed, main, podFacts, waiting, type PodCase } from '../../../support/why-facts.ts';

interface Case {
  readonly title: string;
  readonly pod: PodCase;
  readonly rule: string;
  readonly health: Health;
  readonly verdict: string | RegExp;
  /** Somewhere in what is printed. */
  readonly shows?: readonly string[];
  readonly tries?: readonly string[];
}

const UNFIT = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
const unplaced = (why: string): PodStatus => ({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: `0/1 nodes are available: ${why}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.` }] });
const two: PodCase = { spec: { restartPolicy: 'Never', containers: [{ name: 'work', image: 'busybox' }, { name: 'proxy', image: 'busybox' }] } };
const statusOf = (name: string, state: object) => ({ name, image: '', imageID: '', ready: false, restartCount: 0, state });

const CASES: readonly Case[] = [
  { title: 'a Pod that nobody has touched yet is starting', pod: { spec: { nodeName: '' } }, rule: 'starting', health: 'healthy', verdict: 'pod/pi-aaaaa was created 60s ago and waits to be scheduled' },
  { title: 'a Pod that pulls its image is starting', pod: { ...{ status: waiting('ContainerCreating') }, events: [anEvent('Pulling', 'Pulling image "big:1"', { type: 'Normal' })] }, rule: 'pulling', health: 'healthy', verdict: 'pod/pi-aaaaa is starting: its image big:1 has been pulled for 12s' },
  { title: 'a running Pod is healthy', pod: { status: { phase: 'Running', ...main({ state: { running: { startedAt: ago(30) } } }) } }, rule: 'running', health: 'healthy', verdict: 'pod/pi-aaaaa is running: main for 30s' },
  { title: 'a Pod that succeeded is done', pod: { status: { phase: 'Succeeded', ...main({ state: { terminated: ended(0) } }) } }, rule: 'succeeded', health: 'complete', verdict: 'pod/pi-aaaaa is done: its containers exited with 0' },
  {
    title: 'a Pod that succeeded after restarts says so',
    pod: { status: { phase: 'Succeeded', ...main({ restartCount: 1, state: { terminated: ended(0) }, lastState: { terminated: ended(1, { startedAt: ago(40), finishedAt: ago(30) }) } }) } },
    rule: 'succeeded', health: 'complete', verdict: 'pod/pi-aaaaa is done: its containers exited with 0, after 1 failed start', shows: ['exit 1'],
  },
  { title: 'a failed Pod tells its exit code and the end of its log', pod: { status: failed(3), log: ['one', 'fatal: two'] }, rule: 'exit', health: 'trouble', verdict: 'pod/pi-aaaaa failed: its container exited with 3', shows: ['fatal: two'], tries: ['minik logs pi-aaaaa'] },
  { title: 'an empty log is told as such', pod: { status: failed(3), log: [] }, rule: 'exit', health: 'trouble', verdict: /exited with 3/, shows: ['pi-aaaaa/main wrote nothing to its log'] },
  {
    title: 'of several containers the failed one is named',
    pod: { ...two, status: { phase: 'Failed', containerStatuses: [statusOf('work', { terminated: ended(0) }), statusOf('proxy', { terminated: ended(9) })] } },
    rule: 'exit', health: 'trouble', verdict: 'pod/pi-aaaaa failed: container proxy exited with 9', tries: ['minik logs pi-aaaaa -c proxy'],
  },
  {
    title: 'a failed init container is named',
    pod: { spec: { initContainers: [{ name: 'prepare', image: 'busybox' }] }, status: { ...waiting('PodInitializing'), initContainerStatuses: [statusOf('prepare', { terminated: ended(5) })], phase: 'Failed' } },
    rule: 'exit', health: 'trouble', verdict: 'pod/pi-aaaaa failed: init container prepare exited with 5',
  },
  { title: "the Pod's deadline is told", pod: { spec: { activeDeadlineSeconds: 2 }, status: { ...failed(137), reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' } }, rule: 'failed', health: 'trouble', verdict: 'pod/pi-aaaaa failed: it was still active after its activeDeadlineSeconds of 2' },
  { title: 'an eviction is told', pod: { status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' } }, rule: 'failed', health: 'trouble', verdict: 'pod/pi-aaaaa failed: it was evicted from its node: The node was low on resource: memory', shows: ['low on resource: memory'] },
  { title: 'a volume that was too full is told, and nobody else is blamed', pod: { status: { ...failed(137), reason: 'Evicted', message: 'Usage of EmptyDir volume "v" exceeds the limit "1Mi". ' } }, rule: 'failed', health: 'trouble', verdict: 'pod/pi-aaaaa failed: it was evicted from its node: Usage of EmptyDir volume "v" exceeds the limit "1Mi"', tries: ['raise sizeLimit of that volume, or write less to it'] },
  { title: 'scheduling gates are named', pod: { spec: { nodeName: '', schedulingGates: [{ name: 'example.com/quota' }] } }, rule: 'scheduling-gates', health: 'waiting', verdict: 'pod/pi-aaaaa waits for its scheduling gate example.com/quota to be taken away', tries: ["minik patch pod pi-aaaaa --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/schedulingGates\"}]'"] },
  { title: 'a scheduler that is not here is named', pod: { spec: { nodeName: '', schedulerName: 'volcano' } }, rule: 'other-scheduler', health: 'trouble', verdict: 'pod/pi-aaaaa waits for a scheduler called "volcano", and nothing here goes by that name' },
  {
    title: 'a Pod that fits no node shows the words of the scheduler, and its own wishes',
    pod: { spec: { nodeName: '', nodeSelector: { disk: 'ssd' } }, status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: UNFIT }] } },
    rule: 'unschedulable', health: 'trouble', verdict: "pod/pi-aaaaa fits no node: 1 node(s) didn't match Pod's node affinity/selector", shows: [UNFIT, 'its nodeSelector asks for disk=ssd'], tries: ['minik label node --all disk=ssd'],
  },
  {
    title: 'a claim that is not there is named',
    pod: { spec: { nodeName: '' }, status: unplaced('persistentvolumeclaim "data" not found'), claims: [{ name: 'data' }] },
    rule: 'claim', health: 'trouble', verdict: 'pod/pi-aaaaa waits for persistentvolumeclaim "data", which is not there', tries: ['minik get pvc'],
  },
  {
    title: 'a claim without a volume shows what it waits for itself',
    pod: { spec: { nodeName: '' }, status: unplaced('pod has unbound immediate PersistentVolumeClaims'), claims: [{ name: 'data', phase: 'Pending', told: anEvent('ProvisioningFailed', 'storageclass.storage.k8s.io "fast" not found') }] },
    rule: 'claim', health: 'trouble', verdict: 'pod/pi-aaaaa waits for a volume: persistentvolumeclaim "data" is Pending', shows: ['storageclass.storage.k8s.io "fast" not found'], tries: ['minik describe pvc data'],
  },
  {
    title: 'so does one that the scheduler has nothing against',
    pod: { spec: { nodeName: '' }, claims: [{ name: 'data', phase: 'Pending' }] },
    rule: 'claim', health: 'trouble', verdict: 'pod/pi-aaaaa waits for a volume: persistentvolumeclaim "data" is Pending',
  },
  {
    title: 'a claim that waits for the Pod to be placed is not the reason',
    pod: { spec: { nodeName: '' }, status: unplaced('1 node(s) were unschedulable'), claims: [{ name: 'data', phase: 'Pending' }] },
    rule: 'unschedulable', health: 'trouble', verdict: 'pod/pi-aaaaa fits no node: 1 node(s) were unschedulable',
  },
  {
    title: 'an untolerated taint is told',
    pod: { spec: { nodeName: '' }, status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available: 1 node(s) had untolerated taint {gpu: }. preemption: none' }] } },
    rule: 'unschedulable', health: 'trouble', verdict: 'pod/pi-aaaaa fits no node: 1 node(s) had untolerated taint {gpu: }',
  },
  {
    title: 'an image whose registry does not answer shows the message and when it is tried again',
    pod: { status: waiting('ImagePullBackOff', 'Back-off pulling image "busybox": ErrImagePull: dial tcp: lookup far: no such host'), events: [anEvent('Failed', 'Failed to pull image "busybox": dial tcp', { lastTimestamp: ago(4), count: 2 })] },
    rule: 'image', health: 'trouble', verdict: 'pod/pi-aaaaa cannot start: its image busybox cannot be pulled: its registry does not answer', shows: ['dial tcp: lookup far: no such host', 'tried 2 times; the next try is in about 16s'], tries: ['docker build'],
  },
  { title: 'an image that is not in its registry', pod: { status: waiting('ErrImagePull', 'manifest unknown') }, rule: 'image', health: 'trouble', verdict: /its image busybox is not in its registry$/ },
  { title: 'an image that wants a login', pod: { status: waiting('ErrImagePull', 'unauthorized: authentication required') }, rule: 'image', health: 'trouble', verdict: /may not be pulled without logging in$/, tries: ['docker login'] },
  { title: 'an image that may not be pulled', pod: { status: waiting('ErrImageNeverPull', 'Container image "busybox" is not present with pull policy of Never') }, rule: 'image', health: 'trouble', verdict: /is not on this machine, and imagePullPolicy is Never$/ },
  { title: 'an image name that is none', pod: { status: waiting('InvalidImageName', 'invalid reference format') }, rule: 'image', health: 'trouble', verdict: /is not a proper image name$/ },
  {
    title: 'a missing ConfigMap is named with who asks for it, and with the command that makes it',
    pod: { status: waiting('CreateContainerConfigError', 'configmap "later" not found'), needs: [{ kind: 'ConfigMap', name: 'later', key: 'mode', usedBy: 'env MODE of container main', state: 'no-object' }] },
    rule: 'config', health: 'trouble', verdict: 'pod/pi-aaaaa cannot start: configmap "later" not found', shows: ['ConfigMap "later" is asked for by env MODE of container main, and is not there now'], tries: ['minik create configmap later --from-literal=mode=VALUE'],
  },
  {
    title: 'a missing key of a Secret is named',
    pod: { status: waiting('CreateContainerConfigError', "couldn't find key pass in Secret default/db"), needs: [{ kind: 'Secret', name: 'db', key: 'pass', usedBy: 'env PASS of container main', state: 'no-key' }] },
    rule: 'config', health: 'trouble', verdict: /couldn't find key pass in Secret default\/db$/, shows: ['key "pass" of Secret "db" is asked for by env PASS of container main, and is not there now'], tries: ['minik edit secret db    # add pass'],
  },
  {
    title: 'a ConfigMap that has come meanwhile is told as there',
    pod: { status: waiting('CreateContainerConfigError', 'configmap "later" not found'), needs: [{ kind: 'ConfigMap', name: 'later', key: 'mode', usedBy: 'env MODE of container main', state: 'there' }] },
    rule: 'config', health: 'trouble', verdict: /not found$/, shows: ['key "mode" of ConfigMap "later" is there now: the next try should find it'],
  },
  {
    title: 'a volume that cannot be mounted is named',
    pod: { status: waiting('ContainerCreating'), events: [anEvent('FailedMount', 'MountVolume.SetUp failed for volume "v" : secret "keys" not found')], needs: [{ kind: 'Secret', name: 'keys', usedBy: 'volume v', state: 'no-object' }] },
    rule: 'mount', health: 'trouble', verdict: 'pod/pi-aaaaa cannot start: its volume v cannot be mounted: secret "keys" not found', shows: ['Secret "keys" is asked for by volume v, and is not there now'], tries: ['minik create secret generic keys --from-literal=KEY=VALUE'],
  },
  { title: 'a container that Docker refuses to make', pod: { status: waiting('CreateContainerError', 'invalid mount config') }, rule: 'creation', health: 'trouble', verdict: 'pod/pi-aaaaa cannot start: Docker refuses to make its container main', shows: ['invalid mount config'] },
  {
    title: 'a crash loop tells when the next start is',
    pod: { status: { phase: 'Running', ...main({ restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s restarting failed container=main pod=x' } }, lastState: { terminated: ended(7, { finishedAt: ago(8) }) } }) }, log: ['bye'] },
    rule: 'crash-loop', health: 'trouble', verdict: 'pod/pi-aaaaa keeps ending: container main exited with 7, and starts again in 12s (a back-off of 20s)', shows: ['bye', 'restarted 2 times'],
  },
  {
    title: 'a crash loop of five minutes is read too',
    pod: { status: { phase: 'Running', ...main({ restartCount: 9, state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container=main pod=x' } }, lastState: { terminated: ended(0, { finishedAt: ago(60) }) } }) } },
    rule: 'crash-loop', health: 'trouble', verdict: 'pod/pi-aaaaa keeps ending: container main exited with 0: success, and starts again in 4m (a back-off of 5m0s)', tries: ['restartPolicy Always starts even what succeeded again'],
  },
  {
    title: 'a running init container is told with its place',
    pod: { spec: { initContainers: [{ name: 'a', image: '' }, { name: 'b', image: '' }] }, status: { phase: 'Pending', initContainerStatuses: [statusOf('a', { terminated: ended(0) }), statusOf('b', { running: { startedAt: ago(5) } })] } },
    rule: 'initializing', health: 'healthy', verdict: 'pod/pi-aaaaa is initializing: init container b (2 of 2) has run for 5s',
  },
  {
    title: 'a Pod kept alive by its other container is told as such',
    pod: { ...two, status: { phase: 'Running', containerStatuses: [statusOf('work', { terminated: ended(0) }), statusOf('proxy', { running: { startedAt: ago(40) } })] } },
    rule: 'kept-alive', health: 'trouble', verdict: 'pod/pi-aaaaa is not over: work exited with 0, but proxy still runs', tries: ['make it a sidecar'],
  },
  {
    title: 'a sidecar keeps nobody alive',
    pod: { spec: { restartPolicy: 'Never', initContainers: [{ name: 'proxy', image: '', restartPolicy: 'Always' }] }, status: { phase: 'Running', initContainerStatuses: [statusOf('proxy', { running: { startedAt: ago(9) } })], ...main({ state: { running: { startedAt: ago(8) } } }) } },
    rule: 'running', health: 'healthy', verdict: 'pod/pi-aaaaa is running: main for 8s',
  },
  {
    title: 'a failing readiness probe is told',
    pod: { status: { phase: 'Running', ...main({ state: { running: { startedAt: ago(50) } } }) }, events: [anEvent('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503')] },
    rule: 'not-ready', health: 'trouble', verdict: 'pod/pi-aaaaa runs but is not ready: Readiness probe failed: HTTP probe failed with statuscode: 503 (12s ago)',
  },
  {
    title: 'a Pod that is being deleted tells when its container is killed',
    pod: { metadata: { deletionTimestamp: ago(-20), deletionGracePeriodSeconds: 30 }, status: { phase: 'Running', ...main({ state: { running: { startedAt: ago(50) } } }) } },
    rule: 'terminating', health: 'waiting', verdict: 'pod/pi-aaaaa is being deleted: main has been asked to end and is killed in 20s',
  },
  {
    title: 'a Pod that a foreign finalizer holds tells whose it is',
    pod: { metadata: { deletionTimestamp: ago(60), deletionGracePeriodSeconds: 0, finalizers: ['example.com/keep'] }, status: { phase: 'Succeeded' } },
    rule: 'finalizers', health: 'trouble', verdict: 'pod/pi-aaaaa was deleted 60s ago and is held by its finalizer example.com/keep', shows: ["none of minik's"], tries: ['minik patch pod pi-aaaaa --type=merge'],
  },
  {
    title: "minik's own finalizer is no trouble",
    pod: { metadata: { deletionTimestamp: ago(1), deletionGracePeriodSeconds: 0, finalizers: ['batch.kubernetes.io/job-tracking'] }, status: { phase: 'Failed' } },
    rule: 'finalizers', health: 'waiting', verdict: /held by its finalizer batch\.kubernetes\.io\/job-tracking$/, shows: ['its Job has not counted it yet'],
  },
];

describe('why a Pod is as it is', () => {
  test.each(CASES)('$title', ({ pod, rule, health, verdict, shows = [], tries = [] }) => {
    const diagnosis = diagnosePod(podFacts(pod));
    expect(diagnosis).toMatchObject({ rule, health, verdict: typeof verdict === 'string' ? verdict : expect.stringMatching(verdict) });
    const printed = diagnosisText(diagnosis, { colour: false, columns: 100 }).replace(/\n +/g, ' ');
    for (const text of shows) expect(printed).toContain(text);
    for (const text of tries) expect(diagnosis.suggestions).toContainEqual(expect.stringContaining(text));
  });
});
