// pure: the next runs of a schedule as a table for people and as JSON for programs.
import type { Zone } from '../../api/cron/zone.ts';
import { humanDuration } from '../../api/duration-text.ts';
import { toTime } from '../../api/time.ts';
import { localTime, wallText } from '../../rehearsal/report/local-time.ts';
import { alignTabs, TABLE_ALIGNMENT } from '../printers/tab-align.ts';
import type { NextLine, NextRuns } from './plan-next-runs.ts';

export interface NextRunsSubject {
  /** Absent for a schedule that was only typed. */
  readonly cronJob?: { readonly namespace: string; readonly name: string; readonly isSuspended: boolean };
  readonly scheduleText: string;
  readonly zone: Zone;
  /** Of this machine. */
  readonly localZone: Zone;
  readonly from: number;
}

export function nextRunsText({ lines, isAll }: NextRuns, subject: NextRunsSubject): string {
  const { cronJob, scheduleText, zone, localZone } = subject;
  const what = `${cronJob === undefined ? 'Schedule' : `CronJob ${cronJob.namespace}/${cronJob.name}:`} "${scheduleText}" in ${zone.name}`;
  const suspended = cronJob?.isSuspended === true ? [`Suspended: none of these runs until minik resume cronjob/${cronJob.name}.`] : [];
  const hasLocal = localZone.name !== zone.name;
  const hasNotes = lines.some((line) => noteOf(line, zone) !== '');
  const head = [`NEXT (${zone.name})`, ...(hasLocal ? [`LOCAL (${localZone.name})`] : []), 'IN', ...(hasNotes ? ['NOTE'] : [])];
  const rows = lines.map((line) => {
    const note = hasNotes ? [noteOf(line, zone)] : [];
    if (line.type === 'gap') return ['-', ...(hasLocal ? ['-'] : []), '-', ...note];
    return [shown(zone, line.at), ...(hasLocal ? [shown(localZone, line.at)] : []), humanDuration(line.at - subject.from), ...note];
  });
  const table = rows.length === 0 ? [] : alignTabs([head, ...rows].map((row) => row.join('\t')).join('\n'), TABLE_ALIGNMENT).split('\n').map((row) => row.trimEnd());
  return `${[what, ...suspended, ...table, ...(isAll ? [endOf(lines)] : [])].join('\n')}\n`;
}

function endOf(lines: readonly NextLine[]): string {
  return lines.some((line) => line.type === 'run') ? 'No further run within five years of the last.' : 'It never runs: no such time comes within five years.';
}

function noteOf(line: NextLine, zone: Zone): string {
  if (line.type === 'gap') {
    const day = dayText(line.first);
    if (line.count === 1) return `skipped: ${clockText(line.first)} does not exist on ${day}`;
    const until = dayText(line.last) === day ? clockText(line.last) : `${dayText(line.last)} ${clockText(line.last)}`;
    return `skipped: ${line.count} times from ${clockText(line.first)} to ${until} do not exist on ${day}`;
  }
  if (line.turn === undefined) return '';
  const reading = line.at + zone.spanAt(line.at).offset;
  return line.turn === 'first' ? `runs twice: ${clockText(reading)} comes again on ${dayText(reading)}` : `runs twice: the second ${clockText(reading)}`;
}

export function nextRunsJson({ lines, isAll }: NextRuns, { cronJob, scheduleText, zone, localZone, from }: NextRunsSubject): string {
  const stamp = (in_: Zone, time: number): string => localTime(in_, time).replace(' ', 'T');
  const report = {
    ...(cronJob === undefined ? {} : { cronJob: { namespace: cronJob.namespace, name: cronJob.name }, suspend: cronJob.isSuspended }),
    schedule: scheduleText,
    timeZone: zone.name,
    localTimeZone: localZone.name,
    from: toTime(from),
    runs: lines.flatMap((line) =>
      line.type === 'run' ? [{ time: toTime(line.at), inTimeZone: stamp(zone, line.at), local: stamp(localZone, line.at), ...(line.turn === undefined ? {} : { ofTwo: line.turn }) }] : [],
    ),
    skipped: lines.flatMap((line) =>
      line.type === 'gap' ? [{ time: toTime(line.at), count: line.count, first: wallText(line.first).replace(' ', 'T'), last: wallText(line.last).replace(' ', 'T') }] : [],
    ),
    complete: isAll,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function shown(zone: Zone, time: number): string {
  return `${WEEKDAYS[new Date(time + zone.spanAt(time).offset).getUTCDay()]} ${localTime(zone, time)}`;
}

/** "Sun 2026-03-29". */
function dayText(reading: number): string {
  return `${WEEKDAYS[new Date(reading).getUTCDay()]} ${wallText(reading).slice(0, 10)}`;
}

/** "02:30". */
function clockText(reading: number): string {
  return wallText(reading).slice(11, 16);
}
