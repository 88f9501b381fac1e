// The rehearsal beside the real controllers: the real API, the real kubelet on the fake runtime, a virtual clock. Both must
// tell the same events at the same seconds.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CronJob, CronJobSpec, Job, JobSpec, PodSpec } from '../../src/api/generated/types.ts';
import { CRON_JOBS, JOBS } from '../../src/api/kinds.ts';
import { ControllersBench, NODE, type Told } from '../support/controllers-bench.ts';
import { asSubject, play } from '../support/rehearsals.ts';

const SPAN_MS = 90_000;
const CRON_SPAN_MS = 285_000;

let bench: ControllersBench;

beforeEach(async () => {
  bench = await ControllersBench.start();
});

afterEach(async () => {
  await bench.close();
});

/** "+5s pi SuccessfulCreate: Created pod: pod-1": Pods by their order; times are cut to seconds. */
function lines(told: readonly Told[], from: number): string[] {
  const pods = new Map<string, string>();
  for (const { message } of told) {
    const name = /^Created pod: (\S+)$/.exec(message)?.[1];
    if (name !== undefined) pods.set(name, `pod-${pods.size + 1}`);
  }
  const all = told
    .filter(({ kind }) => kind === 'Job' || kind === 'CronJob')
    .map(({ at, name, reason, message }) => `+${Math.floor((at - from) / 1000)}s ${name} ${reason}: ${message.replace(/[a-z0-9-]+/g, (word) => pods.get(word) ?? word)}`);
  return all.reduce<string[]>(inserted, []);
}

/** What each object is told of, in order: controllers do not wait for each other. What is told twice at a moment is heard once. */
function byObject(told: readonly string[]): Record<string, string[]> {
  const objects: Record<string, string[]> = {};
  for (const line of told) {
    const own = (objects[line.split(' ')[1]!] ??= []);
    if (own.at(-1) !== line) own.push(line);
  }
  return objects;
}

/** Pods are deleted side by side, and which is heard of first is chance: those of one moment are put in order. */
function inserted(before: string[], line: string): string[] {
  const moment = /^.* SuccessfulDelete:/.exec(line)?.[0];
  let at = before.length;
  while (moment !== undefined && at > 0 && before[at - 1]!.startsWith(moment) && before[at - 1]! > line) at -= 1;
  return before.toSpliced(at, 0, line);
}

