// What somebody who watches "minik run -i" is shown next.
import { describe, expect, test } from '@jest/globals';
import type { ContainerStatus, Pod } from '../../../../src/api/generated/types.ts';
import { planFollow, type FollowStep } from '../../../../src/cli/run/plan-follow.ts';

const pod = (phase: string, status: Partial<ContainerStatus> = {}, restartPolicy = 'OnFailure'): Pod => ({
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c' }], restartPolicy },
  status: { phase, containerStatuses: [{ name: 'c', image: 'i', imageID: '', ready: false, restartCount: 0, ...status }] },
});
const running = { running: {} };
const ended = (exitCode: number): { terminated: { exitCode: number } } => ({ terminated: { exitCode } });
const waiting = (reason: string, message?: string): object => ({ waiting: { reason, message } });

describe('the next step', () => {
  test.each<[string, Pod | undefined, readonly string[], FollowStep]>([
    ['no pod yet: wait', undefined, [], { type: 'wait' }],
    ['a pod without a container yet: wait', pod('Pending'), [], { type: 'wait' }],
    ['a container being made: wait without a word', pod('Pending', { state: waiting('ContainerCreating') }), [], { type: 'wait' }],
    [
      'an image that cannot be pulled: wait and say so',
      pod('Pending', { state: waiting('ErrImagePull', 'no such image') }),
      [],
      { type: 'wait', waitingFor: 'ErrImagePull: no such image' },
    ],
    ['a running container: show it', pod('Running', { containerID: 'docker://1', state: running }), [], { type: 'stream', attempt: 'docker://1' }],
    ['one that ended before anybody looked: show it', pod('Succeeded', { containerID: 'docker://1', state: ended(0) }), [], { type: 'stream', attempt: 'docker://1' }],
    ['shown, and not seen to end yet: wait', pod('Running', { containerID: 'docker://1', state: running }), ['docker://1'], { type: 'wait' }],
    ['shown, and to be restarted: wait', pod('Running', { containerID: 'docker://1', state: ended(3) }), ['docker://1'], { type: 'wait' }],
    ['the next attempt: show it', pod('Running', { containerID: 'docker://2', state: running }), ['docker://1'], { type: 'stream', attempt: 'docker://2' }],
    ['shown to its end: done', pod('Succeeded', { containerID: 'docker://1', state: ended(0) }), ['docker://1'], { type: 'done', exitCode: 0 }],
    ['failed: its exit code', pod('Failed', { containerID: 'docker://1', state: ended(42) }, 'Never'), ['docker://1'], { type: 'done', exitCode: 42 }],
    ['failed without ever running: 1', { ...pod('Failed'), status: { phase: 'Failed' } }, [], { type: 'done', exitCode: 1 }],
    [
      'always restarted: its first end counts',
      pod('Running', { containerID: 'docker://1', state: waiting('CrashLoopBackOff'), lastState: ended(7) }, 'Always'),
      ['docker://1'],
      { type: 'done', exitCode: 7 },
    ],
  ])('%s', (_, current, shown, step) => {
    expect(planFollow(current, shown)).toEqual(step);
  });
});
