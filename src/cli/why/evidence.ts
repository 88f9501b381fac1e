// pure: the pieces of evidence that many rules show: events, ends of logs, attempts with the waits between them.
import type { CoreEvent } from '../../api/generated/types.ts';
import { fromTime } from '../../api/time.ts';
import { hasEnded, runKey, type ContainerRun } from '../runs/container-run.ts';
import type { AttemptLine, Evidence } from './diagnosis.ts';
import type { LogTails } from './facts.ts';

/** The newest `atMost` events with one of these reasons, oldest first. */
export function eventEvidence(events: readonly CoreEvent[], reasons: RegExp, atMost = 3): Evidence[] {
  return eventsWith(events, reasons)
    .slice(-atMost)
    .map((event) => {
      const lastSeen = timeOfEvent(event);
      return {
        type: 'event',
        about: `${event.involvedObject.kind?.toLowerCase() ?? ''}/${event.involvedObject.name ?? ''}`,
        reason: event.reason ?? '',
        message: (event.message ?? '').trim(),
        count: event.series?.count ?? event.count ?? 1,
        ...(lastSeen === undefined ? {} : { lastSeen }),
      };
    });
}

export function eventsWith(events: readonly CoreEvent[], reasons: RegExp): CoreEvent[] {
  return events.filter(({ reason = '' }) => reasons.test(reason)).sort((a, b) => (fromTime(timeOfEvent(a)) ?? 0) - (fromTime(timeOfEvent(b)) ?? 0));
}

export function timeOfEvent(event: CoreEvent): string | undefined {
  return event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp;
}

/** Nothing when its log was not read; said so when it is empty. */
export function logEvidence(logs: LogTails, run: ContainerRun | undefined): Evidence[] {
  const tail = run === undefined ? undefined : logs.get(runKey(run));
  if (run === undefined || tail === undefined) return [];
  const which = `${run.pod}/${run.container}${run.restart > 0 ? `, restart ${run.restart}` : ''}`;
  if (tail.lines.length === 0) return [{ type: 'fact', text: `${which} wrote nothing to its log` }];
  const title = tail.lines.length === 1 ? `the log of ${which} ends with` : `the last ${tail.lines.length} lines of the log of ${which}`;
  return [{ type: 'log', title, lines: tail.lines, isArchived: tail.isArchived }];
}

/** Nothing for a single attempt: the verdict has told of it. */
export function attemptEvidence(runs: readonly ContainerRun[], title = 'attempts'): Evidence[] {
  const attempts = attemptLines(runs.filter((run) => run.role === 'app' || (hasEnded(run) && run.exitCode !== 0)));
  return attempts.length < 2 ? [] : [{ type: 'attempts', title, attempts }];
}

/** A wait is told between runs of one container in one Pod or, where each Pod runs once, of one index. */
function attemptLines(runs: readonly ContainerRun[]): AttemptLine[] {
  const lastEnd = new Map<string, number>();
  return runs.map((run) => {
    const chain = `${run.index ?? ''}/${run.container}`;
    const before = lastEnd.get(chain);
    if (run.finishedAt !== undefined) lastEnd.set(chain, Math.max(run.finishedAt, before ?? 0));
    const waitedMs = before === undefined || run.startedAt === undefined ? undefined : run.startedAt - before;
    return waitedMs === undefined || waitedMs < 0 ? { run } : { run, waitedMs };
  });
}
