// pure: lengths of time as Kubernetes prints them in AGE, DURATION and "... ago".
import { fromTime } from './time.ts';

const SECOND = 1;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** "<invalid>" for more than a second in the future. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (seconds < 10 * MINUTE) return two(seconds, [MINUTE, 'm'], [SECOND, 's']);
  if (seconds < 3 * HOUR) return `${Math.trunc(seconds / MINUTE)}m`;
  if (seconds < 8 * HOUR) return two(seconds, [HOUR, 'h'], [MINUTE, 'm']);
  if (seconds < 2 * DAY) return `${Math.trunc(seconds / HOUR)}h`;
  if (seconds < 8 * DAY) return two(seconds, [DAY, 'd'], [HOUR, 'h']);
  if (seconds < 2 * YEAR) return `${Math.trunc(seconds / DAY)}d`;
  if (seconds < 8 * YEAR) return two(seconds, [YEAR, 'y'], [DAY, 'd']);
  return `${Math.trunc(seconds / YEAR)}y`;
}

/** How long ago a timestamp is; "<unknown>" without one. */
export function ageText(timestamp: string | undefined, nowMs: number): string {
  const then = fromTime(timestamp);
  return then === undefined ? '<unknown>' : humanDuration(nowMs - then);
}

type Unit = readonly [seconds: number, letter: string];

/** Two units; the smaller one is left out when it is zero. */
function two(seconds: number, [large, largeLetter]: Unit, [small, smallLetter]: Unit): string {
  const first = Math.trunc(seconds / large);
  const second = Math.trunc((seconds % large) / small);
  return second === 0 ? `${first}${largeLetter}` : `${first}${largeLetter}${second}${smallLetter}`;
}
