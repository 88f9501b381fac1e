// pure: a Job over time: its Pods, those that are gone included, and the try that is still to come.
import { humanDuration } from '../../api/duration-text.ts';
import type { Job } from '../../api/generated/types.ts';
import { isFinished, jobCondition } from '../../api/job/conditions.ts';
import { fromTime } from '../../api/time.ts';
import type { Health } from '../why/diagnosis.ts';
import { pendingRetries } from '../why/job-retry.ts';
import { STARTING } from './container-row.ts';
import { planPodRows, type PodsObserved } from './plan-pods-timeline.ts';
import type { Row, Timeline } from './timeline.ts';

export interface JobObserved extends PodsObserved {
  readonly name: string;
  /** Absent: it is gone. */
  readonly job: Job | undefined;
}

const NEXT_TRY = 'next try';

export function planJobTimeline(observed: JobObserved, now: number): Timeline {
  const { job, name } = observed;
  const rows = withRetries(planPodRows(observed, now), job === undefined || isFinished(job) ? [] : retryRows(job, observed, now));
  const isOver = (job === undefined || isFinished(job)) && rows.every(({ state }) => state !== 'running' && state !== 'waiting');
  return { subject: `job/${name}`, ...stateOf(job, rows), ...extent(rows, { job, now, isLive: !isOver }), isLive: !isOver, rows };
}

/** The next try of an index stands under its last one. */
function withRetries(rows: readonly Row[], retries: readonly Row[]): Row[] {
  const after = (retry: Row): number => (retry.index === undefined ? -1 : rows.findLastIndex(({ index }) => index === retry.index));
  return [...rows.flatMap((row, at) => [row, ...retries.filter((retry) => after(retry) === at)]), ...retries.filter((retry) => after(retry) < 0)];
}

function retryRows(job: Job, { pods }: PodsObserved, now: number): Row[] {
  return pendingRetries(job, pods, now).map(({ index, failedAt, dueAt, delayMs }) => ({
    name: NEXT_TRY,
    ...(index === undefined ? {} : { index }),
    spans: [{ kind: 'back-off', from: failedAt, text: `waits ${humanDuration(delayMs)} before it tries again` }],
    marks: [],
    state: 'waiting',
    note: `in ${humanDuration(dueAt - now + 999)}`,
  }));
}

function stateOf(job: Job | undefined, rows: readonly Row[]): { readonly health: Health; readonly state: string } {
  if (job === undefined) return { health: 'healthy', state: 'deleted; this is what was kept' };
  const failed = jobCondition(job, 'Failed');
  if (failed?.status === 'True') return { health: 'trouble', state: `failed: ${failed.reason}` };
  if (jobCondition(job, 'Complete')?.status === 'True') return { health: 'complete', state: 'complete' };
  if (job.spec?.suspend === true) return { health: 'waiting', state: 'suspended' };
  if (rows.some(({ state }) => state === 'running')) return { health: 'healthy', state: 'running' };
  if (rows.some(({ note }) => note === STARTING)) return { health: 'healthy', state: STARTING };
  return { health: 'waiting', state: rows.some(({ name }) => name === NEXT_TRY) ? 'waiting to try again' : 'waiting' };
}

export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** At least a second long, so that there is an axis. */
export function extent(rows: readonly Row[], { job, now, isLive }: { readonly job?: Job | undefined; readonly now: number; readonly isLive: boolean }): Extent {
  const spans = rows.flatMap((row) => row.spans);
  const marks = rows.flatMap((row) => row.marks);
  const starts = [...spans.map((span) => span.from), ...marks.map(({ at }) => at)];
  const from = starts.length > 0 ? Math.min(...starts) : (fromTime(job?.metadata?.creationTimestamp) ?? now);
  const completed = fromTime(job?.status?.completionTime);
  const ends = [...spans.map((span) => span.to ?? now), ...marks.map(({ at }) => at), ...(completed === undefined ? [] : [completed])];
  return { from, to: Math.max(isLive ? now : Math.max(from, ...ends), from + 1_000) };
}
