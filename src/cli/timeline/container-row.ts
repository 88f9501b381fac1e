// pure: one container of one Pod as a row: its waits, its runs, how each of them ended.
import type { CoreEvent, Pod } from '../../api/generated/types.ts';
import { humanDuration } from '../../api/duration-text.ts';
import { fromTime } from '../../api/time.ts';
import type { ContainerRun } from '../runs/container-run.ts';
import { eventsWith, timeOfEvent } from '../why/evidence.ts';
import { runEndText } from '../why/run-text.ts';
import type { Mark, Row, Span } from './timeline.ts';

/** How a row stands whose container is about to start, and nothing is wrong. */
export const STARTING = 'starting';

export interface ContainerHistory {
  readonly name: string;
  readonly container: string;
  /** Absent: it is gone. */
  readonly pod: Pod | undefined;
  /** When the Pod was made, as far as that is known. */
  readonly createdAt: number | undefined;
  /** About the Pod. */
  readonly events: readonly CoreEvent[];
  /** Of this container, oldest first. */
  readonly runs: readonly ContainerRun[];
  readonly now: number;
}

export function containerRow(history: ContainerHistory): Row {
  const { name, runs } = history;
  const last = runs.at(-1);
  return {
    name,
    ...(last?.index === undefined ? {} : { index: last.index }),
    spans: [...firstWait(history), ...runs.flatMap((run, at) => [...waitBetween(runs[at - 1], run), ...runSpans(run, history)]), ...lastWait(history)],
    marks: runs.flatMap(markOf),
    ...outcome(history, last),
    ...((last?.message ?? '') === '' ? {} : { message: last!.message }),
  };
}

function firstWait({ pod, createdAt: from, runs, events, container, now }: ContainerHistory): Span[] {
  const first = runs[0]?.startedAt;
  if (from === undefined || (first !== undefined && first <= from)) return [];
  const isOver = pod === undefined || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  const end = first ?? (isOver ? (runs[0]?.finishedAt ?? from) : undefined);
  if (end === from) return [];
  return [{ kind: 'waiting', from, ...(end === undefined ? {} : { to: end }), text: waitText({ events, container, from, until: end ?? now }) }];
}

/** "waiting to start: scheduled after 2s, image pulled for 3s". */
function waitText({ events, container, from, until }: { readonly events: readonly CoreEvent[]; readonly container: string; readonly from: number; readonly until: number }): string {
  const at = (reason: RegExp): number | undefined => fromTime(timeOfEventOf(events, reason, container));
  const [scheduled, pulling, pulled] = [at(/^Scheduled$/), at(/^Pulling$/), at(/^(Pulled|ImagePullFallback)$/)];
  const parts = [
    ...(scheduled !== undefined && scheduled - from >= 1_000 ? [`scheduled after ${humanDuration(scheduled - from)}`] : []),
    ...(pulling === undefined ? [] : [`image pulled for ${humanDuration(Math.max((pulled ?? until) - pulling, 0))}`]),
  ];
  return parts.length === 0 ? 'waiting to start' : `waiting to start: ${parts.join(', ')}`;
}

function timeOfEventOf(events: readonly CoreEvent[], reason: RegExp, container: string): string | undefined {
  const found = eventsWith(events, reason).find(({ involvedObject: { fieldPath = '' } }) => fieldPath === '' || fieldPath.endsWith(`{${container}}`));
  return found === undefined ? undefined : (found.firstTimestamp ?? timeOfEvent(found));
}

function waitBetween(before: ContainerRun | undefined, run: ContainerRun): Span[] {
  const from = before?.finishedAt;
  if (from === undefined || run.startedAt === undefined || run.startedAt <= from) return [];
  return [{ kind: 'back-off', from, to: run.startedAt, text: `restart ${run.restart} after ${humanDuration(run.startedAt - from)}` }];
}

