// Whose schedule minik cron next is asked about: a CronJob's, or one that was typed.
import { parseSchedule, type Schedule } from '../../api/cron/schedule.ts';
import { openZone, UTC, type Zone } from '../../api/cron/zone.ts';
import { countedFrom } from '../../api/cronjob/timing.ts';
import { CRON_JOBS } from '../../api/kinds.ts';
import { UsageError, type CliContext } from '../context.ts';
import { resourceOfWord } from '../resource-args.ts';

export interface FoundSchedule {
  readonly cronJob?: { readonly namespace: string; readonly name: string; readonly isSuspended: boolean };
  readonly text: string;
  readonly schedule: Schedule;
  readonly zone: Zone;
  readonly usesSeven: boolean;
  /** From where a CronJob's interval is counted: its last run or its creation. */
  readonly countedFrom?: number;
}

export interface ScheduleFlags {
  readonly schedule?: string;
  readonly timeZone?: string;
}

export async function findSchedule(context: CliContext, words: readonly string[], flags: ScheduleFlags): Promise<FoundSchedule> {
  const [word] = words;
  if (words.length > 1) throw new UsageError(`expected one cronjob, got ${words.length}: ${words.join(' ')}`);
  if ((word === undefined) === (flags.schedule === undefined)) throw new UsageError("expected the name of a cronjob or --schedule, one of the two: minik cron next --schedule '30 2 * * *'");
  const wanted = flags.timeZone === undefined ? undefined : zoneOfFlag(flags.timeZone);
  if (word === undefined) return typed(flags.schedule!, wanted);
  const name = await nameOf(context, word);
  const client = await context.client();
  const cronJob = await client.get(CRON_JOBS, { namespace: context.namespace, name });
  const { schedule, timeZone, suspend } = cronJob.spec;
  const read = readSchedule(schedule, (problem) => `cronjob/${name} has a schedule that cannot be read: ${JSON.stringify(schedule)}: ${problem}`);
  return {
    ...read,
    zone: wanted ?? read.zone ?? zoneOf(timeZone, `cronjob/${name} has an unknown time zone: ${timeZone}`),
    cronJob: { namespace: context.namespace, name, isSuspended: suspend === true },
    countedFrom: countedFrom(cronJob),
  };
}

function typed(text: string, wanted: Zone | undefined): FoundSchedule {
  const read = readSchedule(text, (problem) => `invalid argument ${JSON.stringify(text)} for "--schedule" flag: ${problem}`);
  if (read.zone !== undefined && wanted !== undefined) throw new UsageError('--time-zone and a zone in --schedule cannot both be given: leave one out');
  return { ...read, zone: wanted ?? read.zone ?? UTC };
}

function readSchedule(text: string, failure: (problem: string) => string): { readonly text: string; readonly schedule: Schedule; readonly usesSeven: boolean; readonly zone?: Zone } {
  const parsed = parseSchedule(text);
  if (!parsed.ok) throw new UsageError(failure(parsed.problem));
  const zone = parsed.zone === undefined ? {} : { zone: zoneOf(parsed.zone, failure(`unknown time zone ${parsed.zone}`)) };
  return { text, schedule: parsed.schedule, usesSeven: parsed.usesSeven, ...zone };
}

function zoneOfFlag(name: string): Zone {
  return zoneOf(name, `invalid argument ${JSON.stringify(name)} for "--time-zone" flag: unknown time zone ${name}: expected a name of tzdata such as Europe/Berlin`);
}

function zoneOf(name: string | undefined, failure: string): Zone {
  const zone = name === undefined ? UTC : openZone(name);
  if (zone === undefined) throw new UsageError(failure);
  return zone;
}

/** "x", or with its kind: "cronjob/x", "cj/x". */
async function nameOf(context: CliContext, word: string): Promise<string> {
  const [kind, name, ...rest] = word.split('/');
  if (name === undefined) return word;
  if (kind === '' || name === '' || rest.length > 0) throw new UsageError(`expected NAME or cronjob/NAME, got ${JSON.stringify(word)}`);
  const resource = resourceOfWord(kind!, await context.resources());
  if (resource.group !== CRON_JOBS.group || resource.plural !== CRON_JOBS.plural) throw new UsageError(`${resource.singular}/${name} has no schedule: only cronjobs have`);
  return name;
}
