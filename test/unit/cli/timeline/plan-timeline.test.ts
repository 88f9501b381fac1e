import { describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../../src/api/attempt/attempt.ts';
import type { CronJob, Job, Pod } from '../../../../src/api/generated/types.ts';
import { runsOf } from '../../../../src/cli/runs/container-run.ts';
import { planCronJobTimeline } from '../../../../src/cli/timeline/plan-cron-job-timeline.ts';
import { planJobTimeline } from '../../../../src/cli/timeline/plan-job-timeline.ts';
import { planPodTimeline } from '../../../../src/cli/timeline/plan-pod-timeline.ts';
import type { Timeline } from '../../../../src/cli/timeline/timeline.ts';
import { aJob } from '../../../support/builders.ts';
import { ago, anEvent, ended, failed, main, NOW, podFacts, waiting, type PodCase } from '../../../support/why-facts.ts';

function pods(...cases: readonly PodCase[]): Pod[] {
  return cases.map((one) => podFacts({ uid: one.name, ...one, metadata: { uid: one.name ?? 'u', creationTimestamp: ago(60), ...one.metadata } }).pod);
}

function plan(job: Job | undefined, of: readonly Pod[], attempts: readonly Attempt[] = []): Timeline {
  return planJobTimeline({ name: 'pi', job, pods: of, runs: runsOf(of, attempts), events: [] }, NOW);
}

/** "waiting 0-2" in seconds after the beginning, "running 2-" when it goes on. */
function shape({ rows, from }: Timeline): string[] {
  const at = (ms: number | undefined): string => (ms === undefined ? '' : String((ms - from) / 1_000));
  return rows.map(({ name, container, index, spans, marks, note }) => [index === undefined ? name : `${index}:${name}`, ...(container === undefined ? [] : [container]), ...spans.map((span) => `${span.kind} ${at(span.from)}-${at(span.to)}`), ...marks.map((mark) => `${mark.kind} ${at(mark.at)}`), `(${note})`].join(' '));
}

const run = (start: number, end: number, code: number) => ended(code, { startedAt: ago(start), finishedAt: ago(end) });
const failedPod = (name: string, times: readonly [number, number, number]): PodCase => ({ name, metadata: { creationTimestamp: ago(times[0]), uid: name }, status: failed(3, { startedAt: ago(times[1]), finishedAt: ago(times[2]) }) });

describe('the timeline of a Job', () => {
  test('is empty where nothing has run', () => {
    expect(plan(aJob({ metadata: { name: 'pi', creationTimestamp: ago(5) } }), [])).toMatchObject({ subject: 'job/pi', rows: [], from: NOW - 5_000, to: NOW, isLive: true, state: 'waiting' });
  });

  test('shows waiting, running and the end of each attempt, and the back-off between them', () => {
    const job = aJob({ status: { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] } });
    const timeline = plan(job, pods(failedPod('pi-b', [45, 44, 40]), failedPod('pi-a', [60, 58, 55])));
    expect(shape(timeline)).toEqual(['pi-a waiting 0-2 running 2-5 failure 5 (exit 3)', 'pi-b back-off 5-15 waiting 15-16 running 16-20 failure 20 (exit 3)']);
    expect(timeline).toMatchObject({ health: 'trouble', state: 'failed: BackoffLimitExceeded', isLive: false, to: NOW - 40_000 });
  });

  test('shows the try that is still to come', () => {
    const timeline = plan(aJob({ status: { failed: 1 } }), pods(failedPod('pi-a', [10, 9, 4])));
    expect(shape(timeline)).toEqual(['pi-a waiting 0-1 running 1-6 failure 6 (exit 3)', 'next try back-off 6- (in 6s)']);
    expect(timeline).toMatchObject({ state: 'waiting to try again', isLive: true });
  });

  test('shows no back-off after a success', () => {
    const done: PodCase = { name: 'pi-a', metadata: { uid: 'pi-a', creationTimestamp: ago(60) }, status: { phase: 'Succeeded', ...main({ state: { terminated: run(60, 30, 0) } }) } };
    expect(shape(plan(aJob(), pods(done, failedPod('pi-b', [28, 28, 20]))))[1]).toBe('pi-b running 32-40 failure 40 (exit 3)');
  });

  test('puts the attempts of an index together, each index with its own back-off', () => {
    const index = (value: number, name: string, times: readonly [number, number, number]): PodCase => {
      const pod = failedPod(name, times);
      return { ...pod, metadata: { ...pod.metadata, annotations: { 'batch.kubernetes.io/job-completion-index': String(value) } } };
    };
    const job = aJob({ spec: { completionMode: 'Indexed', completions: 2 } });
    expect(shape(plan(job, pods(index(1, 'pi-1-a', [60, 60, 50]), index(0, 'pi-0-b', [40, 40, 30]), index(0, 'pi-0-a', [60, 60, 55])))).slice(0, 3)).toEqual([
      '0:pi-0-a running 0-5 failure 5 (exit 3)',
      '0:pi-0-b back-off 5-20 running 20-30 failure 30 (exit 3)',
      '1:pi-1-a running 0-10 failure 10 (exit 3)',
    ]);
  });

  test('shows restarts in place as runs of one row', () => {
    const looping: PodCase = { name: 'pi-a', status: { phase: 'Running', ...main({ restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: run(40, 35, 7) } }) } };
    const first: Attempt = { namespace: 'default', pod: 'pi-a', podUid: 'pi-a', container: 'main', restart: 0, isInit: false, isDefault: true, image: '', logBytes: 0, isTruncated: false, isArchived: true, startedAt: ago(58), finishedAt: ago(50), exitCode: 7 };
    expect(shape(plan(aJob({ status: { active: 1 } }), pods(looping), [first]))).toEqual(['pi-a waiting 0-2 running 2-10 back-off 10-20 running 20-25 back-off 25- failure 10 failure 25 (CrashLoopBackOff)']);
  });

  test('has a row for each container of a Pod', () => {
    const status = (name: string, state: object) => ({ name, image: '', imageID: '', ready: false, restartCount: 0, state });
    const both: PodCase = {
      name: 'pi-a', spec: { initContainers: [{ name: 'prepare', image: '' }] },
      status: { phase: 'Running', initContainerStatuses: [status('prepare', { terminated: run(60, 50, 0) })], containerStatuses: [status('main', { running: { startedAt: ago(50) } })] },
    };
    expect(shape(plan(aJob({ status: { active: 1 } }), pods(both)))).toEqual(['pi-a prepare running 0-10 success 10 (exit 0)', 'pi-a main waiting 0-10 running 10- (running 50s)']);
  });

  test('names what a Pod waits for', () => {
    expect(shape(plan(aJob({ status: { active: 1 } }), pods({ name: 'pi-a', status: waiting('ImagePullBackOff') })))).toEqual(['pi-a waiting 0- (ImagePullBackOff)']);
  });

  test('shows what is still there after it was asked to end', () => {
    const ending: PodCase = { name: 'pi-a', metadata: { uid: 'pi-a', creationTimestamp: ago(60), deletionTimestamp: ago(-20), deletionGracePeriodSeconds: 30 }, status: { phase: 'Running', ...main({ state: { running: { startedAt: ago(60) } } }) } };
    expect(shape(plan(aJob(), pods(ending)))).toEqual(['pi-a running 0-50 terminating 50- (ending 60s)']);
  });

  test('of a Job that is gone is made of what was kept', () => {
    const kept = { namespace: 'default', container: 'main', restart: 0, isInit: false, isDefault: true, image: '', logBytes: 0, isTruncated: false, isArchived: true } as const;
    const timeline = plan(undefined, [], [
      { ...kept, pod: 'pi-a', podUid: 'a', startedAt: ago(60), finishedAt: ago(55), exitCode: 1 },
      { ...kept, pod: 'pi-b', podUid: 'b', startedAt: ago(45), finishedAt: ago(44), exitCode: 0 },
    ]);
    expect(shape(timeline)).toEqual(['pi-a running 0-5 failure 5 (exit 1)', 'pi-b back-off 5-15 running 15-16 success 16 (exit 0)']);
    expect(timeline).toMatchObject({ state: 'deleted; this is what was kept', isLive: false, to: NOW - 44_000 });
  });
});

