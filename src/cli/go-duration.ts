// pure: durations as Go writes and reads them: "1h30m", "500ms", "1.5s".
import { parseGoDuration } from '../api/go-duration.ts';

/** Milliseconds; undefined for text that Go would refuse. */
export function parseDuration(text: string): number | undefined {
  const parsed = parseGoDuration(text);
  return parsed.ok ? parsed.ms : undefined;
}

/** "1h0m5s", "30s", "1.5s", "250ms", "0s". */
export function durationText(ms: number): string {
  if (ms < 0) return `-${durationText(-ms)}`;
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = Math.round(ms % 60_000) / 1000;
  const tail = `${seconds}s`;
  if (hours > 0) return `${hours}h${minutes}m${tail}`;
  return minutes > 0 ? `${minutes}m${tail}` : tail;
}
