// pure: the schedule of a CronJob, read as robfig/cron v3's standard parser reads it, plus 7 as Sunday.
// Own parser: croner and cron-parser run a time of the spring gap late instead of skipping it, and lack `N/step`, `@every` and robfig's error texts.
import { parseGoDuration } from '../go-duration.ts';
import { type Field, type FieldKind, parseField } from './field.ts';
import { openZone } from './zone.ts';

/** Wall-clock minutes. Lists are ascending. */
export interface CalendarSchedule {
  readonly type: 'calendar';
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  /** Sunday is 0. */
  readonly daysOfWeek: readonly number[];
  /** kube: with both day fields restricted a day of either runs, else a day must be of both. */
  readonly eitherDay: boolean;
}

/** A fixed distance, whatever the wall clock says. */
export interface IntervalSchedule {
  readonly type: 'interval';
  /** Whole seconds, in ms. */
  readonly everyMs: number;
}

export type Schedule = CalendarSchedule | IntervalSchedule;

export type ParsedSchedule =
  | { readonly ok: true; readonly schedule: Schedule; /** Of a TZ= or CRON_TZ= prefix. */ readonly zone?: string; /** 7 as Sunday, which upstream refuses. */ readonly usesSeven: boolean }
  | { readonly ok: false; readonly problem: string };

const MONTHS = { jan: 1, feb: 2, mar: 3, apr: 4, may: 5, jun: 6, jul: 7, aug: 8, sep: 9, oct: 10, nov: 11, dec: 12 };
const DAYS = { sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6 };
const FIELDS: readonly FieldKind[] = [{ min: 0, max: 59 }, { min: 0, max: 23 }, { min: 1, max: 31 }, { min: 1, max: 12, names: MONTHS }, { min: 0, max: 6, names: DAYS, alias: 7 }];

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** What Go takes for white space between fields. */
const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** A problem is told in robfig's words. */
export function parseSchedule(text: string): ParsedSchedule {
  if (text === '') return { ok: false, problem: 'empty spec string' };
  const prefix = /^(?:CRON_)?TZ=([^ ]*)/.exec(text);
  if (prefix === null) return parseUnprefixed(text);
  const name = prefix[1]!;
  const problem = zoneProblem(name);
  if (problem !== undefined) return { ok: false, problem: `provided bad location ${name}: ${problem}` };
  const parsed = parseUnprefixed(trim(text.slice(prefix[0].length)));
  // kube: Local is the zone of whoever asks, as without a prefix.
  return parsed.ok && name !== 'Local' ? { ...parsed, zone: name === '' ? 'UTC' : name } : parsed;
}

/** In the words of Go. An empty name is UTC. */
function zoneProblem(name: string): string | undefined {
  if (name === '' || name === 'Local') return undefined;
  if (name.includes('..') || /^[/\\]/.test(name)) return 'time: invalid location name';
  return openZone(name) === undefined ? `unknown time zone ${name}` : undefined;
}

function parseUnprefixed(text: string): ParsedSchedule {
  return text.startsWith('@') ? parseDescriptor(text) : parseFields(trim(text).split(SPACE).filter((field) => field !== ''));
}

function parseDescriptor(text: string): ParsedSchedule {
  if (Object.hasOwn(MACROS, text)) return parseFields(MACROS[text]!.split(' '));
  const every = '@every ';
  if (!text.startsWith(every)) return { ok: false, problem: `unrecognized descriptor: ${text}` };
  const duration = parseGoDuration(text.slice(every.length));
  if (!duration.ok) return { ok: false, problem: `failed to parse duration ${text}: ${duration.problem}` };
  return { ok: true, schedule: { type: 'interval', everyMs: Math.max(1000, Math.floor(duration.ms / 1000) * 1000) }, usesSeven: false };
}

function parseFields(texts: readonly string[]): ParsedSchedule {
  if (texts.length !== FIELDS.length) return { ok: false, problem: `expected exactly 5 fields, found ${texts.length}: [${texts.join(' ')}]` };
  const fields: Field[] = [];
  for (const [i, kind] of FIELDS.entries()) {
    const field = parseField(texts[i]!, kind);
    if (!field.ok) return field;
    fields.push(field);
  }
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = fields.map((field) => field.values) as [number[], number[], number[], number[], number[]];
  const eitherDay = !fields[2]!.isStar && !fields[4]!.isStar;
  return { ok: true, schedule: { type: 'calendar', minutes, hours, daysOfMonth, months, daysOfWeek, eitherDay }, usesSeven: fields[4]!.usesAlias };
}

function trim(text: string): string {
  return text.replace(new RegExp(`^${SPACE.source}|${SPACE.source}$`, 'g'), '');
}
