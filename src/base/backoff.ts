// pure: the exponential back-off that Jobs, container restarts, image pulls and controllers share.

/** Delay in milliseconds before try number `failures` + 1: `baseMs` doubled per failure, never above `capMs`. */
export function backoffDelayMs(failures: number, baseMs: number, capMs: number): number {
  if (failures <= 0) return 0;
  return Math.min(baseMs * 2 ** Math.min(failures - 1, 52), capMs);
}
