// pure: the part of a kept log that was asked for. Every kept line has its time before it, and a space. Logs are long and
// whoever selects serves others meanwhile: one pass over bytes, no text is made.
import type { LogRange } from './attempt-source.ts';

const NEWLINE = 10;
const SPACE = 32;
const ZULU = 'Z'.charCodeAt(0);
/** "2026-01-01T00:00:00", the same in every time. */
const SECOND_LENGTH = 19;
const LONGEST_TIME = 35;
const LAST_WRITABLE_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** In the order of the Pod log API: last lines, newer than, then the first bytes of what is left. */
export function selectLog(log: Uint8Array, { timestamps, tailLines, sinceMs, limitBytes = Infinity }: LogRange): Uint8Array {
  const isWanted = sinceMs === undefined ? () => true : newerThan(log, sinceMs);
  const shown = new Uint8Array(log.length);
  let length = 0;
  for (let at = tailStart(log, tailLines), next = at; at < log.length && length < limitBytes; at = next) {
    const end = log.indexOf(NEWLINE, at);
    next = end < 0 ? log.length : end + 1;
    const text = textStart(log, at, next);
    // A line that has no time is shown as it is.
    if (text > at && !isWanted(at, text)) continue;
    const from = timestamps ? at : text;
    shown.set(log.subarray(from, next), length);
    length += next - from;
  }
  return shown.subarray(0, Math.min(length, limitBytes));
}

/** Where the last lines begin; the very last one may have no newline. */
function tailStart(log: Uint8Array, tailLines: number | undefined): number {
  if (tailLines === undefined || log.length === 0) return 0;
  let at = log.length;
  for (let left = tailLines; left > 0 && at > 0; left -= 1) at = at === 1 ? 0 : log.lastIndexOf(NEWLINE, at - 2) + 1;
  return at;
}

/** Where the line's text begins, after its time and the space. */
function textStart(log: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + LONGEST_TIME + 1);
  for (let space = at + SECOND_LENGTH + 1; space < last; space += 1) if (log[space] === SPACE) return log[space - 1] === ZULU && isSecond(log, at) ? space + 1 : at;
  return at;
}

/** "dddd-dd-ddTdd:dd:dd" */
function isSecond(log: Uint8Array, at: number): boolean {
  for (let place = 0; place < SECOND_LENGTH; place += 1) {
    const byte = log[at + place]!;
    const separator = SEPARATORS[place]!;
    if (separator === 0 ? byte < 48 || byte > 57 : byte !== separator) return false;
  }
  return true;
}

const SEPARATORS: readonly number[] = [...'0000-00-00T00:00:00'].map((sign) => (sign === '0' ? 0 : sign.charCodeAt(0)));

/** Times are compared as they are written; only in the same second does it take more. */
function newerThan(log: Uint8Array, sinceMs: number): (at: number, text: number) => boolean {
  const since = [...new Date(Math.max(0, Math.min(sinceMs, LAST_WRITABLE_MS))).toISOString()].map((sign) => sign.charCodeAt(0));
  return (at, text) => {
    for (let place = 0; place < SECOND_LENGTH; place += 1) {
      const difference = log[at + place]! - since[place]!;
      if (difference !== 0) return difference > 0;
    }
    return Date.parse(String.fromCharCode(...log.subarray(at, text - 1))) >= sinceMs;
  };
}
