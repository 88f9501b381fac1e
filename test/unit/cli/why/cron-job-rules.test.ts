import { describe, expect, test } from '@jest/globals';
import type { CronJob, Job } from '../../../../src/api/generated/types.ts';
import type { CronJobFacts } from '../../../../src/cli/why/cronjob/cron-job-facts.ts';
import { diagnoseCronJob } from '../../../../src/cli/why/cronjob/cron-job-rules.ts';
import { fact, type Diagnosis, type Health } from '../../../../src/cli/why/diagnosis.ts';
import { diagnosisText } from '../../../../src/cli/why/print-diagnosis.ts';
import { aJob } from '../../../support/builders.ts';
import { ago, anEvent, NOW } from '../../../support/why-facts.ts';

// NOW is 12:00:00.
function aCronJob(spec: Partial<CronJob['spec']> = {}, change: Partial<CronJob> = {}): CronJob {
  return {
    kind: 'CronJob',
    metadata: { name: 'backup', namespace: 'default', uid: 'cron', creationTimestamp: ago(86_400) },
    spec: { schedule: '*/5 * * * *', concurrencyPolicy: 'Allow', jobTemplate: { spec: aJob().spec! }, ...spec },
    status: { lastScheduleTime: ago(0) },
    ...change,
  };
}