describe('the timeline of a Pod', () => {
  test('tells from events how long the image took', () => {
    const [pod] = pods({ name: 'pi-aaaaa', status: failed(1, { startedAt: ago(40), finishedAt: ago(30) }) });
    const events = [anEvent('Pulling', 'Pulling image "x"', { firstTimestamp: ago(59) }), anEvent('Pulled', 'Successfully pulled', { firstTimestamp: ago(43) })].map((event) => ({ ...event, involvedObject: { ...event.involvedObject, uid: 'pi-aaaaa' } }));
    const timeline = planPodTimeline({ name: 'pi-aaaaa', pod, runs: runsOf([pod!], []), events }, NOW);
    expect(timeline).toMatchObject({ subject: 'pod/pi-aaaaa', state: 'failed', isLive: false, to: NOW - 30_000 });
    expect(timeline.rows[0]?.spans[0]).toMatchObject({ kind: 'waiting', text: 'waiting to start: image pulled for 16s' });
  });
});

describe('the timeline of a CronJob', () => {
  const cronJob: CronJob = { metadata: { name: 'backup', creationTimestamp: ago(900) }, spec: { schedule: '*/5 * * * *', jobTemplate: {} }, status: { lastScheduleTime: ago(0) } };
  const job = (name: string, start: number, status: Job['status']): Job => ({ metadata: { name, creationTimestamp: ago(start) }, status: { startTime: ago(start - 1), ...status } });

  test('has a row for each of its Jobs', () => {
    const timeline = planCronJobTimeline({ cronJob, jobs: [
      job('backup-1', 60, { completionTime: ago(40), conditions: [{ type: 'Complete', status: 'True' }] }),
      job('backup-2', 30, { conditions: [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded', lastTransitionTime: ago(20) }] }),
      job('backup-3', 10, {}),
    ] }, NOW);
    expect(shape(timeline)).toEqual(['backup-1 waiting 0-1 running 1-20 success 20 (complete 19s)', 'backup-2 waiting 30-31 running 31-40 failure 40 (DeadlineExceeded)', 'backup-3 waiting 50-51 running 51- (running 9s)']);
    expect(timeline).toMatchObject({ subject: 'cronjob/backup', state: 'next run in 5m', health: 'healthy' });
  });

  test('that is suspended and idle is over', () => {
    expect(planCronJobTimeline({ cronJob: { ...cronJob, spec: { ...cronJob.spec, suspend: true } }, jobs: [] }, NOW)).toMatchObject({ state: 'suspended', isLive: false, rows: [] });
  });
});
