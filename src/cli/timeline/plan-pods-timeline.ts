// pure: the rows of Pods: one for each container, attempts in the order in which they came, indexes together.
import type { CoreEvent, Pod } from '../../api/generated/types.ts';
import { humanDuration } from '../../api/duration-text.ts';
import { fromTime } from '../../api/time.ts';
import { hasEnded, indexOfPod, rolesOf, type ContainerRun } from '../runs/container-run.ts';
import { containerRow } from './container-row.ts';
import type { Row, Span } from './timeline.ts';

export interface PodsObserved {
  readonly pods: readonly Pod[];
  /** Of these Pods and of such that are gone, oldest first. */
  readonly runs: readonly ContainerRun[];
  /** About Pods. */
  readonly events: readonly CoreEvent[];
}

interface PodHistory {
  readonly uid: string;
  readonly name: string;
  readonly pod: Pod | undefined;
  readonly index: number | undefined;
  readonly runs: readonly ContainerRun[];
  /** When it was made or, if nobody knows, its first sign of life. */
  readonly from: number;
  /** When its last container ended, well or badly. */
  readonly end: { readonly at: number; readonly failed: boolean } | undefined;
}

export function planPodRows(observed: PodsObserved, now: number): Row[] {
  const histories = historiesOf(observed, now);
  return histories.flatMap((history) => rowsOf(history, { observed, now, backOff: backOffBefore(history, histories) }));
}

function historiesOf({ pods, runs, events }: PodsObserved, now: number): PodHistory[] {
  const uids = new Set([...pods.map(({ metadata }) => metadata?.uid ?? ''), ...runs.map(({ podUid }) => podUid)]);
  const all = [...uids].map((uid): PodHistory => {
    const pod = pods.find(({ metadata }) => metadata?.uid === uid);
    const own = runs.filter(({ podUid }) => podUid === uid);
    const ends = own.filter(({ role }) => role !== 'sidecar').flatMap((run) => (run.finishedAt === undefined ? [] : [run.finishedAt]));
    const over = pod === undefined ? own.every(hasEnded) : pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    const failed = pod === undefined ? own.some((run) => run.role !== 'sidecar' && run.exitCode !== 0) : pod.status?.phase !== 'Succeeded';
    return {
      uid,
      pod,
      name: pod?.metadata?.name ?? own[0]?.pod ?? uid,
      index: pod === undefined ? own[0]?.index : indexOfPod(pod),
      runs: own,
      from: fromTime(pod?.metadata?.creationTimestamp) ?? firstSign(own, events.filter(({ involvedObject }) => involvedObject.uid === uid)) ?? now,
      end: over && ends.length > 0 ? { at: Math.max(...ends), failed } : undefined,
    };
  });
  return all.sort((a, b) => (a.index ?? -1) - (b.index ?? -1) || a.from - b.from || (a.name < b.name ? -1 : 1));
}

/** Events outlive their Pod for a while: the first tells that it was scheduled. */
function firstSign(runs: readonly ContainerRun[], events: readonly CoreEvent[]): number | undefined {
  const times = [...events.map((event) => fromTime(event.firstTimestamp ?? event.eventTime)), ...runs.map(({ startedAt, finishedAt }) => startedAt ?? finishedAt)];
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** What the Job waited before it made this Pod: since the latest end before it, if that was a failure (of the same index). */
function backOffBefore({ uid, from, index }: PodHistory, histories: readonly PodHistory[]): Span | undefined {
  const ends = histories.flatMap((other) => (other.uid !== uid && other.index === index && other.end !== undefined && other.end.at <= from ? [other.end] : []));
  // Of two in the same second the success counts: it ends all back-off.
  const latest = ends.sort((a, b) => a.at - b.at || Number(b.failed) - Number(a.failed)).at(-1);
  if (latest === undefined || !latest.failed || from - latest.at < 1_000) return undefined;
  return { kind: 'back-off', from: latest.at, to: from, text: `the Job waited ${humanDuration(from - latest.at)} before it tried again` };
}

interface At {
  readonly observed: PodsObserved;
  readonly now: number;
  readonly backOff: Span | undefined;
}

function rowsOf({ uid, name, pod, runs, index, from }: PodHistory, { observed, now, backOff }: At): Row[] {
  const containers = [...new Set([...(pod === undefined ? [] : rolesOf(pod).map((role) => role.name)), ...runs.map(({ container }) => container)])];
  const events = observed.events.filter(({ involvedObject }) => (involvedObject.uid ?? uid) === uid && involvedObject.name === name);
  return containers.map((container, at) => {
    const row = containerRow({ name, container, pod, createdAt: from, events, runs: runs.filter((run) => run.container === container), now });
    return {
      ...row,
      ...(index === undefined ? {} : { index }),
      ...(containers.length > 1 ? { container } : {}),
      spans: at === 0 && backOff !== undefined ? [backOff, ...row.spans] : row.spans,
    };
  });
}
