// Facts for the rules of "minik why" and for timelines: a Job with Pods, and the changes that a case is about.
import type { ContainerStateTerminated, CoreEvent, Job, Pod, PodSpec, PodStatus } from '../../src/api/generated/types.ts';
import { toTime } from '../../src/api/time.ts';
import { runKey, runsOf, type ContainerRun } from '../../src/cli/runs/container-run.ts';
import type { JobFacts, NeededClaim, NeededConfig, PodFacts } from '../../src/cli/why/facts.ts';
import { aJob, aPod, NOW } from './builders.ts';

export { NOW };

/** A time so many seconds before NOW. */
export const ago = (seconds: number): string => toTime(NOW - seconds * 1_000);

export function ended(exitCode: number, change: Partial<ContainerStateTerminated> = {}): ContainerStateTerminated {
  return { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: ago(20), finishedAt: ago(10), ...change };
}

export interface PodCase {
  readonly name?: string;
  readonly uid?: string;
  readonly spec?: Partial<PodSpec>;
  readonly status?: PodStatus;
  readonly metadata?: Pod['metadata'];
  readonly events?: readonly CoreEvent[];
  readonly needs?: readonly NeededConfig[];
  readonly claims?: readonly NeededClaim[];
  readonly log?: readonly string[];
}

export function podFacts({ name = 'pi-aaaaa', spec = {}, status = {}, metadata = {}, events = [], needs = [], claims = [], log }: PodCase, job: Job = aJob()): PodFacts {
  const base = aPod(job, { name });
  const pod: Pod = { ...base, metadata: { ...base.metadata, ...metadata }, spec: { ...base.spec!, ...spec }, status: { phase: 'Pending', ...status } };
  const runs = runsOf([pod], []);
  return { now: NOW, namespace: 'default', pod, events, runs, needs, claims, logs: logsOf(runs, log) };
}

function logsOf(runs: readonly ContainerRun[], lines: readonly string[] | undefined): PodFacts['logs'] {
  return new Map(lines === undefined ? [] : runs.map((run) => [runKey(run), { lines, isArchived: false }]));
}

export function jobFacts(job: Job, pods: readonly PodCase[] = [], change: Partial<JobFacts> = {}): JobFacts {
  const facts = pods.map((pod) => podFacts(pod, job));
  return {
    now: NOW,
    namespace: 'default',
    name: job.metadata?.name ?? '',
    job,
    events: [],
    pods: facts,
    podEvents: new Map(facts.map(({ pod, events }) => [pod.metadata?.uid ?? '', events])),
    runs: facts.flatMap(({ runs }) => runs),
    logs: new Map(facts.flatMap(({ logs }) => [...logs])),
    ...change,
  };
}

/** status.containerStatuses of one container called main. */
export function main(state: PodStatus['containerStatuses'] extends (infer T)[] | undefined ? Partial<T> : never): Pick<PodStatus, 'containerStatuses'> {
  return { containerStatuses: [{ name: 'main', image: 'busybox', imageID: '', ready: false, restartCount: 0, ...state }] };
}

export function waiting(reason: string, message = ''): PodStatus {
  return { phase: 'Pending', ...main({ state: { waiting: { reason, message } } }) };
}

export function failed(exitCode: number, change: Partial<ContainerStateTerminated> = {}): PodStatus {
  return { phase: 'Failed', ...main({ state: { terminated: ended(exitCode, change) } }) };
}

export function anEvent(reason: string, message: string, change: Partial<CoreEvent> & { readonly kind?: string; readonly container?: string } = {}): CoreEvent {
  const { kind: about = 'Pod', container, ...rest } = change;
  return {
    kind: 'Event',
    metadata: { name: reason.toLowerCase(), namespace: 'default' },
    involvedObject: { kind: about, name: about === 'Pod' ? 'pi-aaaaa' : 'pi', uid: about === 'Pod' ? 'uid-pi-aaaaa' : 'job-uid', ...(container === undefined ? {} : { fieldPath: `spec.containers{${container}}` }) },
    type: 'Warning',
    reason,
    message,
    count: 1,
    firstTimestamp: ago(12),
    lastTimestamp: ago(12),
    ...rest,
  };
}
