import { describe, expect, test } from '@jest/globals';
import type { Pod, PodCondition, ResourceRequirements } from '../../../../src/api/generated/types.ts';
import { claimedRequests, heldRequests, RESIZE_PENDING, sameSize, withGivenSizes } from '../../../../src/api/pod/resized-resources.ts';
import { withContainer } from '../../../support/sample-pod.ts';

const requests = (cpu: string): ResourceRequirements => ({ requests: { cpu } });

/** A Pod that asks for the first and has been given the second. */
function resized(asked: string, given: string | undefined, conditions: PodCondition[] = []): Pod {
  const status = { name: 'main', image: '', imageID: '', ready: true, restartCount: 0 };
  const allocated = given === undefined ? {} : { allocatedResources: { cpu: given }, resources: requests(given) };
  return { ...withContainer({ resources: requests(asked) }), status: { conditions, containerStatuses: [{ ...status, ...allocated }] } };
}

const pending = (reason: string): PodCondition[] => [{ type: RESIZE_PENDING, status: 'True', reason }];

describe('what a scheduler counts on, and what the node has given away', () => {
  test.each<[title: string, pod: Pod, claimed: number, held: number]>([
    ['nothing given yet', resized('1', undefined), 1_000, 1_000],
    ['given as asked', resized('1', '1'), 1_000, 1_000],
    ['growing', resized('2', '1'), 2_000, 2_000],
    ['shrinking', resized('1', '2'), 2_000, 1_000],
    ['waiting to grow', resized('2', '1', pending('Deferred')), 2_000, 1_000],
    ['too large for the node', resized('2', '1', pending('Infeasible')), 1_000, 1_000],
  ])('%s', (_title, pod, claimed, held) => {
    expect(claimedRequests(pod)['cpu']).toBe(claimed);
    expect(heldRequests(pod)['cpu']).toBe(held);
  });
});

test('a Pod that has what it asks for is the same object', () => {
  const pod = resized('1000m', '1');
  expect(withGivenSizes(pod)).toBe(pod);
  expect(withGivenSizes(resized('2', '1')).spec?.containers[0]?.resources).toEqual({ requests: { cpu: '1' }, limits: undefined });
});

test.each<[ResourceRequirements | undefined, ResourceRequirements | undefined, boolean]>([
  [undefined, {}, true],
  [requests('1'), requests('1000m'), true],
  [requests('1'), undefined, false],
  [requests('1'), { limits: { cpu: '1' } }, false],
  [{ limits: { memory: '1Gi', 'ephemeral-storage': '1Gi' } }, { limits: { memory: '1024Mi' } }, true],
])('%j is as large as %j: %s', (a, b, is) => {
  expect(sameSize(a, b)).toBe(is);
});
