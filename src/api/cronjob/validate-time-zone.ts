// pure: what a CronJob's time zone must be.
import { openZone } from '../cron/zone.ts';
import { invalid, type FieldError } from '../field-errors.ts';

const PART = /^[A-Za-z._0-9+-]{1,14}$/;

export function validateTimeZone(zone: string | undefined, field: string): FieldError[] {
  if (zone === undefined) return [];
  if (zone === '') return [invalid(field, zone, 'timeZone must be nil or non-empty string')];
  const unknown = invalid(field, zone, `unknown time zone ${zone}`);
  if (zone.split('/').some((part) => part === '.' || part === '..' || part.startsWith('-') || !PART.test(part))) return [unknown];
  const isLocal = zone.toLowerCase() === 'local';
  // kube: "Local" in this spelling is found, as the zone of the process; in any other it is unknown as well.
  const isFound = zone === 'Local' || openZone(zone) !== undefined;
  return [...(isLocal ? [invalid(field, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')] : []), ...(isFound ? [] : [unknown])];
}
