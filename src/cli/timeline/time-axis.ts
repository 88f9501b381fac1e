// pure: where the ticks of a time axis go, and what stands at them.

export interface Tick {
  /** Milliseconds after the beginning. */
  readonly offset: number;
  /** "0s", "30s", "1m30s", "2h". */
  readonly label: string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * DAY),
];

/** As many ticks as there is room for, at round times; at least the first. */
export function ticks(lengthMs: number, atMost: number): Tick[] {
  const step = STEPS.find((candidate) => lengthMs / candidate < Math.max(atMost, 1)) ?? STEPS.at(-1)!;
  const count = Math.min(Math.floor(lengthMs / step), 1_000);
  return Array.from({ length: count + 1 }, (_, at) => ({ offset: at * step, label: offsetText(at * step) }));
}

function offsetText(ms: number): string {
  const units: readonly (readonly [number, string])[] = [[DAY, 'd'], [HOUR, 'h'], [MINUTE, 'm'], [SECOND, 's']];
  const parts: string[] = [];
  let left = ms;
  for (const [size, letter] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count}${letter}`);
  }
  return parts.length === 0 ? '0s' : parts.join('');
}
