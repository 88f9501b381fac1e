// What a Pod's claims say about where it goes.
import { describe, expect, test } from '@jest/globals';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../../../src/api/generated/types.ts';
import { planScheduling } from '../../../../src/controllers/scheduler/plan-scheduling.ts';

const node: Node = { metadata: { name: 'node-1', labels: { 'kubernetes.io/hostname': 'node-1' } }, status: { allocatable: { cpu: '2', memory: '1Gi', pods: '9' } } };
const pod = (name: string, volumes: NonNullable<Pod['spec']>['volumes'] = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }]): Pod => ({ metadata: { name, namespace: 'default', uid: name }, spec: { containers: [{ name: 'c' }], volumes } });
const ephemeral = pod('p', [{ name: 'v', ephemeral: {} }]);
const classes: StorageClass[] = [
  { metadata: { name: 'now' }, provisioner: 'minik.dev/directory', volumeBindingMode: 'Immediate' },
  { metadata: { name: 'later' }, provisioner: 'minik.dev/directory', volumeBindingMode: 'WaitForFirstConsumer' },
  { metadata: { name: 'made' }, provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' },
];
const claim = (storageClassName: string, change: Partial<PersistentVolumeClaim> = {}): PersistentVolumeClaim => ({
  spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  ...change,
  metadata: { name: 'data', namespace: 'default', uid: 'u1', ...change.metadata },
});
const bound = (accessModes = ['ReadWriteOnce'], metadata: PersistentVolumeClaim['metadata'] = {}): PersistentVolumeClaim => claim('now', { spec: { volumeName: 'pv', accessModes }, metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' }, ...metadata } });
const volume = (host = 'node-1', storageClassName = 'now'): PersistentVolume => ({
  metadata: { name: 'pv' },
  status: { phase: 'Available' },
  spec: { storageClassName, accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [host] }] }] } } },
});

function plan(one: Pod, claims: readonly PersistentVolumeClaim[], { volumes = [], others = [] }: { readonly volumes?: readonly PersistentVolume[]; readonly others?: readonly Pod[] } = {}) {
  const storage = {
    claim: (name: string) => claims.find(({ metadata }) => metadata?.name === name),
    volume: (name: string) => volumes.find(({ metadata }) => metadata?.name === name),
    volumes: () => volumes,
    storageClass: (name: string) => classes.find(({ metadata }) => metadata?.name === name),
  };
  return planScheduling({ pod: one, candidates: [{ node, pods: others }], storage, namespaceLabels: () => ({}) });
}

const nowhere = (reason: string) => ({ type: 'wait', message: `0/1 nodes are available: ${reason}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.` });
const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('a Pod waits', () => {
  test.each([
    { name: 'for a claim that is not there', result: plan(pod('p'), []), expected: nowhere('persistentvolumeclaim "data" not found') },
    { name: 'for a claim that has to have its volume first', result: plan(pod('p'), [claim('now')]), expected: nowhere('pod has unbound immediate PersistentVolumeClaims') },
    { name: 'for a claim of a class that is not there', result: plan(pod('p'), [claim('other')]), expected: nowhere('pod has unbound immediate PersistentVolumeClaims') },
    { name: 'when its claim is going', result: plan(pod('p'), [bound(undefined, going)], { volumes: [volume()] }), expected: nowhere('persistentvolumeclaim "data" is being deleted') },
    { name: 'when its claim has lost its volume', result: plan(pod('p'), [{ ...bound(), status: { phase: 'Lost' } }]), expected: nowhere('persistentvolumeclaim "data" bound to non-existent persistentvolume "pv"') },
    { name: 'until its ephemeral volume has a claim', result: plan(ephemeral, []), expected: nowhere('waiting for ephemeral volume controller to create the persistentvolumeclaim "p-v"') },
    { name: 'when the claim of its ephemeral volume is another\'s', result: plan(ephemeral, [claim('now', { metadata: { name: 'p-v', namespace: 'default' } })]), expected: nowhere('PVC default/p-v was not created for pod default/p (pod is not owner)') },
    { name: 'when its volume is gone', result: plan(pod('p'), [bound()]), expected: nowhere('1 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)') },
    { name: 'when its volume is elsewhere', result: plan(pod('p'), [bound()], { volumes: [volume('node-2')] }), expected: nowhere('1 node(s) had volume node affinity conflict') },
    { name: 'when nobody makes volumes, and there is none for it', result: plan(pod('p'), [claim('made')], { volumes: [volume('node-2', 'made')] }), expected: nowhere("1 node(s) didn't find available persistent volumes to bind") },
    {
      name: 'while another has what only one may have',
      result: plan(pod('p'), [bound(['ReadWriteOncePod'])], { volumes: [volume()], others: [pod('q')] }),
      expected: { type: 'wait', message: '0/1 nodes are available: 1 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.' },
    },
  ])('$name', ({ result, expected }) => {
    expect(result).toEqual(expected);
  });
});

test('a Pod whose claims are bound goes', () => {
  expect(plan(pod('p'), [bound()], { volumes: [volume()], others: [pod('q')] })).toEqual({ type: 'bind', node: 'node-1' });
});

test('claims that waited for the Pod are told where it goes, once; then the Pod waits for their volumes', () => {
  expect(plan(pod('p'), [claim('later')])).toEqual({ type: 'place-claims', node: 'node-1', claims: ['data'] });
  expect(plan(pod('p'), [claim('made')], { volumes: [volume('node-1', 'made')] })).toEqual({ type: 'place-claims', node: 'node-1', claims: ['data'] });
  expect(plan(pod('p'), [claim('later', { metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'node-1' } } })])).toEqual({ type: 'place-claims', node: 'node-1', claims: [] });
});
