// pure: the part of a kept log that was asked for. Every kept line has its time before it, and a space.
import type { LogRange } from './attempt-source.ts';

const NEWLINE = 10;
const SPACE = 32;
/** The longest time that is looked for: RFC 3339 with nanoseconds. */
const LONGEST_TIME = 35;

/** In the order of the Pod log API: newer than, last lines, then the first bytes of what is left. */
export function selectLog(log: Uint8Array, { timestamps, tailLines, sinceMs, limitBytes }: LogRange): Uint8Array {
  const lines = linesOf(log).filter((line) => sinceMs === undefined || (timeOf(line) ?? Infinity) >= sinceMs);
  const last = tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - tailLines));
  const shown = join(timestamps ? last : last.map(withoutTime));
  return limitBytes === undefined ? shown : shown.subarray(0, limitBytes);
}

/** Each with its newline; the last one may have none. */
function linesOf(log: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < log.length; ) {
    const end = log.indexOf(NEWLINE, at);
    const next = end < 0 ? log.length : end + 1;
    lines.push(log.subarray(at, next));
    at = next;
  }
  return lines;
}

function timeOf(line: Uint8Array): number | undefined {
  const end = line.subarray(0, LONGEST_TIME + 1).indexOf(SPACE);
  if (end < 0) return undefined;
  const time = Date.parse(String.fromCharCode(...line.subarray(0, end)));
  return Number.isNaN(time) ? undefined : time;
}

/** A line that has no time is shown as it is. */
function withoutTime(line: Uint8Array): Uint8Array {
  return timeOf(line) === undefined ? line : line.subarray(line.indexOf(SPACE) + 1);
}

function join(lines: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(lines.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const line of lines) {
    joined.set(line, at);
    at += line.length;
  }
  return joined;
}