const run = (name: string, status: Job['status'], start = 60): Job => aJob({ metadata: { name, creationTimestamp: ago(start) }, status: { startTime: ago(start), ...status } });
const complete = (name: string, start = 60, end = 50): Job => run(name, { completionTime: ago(end), conditions: [{ type: 'Complete', status: 'True', reason: 'CompletionsReached', lastTransitionTime: ago(end) }] }, start);
const broken = (name: string): Job => run(name, { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', lastTransitionTime: ago(40) }] });
const diagnosis = (health: Health, verdict: string): Diagnosis => ({ rule: 'x', health, verdict, evidence: [fact('something of the Job')], suggestions: [] });
const about = { kind: 'CronJob' } as const;

interface Case {
  readonly title: string;
  readonly cronJob: CronJob;
  readonly facts?: Partial<CronJobFacts>;
  readonly rule: string;
  readonly health: Health;
  readonly verdict: string | RegExp;
  readonly shows?: readonly string[];
}

const CASES: readonly Case[] = [
  { title: 'one that never ran tells when it will', cronJob: aCronJob({}, { status: {}, metadata: { name: 'backup', creationTimestamp: ago(30) } }), facts: { now: NOW - 10_000 }, rule: 'on-schedule', health: 'healthy', verdict: /^cronjob\/backup is on schedule: it has not run yet; the next is due in 10s \(Sun, 01 Mar 2026/ },
  { title: 'one whose last run is complete is on schedule', cronJob: aCronJob(), facts: { jobs: [complete('backup-1')] }, rule: 'on-schedule', health: 'healthy', verdict: /its last run is complete; the next is due in 5m \(/, shows: ['backup-1', 'complete', 'kept are the last 3 complete and 1 failed Jobs'] },
  { title: 'one with a running Job names it', cronJob: aCronJob(), facts: { jobs: [run('backup-2', { active: 1 }, 10)], diagnoses: new Map([['backup-2', diagnosis('healthy', 'job/backup-2 is running')]]) }, rule: 'on-schedule', health: 'healthy', verdict: /backup-2 is running/ },
  { title: 'a suspended one says what resuming does', cronJob: aCronJob({ suspend: true }), facts: { jobs: [run('backup-2', { active: 1 })] }, rule: 'suspended', health: 'waiting', verdict: 'cronjob/backup is suspended: it starts no Jobs until it is resumed', shows: ['what had been started runs on: backup-2', 'minik resume cronjob/backup'] },
  { title: 'a date that never comes is told', cronJob: aCronJob({ schedule: '0 0 31 2 *' }, { status: {} }), rule: 'never-due', health: 'trouble', verdict: 'cronjob/backup never runs: no day of the next five years fits its schedule "0 0 31 2 *"' },
  { title: 'a zone that is none is told', cronJob: aCronJob({ timeZone: 'Mars/Base' }), rule: 'time-zone', health: 'trouble', verdict: 'cronjob/backup never runs: nobody knows the time zone "Mars/Base"' },
  { title: 'a schedule that cannot be read is told', cronJob: aCronJob({ schedule: '61 * * * *' }), rule: 'schedule', health: 'trouble', verdict: 'cronjob/backup never runs: its schedule "61 * * * *" cannot be read', shows: ['above maximum'] },
  { title: 'a Job that the API server refuses is told', cronJob: aCronJob({}, { status: {} }), facts: { events: [anEvent('FailedCreate', 'Error creating job: nope', about)] }, rule: 'create-refused', health: 'trouble', verdict: 'cronjob/backup cannot start its Job: nope' },
  { title: 'Forbid with a run that goes on tells since when', cronJob: aCronJob({ concurrencyPolicy: 'Forbid' }, { status: { lastScheduleTime: ago(600) } }), facts: { jobs: [run('backup-1', { active: 1 }, 600)], diagnoses: new Map([['backup-1', diagnosis('healthy', 'job/backup-1 is running: 0 of 1 completion')]]) }, rule: 'forbid', health: 'trouble', verdict: 'cronjob/backup has skipped a run: concurrencyPolicy is Forbid and job/backup-1 has been running for 10m', shows: ['it starts as soon as the running Job ends', 'job/backup-1 is running: 0 of 1 completion', 'activeDeadlineSeconds'] },
  { title: 'a run that missed its deadline is told', cronJob: aCronJob({ startingDeadlineSeconds: 20 }), facts: { events: [anEvent('MissSchedule', 'Missed scheduled time to start a job: Sun, 01 Mar 2026 11:55:00 +0000', about)] }, rule: 'missed', health: 'trouble', verdict: 'cronjob/backup missed a run: it could not start within its startingDeadlineSeconds of 20', shows: ['Missed scheduled time to start a job', 'the next run is due in 5m'] },
  { title: 'a missed run before a later one that started is over', cronJob: aCronJob(), facts: { events: [anEvent('MissSchedule', 'Missed', { ...about, lastTimestamp: ago(600) }), anEvent('SuccessfulCreate', 'Created job backup-1', { ...about, lastTimestamp: ago(60) })], jobs: [complete('backup-1')] }, rule: 'on-schedule', health: 'healthy', verdict: /on schedule/ },
  { title: 'a run that is due and not there is told', cronJob: aCronJob({}, { status: { lastScheduleTime: ago(600) } }), facts: { now: NOW + 60_000 }, rule: 'overdue', health: 'trouble', verdict: /^cronjob\/backup is overdue: a run was due 60s ago \(Sun, 01 Mar 2026/ },
  { title: 'a run in trouble is told in the words of its Job', cronJob: aCronJob(), facts: { jobs: [run('backup-2', { active: 1 }, 10)], diagnoses: new Map([['backup-2', diagnosis('trouble', 'job/backup-2 is held up: no image')]]) }, rule: 'x', health: 'trouble', verdict: 'cronjob/backup has started its run, but job/backup-2 is held up: no image', shows: ['something of the Job'] },
  { title: 'a last run that failed is told in the words of its Job', cronJob: aCronJob(), facts: { jobs: [complete('backup-0', 400, 390), broken('backup-1')], diagnoses: new Map([['backup-1', diagnosis('trouble', 'job/backup-1 failed: its container exited with 3')]]) }, rule: 'last-failed', health: 'trouble', verdict: 'the last run of cronjob/backup failed: job/backup-1 failed: its container exited with 3', shows: ['failed: BackoffLimitExceeded'] },
  { title: 'a failure before the last success is over', cronJob: aCronJob(), facts: { jobs: [broken('backup-0'), complete('backup-1')] }, rule: 'on-schedule', health: 'healthy', verdict: /on schedule/ },
  { title: 'a Job slower than the schedule is told', cronJob: aCronJob({ concurrencyPolicy: 'Replace' }), facts: { jobs: [complete('backup-1', 500, 100)] }, rule: 'too-slow', health: 'trouble', verdict: 'cronjob/backup is due every 5m, but job/backup-1 took 6m40s', shows: ['each run is ended by the next one'] },
  { title: 'one that is being deleted says who holds it', cronJob: aCronJob({}, { metadata: { name: 'backup', deletionTimestamp: ago(3), finalizers: ['example.com/x'] } }), rule: 'finalizers', health: 'trouble', verdict: 'cronjob/backup was deleted 3s ago and is held by its finalizer example.com/x' },
];

describe('why a CronJob is as it is', () => {
  test.each(CASES)('$title', ({ cronJob, facts, rule, health, verdict, shows = [] }) => {
    const answer = diagnoseCronJob({ now: NOW, name: 'backup', cronJob, events: [], jobs: [], diagnoses: new Map(), ...facts });
    expect(answer).toMatchObject({ rule, health, verdict: typeof verdict === 'string' ? verdict : expect.stringMatching(verdict) });
    const printed = diagnosisText(answer, { colour: false, columns: 100 }).replace(/\n +/g, ' ');
    for (const text of shows) expect(printed).toContain(text);
  });
});
