import { describe, expect, test } from '@jest/globals';
import { openZone, UTC } from '../../../../src/api/cron/zone.ts';
import { ZONE_NAMES } from '../../../../src/api/cron/zone-names.ts';

test.each(['UTC', 'Etc/UTC', 'Europe/Berlin', 'US/Eastern', 'Asia/Calcutta', 'Asia/Kolkata', 'Europe/Kyiv', 'Etc/GMT+5', 'GMT-0', 'EST', 'EST5EDT', 'America/Argentina/ComodRivadavia', 'GB-Eire', 'W-SU'])(
  '%s is a zone of tzdata',
  (name) => {
    expect(openZone(name)?.name).toBe(name);
  },
);

test.each(['', 'utc', 'europe/berlin', 'US/eastern', 'Mars/Olympus', 'Local', 'PST', 'IST', 'JST', 'SystemV/PST8', '+05:30', 'GMT+5', 'Europe', 'Europe/', '/Europe/Berlin', 'Europe/../Europe/Berlin', 'constructor', 'localtime', 'posix/UTC'])(
  '%j is none, as upstream finds no file of that name',
  (name) => {
    expect(openZone(name)).toBeUndefined();
  },
);

test('every name of tzdata opens', () => {
  expect([...ZONE_NAMES].filter((name) => openZone(name) === undefined)).toEqual([]);
  expect(ZONE_NAMES.size).toBeGreaterThan(590);
});

test('a zone is opened once', () => {
  expect(openZone('Europe/Berlin')).toBe(openZone('Europe/Berlin'));
});

test('UTC has one offset for ever', () => {
  expect(UTC.spanAt(Date.UTC(2024, 0, 1))).toEqual({ from: -Infinity, until: Infinity, offset: 0 });
});

describe('the span of a time', () => {
  test.each<[zone: string, time: string, from: string, until: string, offsetMinutes: number]>([
    ['America/New_York', '2024-03-10T06:59:59Z', '2024-01-01T00:00:00Z', '2024-03-10T07:00:00Z', -300],
    ['America/New_York', '2024-03-10T07:00:00Z', '2024-03-10T07:00:00Z', '2024-11-03T06:00:00Z', -240],
    ['America/New_York', '2024-12-31T23:59:59Z', '2024-11-03T06:00:00Z', '2025-01-01T00:00:00Z', -300],
    ['Asia/Kolkata', '2024-06-01T00:00:00Z', '2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z', 330],
    ['Australia/Lord_Howe', '2024-06-01T00:00:00Z', '2024-04-06T15:00:00Z', '2024-10-05T15:30:00Z', 630],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-30T10:00:00Z', '2012-01-01T00:00:00Z', 840],
    ['America/Recife', '2000-10-10T00:00:00Z', '2000-10-08T03:00:00Z', '2000-10-15T02:00:00Z', -120],
    ['Africa/Monrovia', '1971-06-01T00:00:00Z', '1971-01-01T00:00:00Z', '1972-01-01T00:00:00Z', -44.5],
  ])('in %s at %s', (zone, time, from, until, offsetMinutes) => {
    expect(openZone(zone)!.spanAt(Date.parse(time))).toEqual({ from: Date.parse(from), until: Date.parse(until), offset: offsetMinutes * 60_000 });
  });
});
