// The limits of what is kept of attempts, as flags of `minik start`.
import { MAX_LOG_BYTES, type AttemptLimits } from '../../api/attempt/attempt-limits.ts';
import { parseQuantity, quantityValue } from '../../api/quantity.ts';
import { UsageError } from '../context.ts';
import { parseDuration } from '../go-duration.ts';

export interface LimitFlags {
  readonly attemptLogLimit?: string;
  readonly attemptsLimit?: string;
  readonly attemptsAge?: string;
}

/** Only what was given. */
export function limitsOf({ attemptLogLimit, attemptsLimit, attemptsAge }: LimitFlags): Partial<AttemptLimits> {
  const logBytes = bytesOf(attemptLogLimit, '--attempt-log-limit');
  if (logBytes !== undefined && logBytes > MAX_LOG_BYTES) throw new UsageError(`--attempt-log-limit must be at most 1Gi, not "${attemptLogLimit}"`);
  const totalBytes = bytesOf(attemptsLimit, '--attempts-limit');
  const ageMs = attemptsAge === undefined ? undefined : parseDuration(attemptsAge);
  if (attemptsAge !== undefined && (ageMs === undefined || ageMs < 0)) throw new UsageError(`--attempts-age must be a duration such as 90m or 720h, not "${attemptsAge}"`);
  return { ...(logBytes === undefined ? {} : { logBytes }), ...(totalBytes === undefined ? {} : { totalBytes }), ...(ageMs === undefined ? {} : { ageMs }) };
}

function bytesOf(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const nano = parseQuantity(text);
  if (nano === undefined || nano < 0n) throw new UsageError(`${flag} must be an amount of bytes such as 10Mi or 1Gi, not "${text}"`);
  return quantityValue(text);
}
