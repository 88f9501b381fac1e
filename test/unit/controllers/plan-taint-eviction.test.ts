import { describe, expect, test } from '@jest/globals';
import type { Node, Taint, Toleration } from '../../../src/api/generated/types.ts';
import { wantedTaints } from '../../../src/api/node/node-taints.ts';
import { planTaintEviction, type TaintEviction } from '../../../src/controllers/taint-eviction/plan-taint-eviction.ts';
import { samplePod } from '../../support/sample-pod.ts';

const NOW = Date.UTC(2026, 0, 1);
const ADDED = '2026-01-01T00:00:00Z';
const stop: Taint = { key: 'stop', value: 'now', effect: 'NoExecute' };
const node = (taints: Taint[], spec: Node['spec'] = {}, status: Node['status'] = {}): Node => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: { ...spec, taints }, status });
const tolerate = (seconds?: number, key = 'stop'): Toleration => ({ key, operator: 'Exists', effect: 'NoExecute', ...(seconds === undefined ? {} : { tolerationSeconds: seconds }) });
const leave = (afterMs: number): TaintEviction => ({ type: 'leave', afterMs });

test.each<[title: string, taints: Taint[], tolerations: Toleration[], plan: TaintEviction]>([
  ['stays where no taint is', [], [], { type: 'stay' }],
  ['stays where a taint only keeps others away', [{ ...stop, effect: 'NoSchedule' }], [], { type: 'stay' }],
  ['leaves for a taint that it does not tolerate', [stop], [], leave(0)],
  ['stays where it tolerates it for ever', [stop], [tolerate()], { type: 'stay' }],
  ['leaves when its time is over', [stop], [tolerate(30)], leave(30_000)],
  ['leaves after the shortest time', [stop], [tolerate(30), tolerate(5, '')], leave(5_000)],
  ['leaves at once for a second one', [stop, { key: 'other', effect: 'NoExecute' }], [tolerate(30)], leave(0)],
  ['leaves at once where its time is not positive', [stop], [tolerate(-1)], leave(0)],
  ['leaves for another value', [stop], [{ key: 'stop', value: 'later', effect: 'NoExecute' }], leave(0)],
])('a Pod %s', (_title, taints, tolerations, plan) => {
  expect(planTaintEviction(samplePod({ tolerations }), node(taints))).toEqual(plan);
});

test('a Pod that is over, or on its way out, stays as it is', () => {
  expect(planTaintEviction({ ...samplePod(), status: { phase: 'Succeeded' } }, node([stop]))).toEqual({ type: 'stay' });
  expect(planTaintEviction({ ...samplePod(), metadata: { name: 'web', deletionTimestamp: ADDED } }, node([stop]))).toEqual({ type: 'stay' });
});

describe('the taints of a node', () => {
  const cordoned: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: ADDED };
  const full: Node['status'] = { conditions: [{ type: 'DiskPressure', status: 'True' }] };

  test.each<[title: string, node: Node, taints: readonly Taint[] | undefined]>([
    ['are left alone where nothing is the matter', node([stop]), undefined],
    ['follow a cordon', node([stop], { unschedulable: true }), [stop, cordoned]],
    ['are there once', node([cordoned], { unschedulable: true }), undefined],
    ['go with it', node([cordoned, stop]), [stop]],
    ['follow the pressure on its disk', node([], {}, full), [{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule', timeAdded: ADDED }]],
    ['of the same key and another effect are somebody else\'s', node([{ ...cordoned, effect: 'NoExecute' }]), undefined],
  ])('%s', (_title, one, taints) => {
    expect(wantedTaints(one, NOW)).toEqual(taints);
  });
});