/** A container that runs for so long, ends with this code, and takes no notice of SIGTERM. */
function template({ seconds, exitCode = 0 }: Run, restartPolicy: string): { readonly spec: PodSpec } {
  const container = { name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', `sleep ${seconds}; exit ${exitCode}`] };
  return { spec: { nodeName: NODE, restartPolicy, terminationGracePeriodSeconds: 2, containers: [container] } };
}

interface Run {
  readonly seconds: number;
  readonly exitCode?: number;
}

const asPlayed = ({ seconds, exitCode = 0 }: Run, from: number) =>
  ({ length: { type: 'fixed', ms: seconds * 1000 }, startMs: 0, stopMs: 60_000, failRate: exitCode === 0 ? 0 : 1, exitCode: exitCode || 1, seed: 1, from, until: from + SPAN_MS }) as const;

describe('a Job', () => {
  const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }];

  test.each<[string, Partial<JobSpec>, Run, string]>([
    ['that completes', {}, { seconds: 5 }, 'Never'],
    ['of several pods in waves', { completions: 5, parallelism: 2 }, { seconds: 3 }, 'Never'],
    ['that is a work queue', { parallelism: 3 }, { seconds: 3 }, 'Never'],
    ['of no pods', { completions: 0 }, { seconds: 3 }, 'Never'],
    ['that fails at its limit', { backoffLimit: 2 }, { seconds: 3, exitCode: 1 }, 'Never'],
    ['that fails with siblings', { backoffLimit: 2, completions: 3, parallelism: 3 }, { seconds: 3, exitCode: 1 }, 'Never'],
    ['that restarts in place', { backoffLimit: 2 }, { seconds: 3, exitCode: 1 }, 'OnFailure'],
    ['that may not restart', { backoffLimit: 0 }, { seconds: 3, exitCode: 1 }, 'OnFailure'],
    ['that meets its deadline', { activeDeadlineSeconds: 7, completions: 2, parallelism: 2 }, { seconds: 30 }, 'Never'],
    ['that meets its deadline while it waits to retry', { activeDeadlineSeconds: 7 }, { seconds: 3, exitCode: 1 }, 'Never'],
    ['that is suspended', { suspend: true }, { seconds: 3 }, 'Never'],
    ['whose policy fails it', { podFailurePolicy: { rules } }, { seconds: 3, exitCode: 42 }, 'Never'],
    ['whose policy counts it', { podFailurePolicy: { rules }, backoffLimit: 1 }, { seconds: 3, exitCode: 1 }, 'Never'],
    ['that is indexed', { completionMode: 'Indexed', completions: 3, parallelism: 2 }, { seconds: 3 }, 'Never'],
    ['with a limit an index', { completionMode: 'Indexed', completions: 2, parallelism: 2, backoffLimitPerIndex: 1 }, { seconds: 3, exitCode: 1 }, 'Never'],
  ])('%s is told as it happens', async (_what, spec, run, restartPolicy) => {
    const from = bench.kubelet.clock.now();
    const job: Job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'pi', namespace: 'default' }, spec: { ...spec, template: template(run, restartPolicy) } };
    await bench.create(JOBS, job);
    await bench.advance(SPAN_MS);
    const rehearsal = play({ ...asPlayed(run, from), subject: asSubject(job, from) });
    expect(lines(rehearsal.occurrences.filter(({ isNote }) => !isNote), from)).toEqual(lines(bench.told, from));
  });
});

describe('a CronJob', () => {
  test.each<[string, Partial<CronJobSpec>, Run, Partial<JobSpec>]>([
    ['that runs now and then', {}, { seconds: 5 }, {}],
    ['with an interval', { schedule: '@every 90s' }, { seconds: 5 }, {}],
    ['that lets Jobs run beside each other', {}, { seconds: 100 }, {}],
    ['that forbids it', { concurrencyPolicy: 'Forbid' }, { seconds: 100 }, {}],
    ['that forbids it for longer than its deadline', { concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 20 }, { seconds: 85 }, {}],
    ['that replaces', { concurrencyPolicy: 'Replace' }, { seconds: 100 }, {}],
    ['that keeps no history', { successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 }, { seconds: 5 }, {}],
    ['that keeps one failure', {}, { seconds: 5, exitCode: 1 }, { backoffLimit: 0 }],
    ['whose Jobs are tried again', {}, { seconds: 5, exitCode: 1 }, { backoffLimit: 1 }],
    ['whose Jobs have a time to live', {}, { seconds: 5 }, { ttlSecondsAfterFinished: 10 }],
    ['that is suspended', { suspend: true }, { seconds: 5 }, {}],
    ['in a zone', { timeZone: 'Asia/Kathmandu', schedule: '*/2 5-6 * * *' }, { seconds: 5 }, {}],
  ])('%s is told as it happens', async (_what, spec, run, jobSpec) => {
    const from = bench.kubelet.clock.now();
    const cronJob: CronJob = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'pi', namespace: 'default' },
      spec: { schedule: '* * * * *', jobTemplate: { spec: { ...jobSpec, template: template(run, 'Never') } }, ...spec },
    };
    await bench.create(CRON_JOBS, cronJob);
    await bench.advance(CRON_SPAN_MS);
    const rehearsal = play({ ...asPlayed(run, from), until: from + CRON_SPAN_MS, subject: asSubject(cronJob, from) });
    const [played, real] = [rehearsal.occurrences.filter(({ isNote }) => !isNote), bench.told].map((told) => byObject(lines(told, from)));
    expect(played).toEqual(real);
    expect(Object.keys(real ?? {}).length > 0).toBe(spec.suspend !== true);
  });
});
