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

/** A log is gathered in memory. */
export const MAX_LOG_BYTES = 1024 * MIB;

export type ReadLimits = { readonly ok: true; readonly limits: AttemptLimits } | { readonly ok: false; readonly problem: string };

/** From the "attempts" of a home's settings; what is not set there has its default. */
export function readAttemptLimits(value: unknown): ReadLimits {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, problem: 'attempts must be an object' };
  const unknown = Object.keys(value).find((name) => !(name in DEFAULT_ATTEMPT_LIMITS));
  if (unknown !== undefined) return { ok: false, problem: `attempts.${unknown} is not known: expected ${Object.keys(DEFAULT_ATTEMPT_LIMITS).join(', ')}` };
  const limits = { ...DEFAULT_ATTEMPT_LIMITS, ...value };
  const wrong = Object.entries(limits).find(([, limit]) => typeof limit !== 'number' || !Number.isFinite(limit) || limit < 0);
  if (wrong !== undefined) return { ok: false, problem: `attempts.${wrong[0]} must be a number from 0 on, not ${JSON.stringify(wrong[1])}` };
  if (limits.logBytes > MAX_LOG_BYTES) return { ok: false, problem: `attempts.logBytes must be at most ${MAX_LOG_BYTES}, not ${limits.logBytes}` };
  return { ok: true, limits };
}
