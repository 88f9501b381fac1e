// pure: how much is kept of attempts.

export interface AttemptLimits {
  /** Of one attempt's log the last bytes are kept; 0 keeps no logs. */
  readonly logBytes: number;
  /** Of all attempts together; the oldest go first. */
  readonly totalBytes: number;
  /** How long after its end an attempt is kept, in milliseconds. */
  readonly ageMs: number;
}

const MIB = 2 ** 20;
const DAY_MS = 24 * 3_600_000;

export const DEFAULT_ATTEMPT_LIMITS: AttemptLimits = { logBytes: 10 * MIB, totalBytes: 1024 * MIB, ageMs: 30 * DAY_MS };