function runSpans(run: ContainerRun, history: ContainerHistory): Span[] {
  const { startedAt, finishedAt } = run;
  if (startedAt === undefined) return [];
  const end = finishedAt ?? (run.exitCode === undefined ? undefined : startedAt);
  const asked = askedToEnd(run, history);
  const text = run.restart === 0 ? 'running' : `running (restart ${run.restart})`;
  const lasted = end === undefined ? `${text} since ${humanDuration(history.now - startedAt)}` : `${text} for ${humanDuration(end - startedAt)}`;
  if (asked === undefined) return [{ kind: 'running', from: startedAt, ...(end === undefined ? {} : { to: end }), text: lasted }];
  return [
    { kind: 'running', from: startedAt, to: asked, text: `${text} for ${humanDuration(asked - startedAt)}` },
    { kind: 'terminating', from: asked, ...(end === undefined ? {} : { to: end }), text: 'asked to end, still there' },
  ];
}

/** When it was asked to end, if that was within this run. */
function askedToEnd({ startedAt = 0, finishedAt }: ContainerRun, { pod, events, container }: ContainerHistory): number | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod?.metadata ?? {};
  const deletion = fromTime(deletionTimestamp);
  const times = [
    ...eventsWith(events, /^Killing$/).filter(({ involvedObject: { fieldPath = '' } }) => fieldPath === '' || fieldPath.endsWith(`{${container}}`)).map((event) => fromTime(event.firstTimestamp ?? timeOfEvent(event))),
    ...(deletion === undefined ? [] : [deletion - deletionGracePeriodSeconds * 1_000]),
  ];
  const within = times.filter((time): time is number => time !== undefined && time > startedAt && (finishedAt === undefined || time < finishedAt));
  return within.length === 0 ? undefined : Math.min(...within);
}

function lastWait({ pod, runs, container, now }: ContainerHistory): Span[] {
  const from = runs.at(-1)?.finishedAt;
  const waiting = statusOf(pod, container)?.state?.waiting;
  if (from === undefined || waiting === undefined || pod?.status?.phase === 'Failed' || pod?.status?.phase === 'Succeeded') return [];
  return [{ kind: waiting.reason === 'CrashLoopBackOff' ? 'back-off' : 'waiting', from, text: `${waiting.reason ?? 'waiting'} for ${humanDuration(now - from)}` }];
}

function markOf(run: ContainerRun): Mark[] {
  const at = run.finishedAt ?? run.startedAt;
  if (run.exitCode === undefined || at === undefined) return [];
  return [{ at, kind: run.exitCode === 0 ? 'success' : 'failure', text: runEndText(run) }];
}

function outcome({ pod, container, now }: ContainerHistory, last: ContainerRun | undefined): Pick<Row, 'state' | 'note'> {
  const waiting = statusOf(pod, container)?.state?.waiting;
  const isOver = pod === undefined || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  if (!isOver && waiting !== undefined) {
    const calm = waiting.reason === undefined || /^(ContainerCreating|PodInitializing)$/.test(waiting.reason);
    return { state: 'waiting', note: calm ? STARTING : waiting.reason! };
  }
  if (last === undefined) return isOver ? { state: 'stopped', note: 'never ran' } : { state: 'waiting', note: waitingNote(pod) };
  if (last.exitCode === undefined) {
    if (pod === undefined) return { state: 'stopped', note: 'end unknown' };
    const note = pod.metadata?.deletionTimestamp === undefined ? 'running' : 'ending';
    return { state: 'running', note: last.startedAt === undefined ? note : `${note} ${humanDuration(now - last.startedAt)}` };
  }
  const restarts = last.restart === 0 ? '' : `, restart ${last.restart}`;
  return { state: last.exitCode === 0 ? 'succeeded' : 'failed', note: `${runEndText(last)}${restarts}` };
}

function waitingNote(pod: Pod | undefined): string {
  const scheduled = pod?.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return scheduled?.status === 'False' ? (scheduled.reason ?? 'unscheduled') : 'waiting';
}

function statusOf(pod: Pod | undefined, container: string): { readonly state?: { readonly waiting?: { readonly reason?: string } } } | undefined {
  return [...(pod?.status?.initContainerStatuses ?? []), ...(pod?.status?.containerStatuses ?? [])].find(({ name }) => name === container);
}
