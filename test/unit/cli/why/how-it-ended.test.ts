import { describe, expect, test } from '@jest/globals';
import type { CoreEvent, Job, Pod } from '../../../../src/api/generated/types.ts';
import type { ContainerRun } from '../../../../src/cli/runs/container-run.ts';
import { howItEnded } from '../../../../src/cli/why/how-it-ended.ts';
import { aJob } from '../../../support/builders.ts';
import { ago, anEvent, NOW, podFacts } from '../../../support/why-facts.ts';

const RUN: ContainerRun = { pod: 'pi-aaaaa', podUid: 'uid-pi-aaaaa', container: 'main', role: 'app', restart: 0, startedAt: NOW - 20_000, finishedAt: NOW - 10_000, exitCode: 137, reason: 'Error', message: '', isArchived: false };

const pod = (change: Parameters<typeof podFacts>[0] = {}): Pod => podFacts(change).pod;
const limited = pod({ spec: { containers: [{ name: 'main', image: 'busybox', resources: { limits: { memory: '16Mi' } } }] } });
const deleted = pod({ metadata: { deletionTimestamp: ago(5), deletionGracePeriodSeconds: 5 } });
const late = aJob({ spec: { activeDeadlineSeconds: 30, template: { spec: { containers: [], terminationGracePeriodSeconds: 4 } } }, status: { conditions: [{ type: 'FailureTarget', status: 'True', reason: 'DeadlineExceeded', lastTransitionTime: ago(12) }] } });
const suspended = aJob({ spec: { suspend: true } });

interface Case {
  readonly title: string;
  readonly run: Partial<ContainerRun>;
  readonly pod?: Pod;
  readonly job?: Job;
  readonly events?: readonly CoreEvent[];
  readonly phrase: string;
}

const CASES: readonly Case[] = [
  { title: 'an ordinary exit code is told as it is', run: { exitCode: 3 }, phrase: 'exited with 3' },
  { title: 'an OOM kill names the limit', run: { reason: 'OOMKilled' }, pod: limited, phrase: 'was killed for using more memory than its limit of 16Mi (OOMKilled, exit code 137)' },
  { title: 'an OOM kill without a limit is the machine\'s', run: { reason: 'OOMKilled' }, pod: pod(), phrase: 'was killed because the machine ran out of memory (OOMKilled, exit code 137)' },
  { title: 'a SIGKILL that nobody here sent is told as such', run: {}, pod: pod(), phrase: 'was killed by SIGKILL (exit code 137)' },
  { title: 'a failed liveness probe is named', run: {}, pod: pod(), events: [anEvent('Killing', 'Container main failed liveness probe, will be restarted', { container: 'main' })], phrase: 'was killed because its liveness probe failed (exit code 137)' },
  { title: 'a kill of another container is not taken for this one\'s', run: {}, pod: pod(), events: [anEvent('Killing', 'Container other failed liveness probe, will be restarted', { container: 'other' })], phrase: 'was killed by SIGKILL (exit code 137)' },
  { title: 'a kill of an earlier run is not taken for this one\'s', run: {}, pod: pod({ spec: { terminationGracePeriodSeconds: 2 } }), events: [anEvent('Killing', 'Container main failed liveness probe, will be restarted', { container: 'main', lastTimestamp: ago(60) })], phrase: 'was killed by SIGKILL (exit code 137)' },
  { title: "the Pod's own deadline is named", run: {}, pod: pod({ spec: { activeDeadlineSeconds: 9 }, status: { phase: 'Failed', reason: 'DeadlineExceeded' } }), phrase: "was killed by the Pod's activeDeadlineSeconds of 9 (exit code 137)" },
  { title: "the Job's deadline is named where it deleted the Pod", run: {}, pod: deleted, job: late, phrase: "was killed by the Job's activeDeadlineSeconds of 30 (exit code 137)" },
  { title: "the Job's deadline is named also when the Pod is gone", run: {}, job: late, phrase: "was killed by the Job's activeDeadlineSeconds of 30 (exit code 137)" },
  { title: 'what ended before the Job gave up was not killed by it', run: { finishedAt: NOW - 100_000 }, job: late, phrase: 'was killed by SIGKILL (exit code 137)' },
  { title: 'a suspended Job is named', run: { exitCode: 143 }, pod: deleted, job: suspended, phrase: 'was asked to end with SIGTERM (exit code 143) because its Job was suspended' },
  { title: 'a deleted Pod is named', run: { exitCode: 143 }, pod: deleted, phrase: 'was asked to end with SIGTERM (exit code 143) because its Pod was deleted' },
  { title: 'a container that vanished is told as lost', run: { reason: 'ContainerStatusUnknown' }, pod: pod(), phrase: 'was killed or removed behind the back of minik: its container was gone when it was looked for (exit code 137)' },
  { title: 'a container that had no time to start never ran', run: { reason: 'ContainerStatusUnknown', startedAt: undefined }, pod: pod(), phrase: 'never ran: its Pod was over before it could start' },
  { title: 'a program that is not in the image is named', run: { exitCode: 127, reason: 'StartError', message: 'exec: "tool": executable file not found in $PATH' }, phrase: 'could not start: the program "tool" is not in the image (exit code 127)' },
  { title: 'a command that may not be executed is told apart', run: { exitCode: 126, reason: 'StartError', message: 'exec: "/etc/passwd": permission denied' }, phrase: 'could not start: its command may not be executed (exit code 126)' },
  { title: 'an image of another architecture is told apart', run: { exitCode: 1, reason: 'StartError', message: 'exec /bin/tool: exec format error' }, phrase: 'could not start: its command is no program for this machine (exit code 1)' },
  { title: 'any other refusal to start is quoted', run: { exitCode: 128, reason: 'StartError', message: 'no' }, phrase: 'could not be started (exit code 128)' },
  { title: 'what has not ended is still running', run: { exitCode: undefined, finishedAt: undefined }, phrase: 'is still running' },
];

describe('how a run ended', () => {
  test.each(CASES)('$title', ({ run, pod: of, job, events = [], phrase }) => {
    expect(howItEnded({ ...RUN, ...run }, { pod: of, job, events }).phrase).toBe(phrase);
  });

  test('a termination message is quoted', () => {
    expect(howItEnded({ ...RUN, exitCode: 4, message: 'no space\n' }, { events: [] }).facts).toContain('its termination message: no space');
  });

  test('the grace period of the right Pod is told', () => {
    expect(howItEnded(RUN, { job: late, events: [] }).facts.join()).toContain('terminationGracePeriodSeconds (4)');
  });
});
