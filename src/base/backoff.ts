// pure: the exponential back-off that Jobs, container restarts, image pulls and controllers share.

/** Delay in milliseconds before try number `failures` + 1: `baseMs` doubled per failure, never above `capMs`. */
export function backoffDelayMs(failures: number, baseMs: number, capMs: number): number {
  if (failures <= 0) return 0;
  return Math.min(baseMs * 2 ** Math.min(failures - 1, 52), capMs);
}

export interface BackOff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** New Pods of a Job after a failure. kube: documents say six minutes at most, the code says ten. */
export const JOB_RETRY: BackOff = { baseMs: 10_000, capMs: 600_000 };
export const IMAGE_PULL: BackOff = { baseMs: 10_000, capMs: 300_000 };
export const CONTAINER_RESTART: BackOff = { baseMs: 10_000, capMs: 300_000 };
/** A container that has run this long begins anew. */
export const RESTART_RESET_MS = 600_000;
