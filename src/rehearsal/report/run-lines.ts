// pure: the runs of a CronJob as lines, and what else is worth a line between them. Runs that are all alike are told once.
import { spanText } from '../span-text.ts';
import type { Occurrence, Rehearsal, Run } from '../story.ts';
import { localTime, type Offsets } from './local-time.ts';

interface Line {
  readonly at: number;
  readonly text: string;
  /** The same for runs of which one stands for the others; absent for what stands for itself. */
  readonly kind?: string;
}

/** A start that comes later than this after its time is told as late. */
const PUNCTUAL_MS = 1_000;
/** Fewer runs that are alike are all told. */
const LEAST_FOLDED = 3;

export function runLines(rehearsal: Rehearsal, zone: Offsets): readonly string[] {
  const runs = rehearsal.runs.map((run): Line => ({ at: run.createdAt, ...runText(run, zone, rehearsal.until) }));
  const others = rehearsal.occurrences.filter(isWorthALine).map(({ at, message }): Line => ({ at, text: `    ${message}` }));
  const lines = [...runs, ...others].sort((a, b) => a.at - b.at);
  return folded(lines, zone);
}

/** Every event and note, for those who want to see them all. */
export function occurrenceLines({ occurrences }: Rehearsal, zone: Offsets): readonly string[] {
  return occurrences.map(({ at, kind, name, type, reason, message }) => `${localTime(zone, at)} ${type === 'Warning' ? '!' : ' '} ${kind} ${name}  ${reason}: ${message}`);
}

/** What is said of a run is not said again; of the CronJob, what went well is not said at all. */
function isWorthALine({ kind, type, reason, isNote }: Occurrence): boolean {
  if (kind !== 'CronJob') return false;
  return (isNote || type === 'Warning') && reason !== 'JobAlreadyActive';
}

function runText(run: Run, zone: Offsets, until: number): Pick<Line, 'text' | 'kind'> {
  const { job, scheduledAt, createdAt, endedAt, pods, failedPods, restarts, longestWaitMs } = run;
  const lateMs = scheduledAt === undefined ? 0 : createdAt - scheduledAt;
  const late = lateMs > PUNCTUAL_MS ? `starts ${spanText(lateMs)} late (due ${localTime(zone, scheduledAt!)}), ` : '';
  const after = spanText((endedAt ?? until) - createdAt);
  const trouble = [
    ...(failedPods === 0 ? [] : [`${failedPods} of ${pods} ${pods === 1 ? 'pod' : 'pods'} failed`]),
    ...(restarts === 0 ? [] : [`${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`]),
    ...(longestWaitMs === 0 ? [] : [`waited up to ${spanText(longestWaitMs)} between attempts`]),
  ];
  const end = { complete: 'complete', failed: `FAILED FOR GOOD (${run.reason})`, replaced: 'replaced', unfinished: 'not over' }[run.outcome];
  const text = `${job}  ${late}${end} after ${after}${trouble.length === 0 ? '' : `: ${trouble.join(', ')}`}`;
  const isPlain = run.outcome === 'complete' && late === '' && trouble.length === 0;
  return isPlain ? { text, kind: 'plain' } : { text };
}

function folded(lines: readonly Line[], zone: Offsets): readonly string[] {
  const told: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    let end = at + 1;
    while (line.kind !== undefined && lines[end]?.kind === line.kind) end += 1;
    const alike = end - at - 1;
    told.push(`${localTime(zone, line.at)}  ${line.text}`);
    if (alike >= LEAST_FOLDED) told.push(`    ... ${alike} runs like this, the last at ${localTime(zone, lines[end - 1]!.at)}`);
    else for (const other of lines.slice(at + 1, end)) told.push(`${localTime(zone, other.at)}  ${other.text}`);
    at = end;
  }
  return told;
}
