import { expect, test } from '@jest/globals';
import { podSpecWarnings } from '../../../../src/api/pod/pod-warnings.ts';
import { samplePod, withContainer } from '../../../support/sample-pod.ts';

test('a plain Pod gives no warning', () => {
  expect(podSpecWarnings(samplePod().spec!, 'spec')).toEqual([]);
});

test.each([
  ['a variable that hides another', withContainer({ env: [{ name: 'A', value: '1' }, { name: 'B' }, { name: 'A', value: '2' }] }), 'spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply'],
  ['a pull secret without a name', samplePod({ imagePullSecrets: [{}] }), 'spec.imagePullSecrets[0].name: invalid empty name ""'],
  ['a negative grace period', samplePod({ terminationGracePeriodSeconds: -1 }), 'spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1'],
])('%s gives one', (_title, pod, warning) => {
  expect(podSpecWarnings(pod.spec!, 'spec')).toEqual([warning]);
});
