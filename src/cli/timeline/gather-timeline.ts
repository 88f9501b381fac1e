// Reads what a timeline is made of, and plans it.
import type { CoreEvent } from '../../api/generated/types.ts';
import { CRON_JOBS, EVENTS, JOBS, PODS, type Resource } from '../../api/kinds.ts';
import { notFoundError } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import { UsageError } from '../context.ts';
import type { ResourceName } from '../resource-args.ts';
import { runKey, runsOf, type ContainerRun } from '../runs/container-run.ts';
import { attemptsOf, findJobRuns, orAbsent } from '../runs/find-runs.ts';
import { logTail } from '../runs/log-tail.ts';
import { failedRunOf } from '../why/pod/over.ts';
import { jobsOfCronJob } from '../why/gather-cron-job.ts';
import { planCronJobTimeline } from './plan-cron-job-timeline.ts';
import { planJobTimeline } from './plan-job-timeline.ts';
import { planPodTimeline } from './plan-pod-timeline.ts';
import type { Row, Timeline } from './timeline.ts';

export interface TimelineAsked extends ResourceName {
  readonly client: Client;
  readonly namespace: string;
  readonly now: number;
  /** Ends of logs too, of runs that failed: a request each. */
  readonly withLogs: boolean;
}

export async function gatherTimeline(asked: TimelineAsked): Promise<Timeline> {
  const { resource } = asked;
  if (resource === (JOBS as Resource)) return jobTimeline(asked);
  if (resource === (PODS as Resource)) return podTimeline(asked);
  if (resource === (CRON_JOBS as Resource)) return cronJobTimeline(asked);
  throw new UsageError(`minik timeline knows jobs, pods and cronjobs, not ${resource.plural}`);
}

async function jobTimeline(asked: TimelineAsked): Promise<Timeline> {
  const { client, namespace, name, now, resource } = asked;
  const [{ job, pods, attempts }, events] = await Promise.all([findJobRuns(client, { namespace, name }), podEvents(client, namespace)]);
  if (job === undefined && attempts.length === 0) throw notFoundError(resource, name);
  const runs = runsOf(pods, attempts);
  return withLogs(asked, planJobTimeline({ name, job, pods, runs, events }, now), runs);
}

async function podTimeline(asked: TimelineAsked): Promise<Timeline> {
  const { client, namespace, name, now, resource } = asked;
  const [pod, all, events] = await Promise.all([orAbsent(client.get(PODS, { namespace, name })), attemptsOf(client, { namespace, pod: name }), podEvents(client, namespace, name)]);
  const uid = pod?.metadata?.uid ?? all.at(-1)?.podUid;
  if (uid === undefined) throw notFoundError(resource, name);
  const runs = runsOf(pod === undefined ? [] : [pod], all.filter(({ podUid }) => podUid === uid));
  return withLogs(asked, planPodTimeline({ name, pod, runs, events }, now), runs);
}

async function cronJobTimeline({ client, namespace, name, now }: TimelineAsked): Promise<Timeline> {
  const cronJob = await client.get(CRON_JOBS, { namespace, name });
  return planCronJobTimeline({ cronJob, jobs: await jobsOfCronJob(client, { namespace, uid: cronJob.metadata?.uid ?? '' }) }, now);
}

async function podEvents(client: Client, namespace: string, name?: string): Promise<readonly CoreEvent[]> {
  const fieldSelector = `involvedObject.kind=Pod${name === undefined ? '' : `,involvedObject.name=${name}`}`;
  return (await client.list(EVENTS, { namespace, fieldSelector })).items;
}

const LOG_LINES = 40;
/** More rows than this have no logs of their own on the page: each costs a request. */
const MAX_LOGS = 50;

async function withLogs({ client, namespace, withLogs: wanted }: TimelineAsked, timeline: Timeline, runs: readonly ContainerRun[]): Promise<Timeline> {
  if (!wanted) return timeline;
  const failed = timeline.rows.flatMap((row) => {
    const run = row.marks.some(({ kind }) => kind === 'failure') ? failedRunOf(runsOfRow(row, runs)) : undefined;
    return run === undefined ? [] : [{ row, run }];
  });
  const read = await Promise.all(
    failed.slice(-MAX_LOGS).map(async ({ row, run }) => {
      const isNewest = !runs.some((other) => runKey({ ...other, restart: run.restart }) === runKey(run) && other.restart > run.restart);
      return [row, await logTail(client, run, { namespace, lines: LOG_LINES, isNewest })] as const;
    }),
  );
  const logs = new Map(read);
  return { ...timeline, rows: timeline.rows.map((row) => (logs.get(row) === undefined ? row : { ...row, log: logs.get(row)! })) };
}

function runsOfRow({ name, container }: Row, runs: readonly ContainerRun[]): ContainerRun[] {
  return runs.filter((run) => run.pod === name && (container === undefined || run.container === container));
}
