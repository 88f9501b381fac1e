import { expect, test } from '@jest/globals';
import type { ContainerState, Pod, PodSpec } from '../../../../src/api/generated/types.ts';
import { nextRun, type NextRun } from '../../../../src/cli/logs/next-run.ts';
import { samplePod } from '../../../support/sample-pod.ts';

const ended = (exitCode: number): ContainerState => ({ terminated: { exitCode } });
const running: ContainerState = { running: {} };
const waiting: ContainerState = { waiting: { reason: 'CrashLoopBackOff' } };

function pod(restartCount: number, state: ContainerState, { lastState = {}, phase = 'Running', spec = {} }: { lastState?: ContainerState; phase?: string; spec?: Partial<PodSpec> } = {}): Pod {
  return { ...samplePod(spec), status: { phase, containerStatuses: [{ name: 'main', image: '', imageID: '', ready: false, restartCount, state, lastState }] } };
}

const wait: NextRun = { type: 'wait' };
const none: NextRun = { type: 'none' };
const never: Partial<PodSpec> = { restartPolicy: 'Never' };

test.each<[title: string, pod: Pod | undefined, next: NextRun]>([
  ['the Pod is gone', undefined, none],
  ['its end is not told yet', pod(0, running), wait],
  ['it has ended, and will run again', pod(0, ended(0)), wait],
  ['it backs off', pod(0, waiting, { lastState: ended(1) }), wait],
  ['it runs again', pod(1, running, { lastState: ended(3) }), { type: 'begun', restart: 1, exitCode: 3 }],
  ['its next run is over already', pod(1, ended(4), { lastState: ended(3) }), { type: 'begun', restart: 1, exitCode: 3 }],
  ['two runs have come since', pod(2, waiting, { lastState: ended(5) }), { type: 'begun', restart: 1, exitCode: undefined }],
  ['it runs once', pod(0, ended(1), { spec: never }), none],
  ['it has done its work', pod(0, ended(0), { spec: { restartPolicy: 'OnFailure' } }), none],
  ['the Pod is over', pod(0, ended(1), { phase: 'Failed' }), none],
  ['its last run was the Pod\'s last', pod(1, ended(1), { lastState: ended(1), phase: 'Failed' }), { type: 'begun', restart: 1, exitCode: 1 }],
])('after the first run: %s', (_title, one, next) => {
  expect(nextRun(one, 'main', 0)).toEqual(next);
});

test('a container that there is not has no runs', () => {
  expect(nextRun(pod(0, running), 'other', 0)).toEqual(none);
});
