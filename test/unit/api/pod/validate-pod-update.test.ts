import { describe, expect, test } from '@jest/globals';
import type { ContainerState, Pod, PodSpec, PodStatus } from '../../../../src/api/generated/types.ts';
import { validatePodStatusUpdate, validatePodUpdate } from '../../../../src/api/pod/validate-pod-update.ts';
import { errorTexts } from '../../../support/error-texts.ts';
import { samplePod, withContainer } from '../../../support/sample-pod.ts';

const NOTHING_ELSE =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
const tolerated = { key: 'a', operator: 'Exists' };

test.each<[title: string, old: Partial<PodSpec>, next: Partial<PodSpec>, errors: readonly string[]]>([
  ['no change passes', {}, {}, []],
  ['a deadline may be set', {}, { activeDeadlineSeconds: 60 }, []],
  ['a deadline may be lowered', { activeDeadlineSeconds: 60 }, { activeDeadlineSeconds: 30 }, []],
  ['a deadline is not raised', { activeDeadlineSeconds: 60 }, { activeDeadlineSeconds: 90 }, ['spec.activeDeadlineSeconds: Invalid value: 90: must be less than or equal to previous value']],
  ['a deadline is not taken back', { activeDeadlineSeconds: 60 }, {}, ['spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value']],
  ['tolerations may be added', { tolerations: [tolerated] }, { tolerations: [{ key: 'b', operator: 'Exists' }, tolerated] }, []],
  ['tolerations may last longer', { tolerations: [{ ...tolerated, effect: 'NoExecute', tolerationSeconds: 1 }] }, { tolerations: [{ ...tolerated, effect: 'NoExecute', tolerationSeconds: 2 }] }, []],
  ['tolerations are not taken back', { tolerations: [tolerated] }, {}, ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds']],
  ['a negative grace period may be healed', { terminationGracePeriodSeconds: -1 }, { terminationGracePeriodSeconds: 1 }, []],
  ['a grace period stays', {}, { terminationGracePeriodSeconds: 5 }, [NOTHING_ELSE]],
  ['a restart policy stays', {}, { restartPolicy: 'Never' }, [NOTHING_ELSE]],
  ['gates may be opened', { schedulingGates: [{ name: 'a' }, { name: 'b' }] }, { schedulingGates: [{ name: 'b' }] }, []],
  ['gates are not added', { schedulingGates: [{ name: 'a' }] }, { schedulingGates: [{ name: 'b' }] }, ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'"]],
  ['while gated the node selector may be narrowed', { schedulingGates: [{ name: 'a' }], nodeSelector: { a: 'b' } }, { schedulingGates: [{ name: 'a' }], nodeSelector: { a: 'b', c: 'd' } }, []],
  ['while gated the node selector is not widened', { schedulingGates: [{ name: 'a' }], nodeSelector: { a: 'b' } }, { schedulingGates: [{ name: 'a' }] }, ['spec.nodeSelector: Invalid value: {}: only additions are allowed (no mutations or deletions)']],
  ['once scheduled the node selector stays', {}, { nodeSelector: { a: 'b' } }, [NOTHING_ELSE]],
])('%s', (_title, old, next, errors) => {
  expect(errorTexts(validatePodUpdate(samplePod(next), samplePod(old)))).toEqual(errors);
});

describe('containers', () => {
  test('may get another image', () => {
    expect(validatePodUpdate(withContainer({ image: 'busybox:2' }), withContainer({ imagePullPolicy: 'IfNotPresent' }))).toEqual([]);
  });

  test('keep their command', () => {
    expect(errorTexts(validatePodUpdate(withContainer({ command: ['false'] }), withContainer({ command: ['true'] })))).toEqual([NOTHING_ELSE]);
  });

  test('keep an image', () => {
    expect(errorTexts(validatePodUpdate(withContainer({ image: '', imagePullPolicy: 'IfNotPresent' }), withContainer({})))).toEqual(['spec.containers[0].image: Required value']);
  });

  test.each(['containers', 'initContainers'] as const)('%s do not become more', (list) => {
    const more = samplePod({ [list]: [{ name: 'main', image: 'busybox:1' }, { name: 'more', image: 'busybox:1' }].slice(list === 'containers' ? 0 : 1) });
    expect(errorTexts(validatePodUpdate(more, samplePod()))).toEqual([`spec.${list}: Forbidden: pod updates may not add or remove containers`]);
  });
});

test('labels are judged on an update', () => {
  expect(errorTexts(validatePodUpdate({ ...samplePod(), metadata: { name: 'web', labels: { a: '!' } } }, samplePod()))).toEqual([expect.stringContaining('metadata.labels: Invalid value: "!"')]);
});

describe('a status', () => {
  const withStatus = (status: PodStatus, spec: Partial<PodSpec> = {}): Pod => ({ ...samplePod(spec), status });
  const state = (one: ContainerState): PodStatus => ({ containerStatuses: [{ name: 'main', image: '', imageID: '', ready: false, restartCount: 0, state: one }] });
  const ended = (exitCode: number): PodStatus => state({ terminated: { exitCode } });
  const running = state({ running: {} });
  const STAYS = 'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state';

  test.each<[title: string, policy: string, old: PodStatus, next: PodStatus, errors: readonly string[]]>([
    ['what runs may end', 'Never', running, ended(0), []],
    ['what has ended for good stays ended', 'Never', ended(1), running, [STAYS]],
    ['what may restart on failure runs again', 'OnFailure', ended(1), running, []],
    ['what has succeeded does not restart on failure', 'OnFailure', ended(0), running, [STAYS]],
    ['what restarts always runs again', 'Always', ended(0), running, []],
    ['what is no longer reported is nobody else', 'Never', ended(0), {}, []],
    ['another exit code may be reported', 'Never', ended(0), ended(1), []],
  ])('%s', (_title, restartPolicy, old, next, errors) => {
    expect(errorTexts(validatePodStatusUpdate(withStatus(next, { restartPolicy }), withStatus(old, { restartPolicy })))).toEqual(errors);
  });

  test.each<[title: string, old: PodStatus, next: PodStatus, errors: readonly unknown[]]>([
    ['with addresses and conditions passes', {}, { podIP: '10.1.2.3', podIPs: [{ ip: '10.1.2.3' }], hostIP: '10.0.0.1', hostIPs: [{ ip: '10.0.0.1' }], conditions: [{ type: 'Ready', status: 'True' }, { type: 'example.com/mine', status: 'True' }] }, []],
    ['has real addresses', {}, { podIPs: [{ ip: 'here' }] }, [expect.stringContaining('status.podIPs[0]: Invalid value: "here": must be a valid IP address')]],
    ['has one host', {}, { hostIP: '10.0.0.1', hostIPs: [{ ip: '10.0.0.2' }] }, ['status.hostIPs[0].ip: Invalid value: "10.0.0.2": must be equal to `hostIP`']],
    ['keeps its class', { qosClass: 'BestEffort' }, { qosClass: 'Guaranteed' }, ['status.qosClass: Invalid value: "Guaranteed": field is immutable']],
    ['has conditions with qualified names', {}, { conditions: [{ type: 'a b', status: 'True' }] }, [expect.stringContaining('metadata.conditions[0].Type: Invalid value: "a b"')]],
  ])('%s', (_title, old, next, errors) => {
    expect(errorTexts(validatePodStatusUpdate(withStatus(next), withStatus(old)))).toEqual(errors);
  });
});
