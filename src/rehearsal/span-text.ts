// pure: lengths of time in reports: "250ms", "1.5s", "1m30s", "2h", "7d12h".

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** What is shorter is told to the tenth of a second. */
const FINE_MS = 600_000;

export function spanText(ms: number): string {
  if (ms < 1000) return ms === 0 ? '0s' : `${Math.round(ms)}ms`;
  const unit = ms < FINE_MS ? 100 : 1000;
  let left = Math.round(ms / unit) * unit;
  let text = '';
  for (const [letter, length] of UNITS) {
    const count = Math.floor(left / length);
    if (count > 0) text += `${count}${letter}`;
    left -= count * length;
  }
  return left === 0 ? text : `${text}${left / 1000}s`;
}
