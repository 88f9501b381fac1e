// pure: when a CronJob runs: its schedule in its zone, counted from its last run.
import { latestTime, nextTime } from '../cron/next-time.ts';
import { parseSchedule, type Schedule } from '../cron/schedule.ts';
import { openZone, UTC, type Zone } from '../cron/zone.ts';
import type { CronJob, CronJobSpec } from '../generated/types.ts';
import { goQuote } from '../go-quote.ts';
import { fromTime } from '../time.ts';

export type Timing =
  | { readonly ok: true; readonly schedule: Schedule; readonly zone: Zone }
  /** With the reason and the text that upstream's event about it has. */
  | { readonly ok: false; readonly reason: 'UnknownTimeZone' | 'UnparseableSchedule'; readonly message: string };

export interface RunTimes {
  /** The last that was due by now and after the last run; ms since the epoch. */
  readonly latest?: number;
  /** The first that is still to come; absent when there is none within five years. */
  readonly next?: number;
}

/** What was read of a spec, which is never changed in place: a CronJob is looked at often, and reading takes its time. */
const read = new WeakMap<CronJobSpec, Timing>();

/** A zone in the schedule itself goes before the field. Without any, times are UTC. */
export function timingOf(spec: CronJobSpec): Timing {
  const known = read.get(spec);
  if (known !== undefined) return known;
  const timing = readTiming(spec);
  read.set(spec, timing);
  return timing;
}

function readTiming({ schedule, timeZone }: CronJobSpec): Timing {
  const zone = timeZone === undefined ? UTC : openZone(timeZone);
  if (zone === undefined) return { ok: false, reason: 'UnknownTimeZone', message: `invalid timeZone: ${goQuote(timeZone ?? '')}: unknown time zone ${timeZone}` };
  const parsed = parseSchedule(schedule);
  if (!parsed.ok) return { ok: false, reason: 'UnparseableSchedule', message: `unparseable schedule: ${goQuote(schedule)} : ${parsed.problem}` };
  return { ok: true, schedule: parsed.schedule, zone: parsed.zone === undefined ? zone : (openZone(parsed.zone) ?? UTC) };
}

/** Where the search for due times begins: the last scheduled time, or the creation. */
export function countedFrom({ metadata, status }: CronJob): number {
  return fromTime(status?.lastScheduleTime) ?? fromTime(metadata?.creationTimestamp) ?? 0;
}

/** Nothing is due while the clock shows less than the last run: what ran is not run again. */
export function runTimes({ schedule, zone }: Timing & { readonly ok: true }, { from, now }: { readonly from: number; readonly now: number }): RunTimes {
  const latest = latestTime(schedule, zone, { after: from, until: now });
  // An interval is counted from run to run; any other schedule's next time does not depend on the last.
  const next = nextTime(schedule, zone, latest ?? (schedule.type === 'interval' ? from : Math.max(from, now)));
  return { ...(latest === undefined ? {} : { latest }), ...(next === undefined ? {} : { next }) };
}

/** When the next Job is due; undefined when none is: suspended, unreadable, or a date that never comes. */
export function nextRunOf(cronJob: CronJob, now: number): number | undefined {
  if (cronJob.spec.suspend === true || cronJob.metadata?.deletionTimestamp !== undefined) return undefined;
  const timing = timingOf(cronJob.spec);
  return timing.ok ? runTimes(timing, { from: countedFrom(cronJob), now }).next : undefined;
}
