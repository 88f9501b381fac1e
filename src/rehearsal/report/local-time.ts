// pure: moments as reports write them, in the zone of the schedule: "2026-03-29 03:00:00+02:00", "2026-03-29 03:00:00Z".

/** What is needed of a zone of tzdata. */
export interface Offsets {
  spanAt(time: number): { readonly offset: number };
}

const MINUTE = 60_000;

/** Whole seconds. */
export function localTime(zone: Offsets, time: number): string {
  const { offset } = zone.spanAt(time);
  return `${wallText(time + offset)}${offsetText(offset)}`;
}

/** "2026-03-29 02:30:00": a reading of the wall clock, given as if it were UTC. */
export function wallText(wall: number): string {
  return new Date(wall).toISOString().slice(0, 19).replace('T', ' ');
}

export function offsetText(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset) / MINUTE;
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}`;
}

function two(count: number): string {
  return String(count).padStart(2, '0');
}
