// pure: timestamps as the wire has them.

/** metav1.Time: RFC 3339 in UTC, whole seconds. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** metav1.MicroTime: the same to the microsecond, of which a clock here knows the thousands. */
export function toMicroTime(ms: number): string {
  return new Date(ms).toISOString().replace(/Z$/, '000Z');
}

/** Milliseconds since the epoch; undefined for an absent or unreadable timestamp. */
export function fromTime(time: string | undefined | null): number | undefined {
  if (time === undefined || time === null) return undefined;
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}
