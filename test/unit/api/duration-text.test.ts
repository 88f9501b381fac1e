import { expect, test } from '@jest/globals';
import { ageText, humanDuration } from '../../../src/api/duration-text.ts';
import { toTime } from '../../../src/api/time.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

test.each<[seconds: number, text: string]>([
  [-2, '<invalid>'],
  [-1, '0s'],
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [2 * MINUTE + 1, '2m1s'],
  [5 * MINUTE + 30, '5m30s'],
  [10 * MINUTE - 1, '9m59s'],
  [10 * MINUTE, '10m'],
  [10 * MINUTE + 59, '10m'],
  [3 * HOUR - 1, '179m'],
  [3 * HOUR, '3h'],
  [3 * HOUR + 5 * MINUTE, '3h5m'],
  [8 * HOUR - 1, '7h59m'],
  [8 * HOUR, '8h'],
  [48 * HOUR - 1, '47h'],
  [48 * HOUR, '2d'],
  [3 * DAY + 4 * HOUR, '3d4h'],
  [8 * DAY - 1, '7d23h'],
  [8 * DAY, '8d'],
  [400 * DAY, '400d'],
  [2 * YEAR - 1, '729d'],
  [2 * YEAR, '2y'],
  [2 * YEAR + 10 * DAY, '2y10d'],
  [8 * YEAR - 1, '7y364d'],
  [8 * YEAR, '8y'],
  [9 * YEAR + 100 * DAY, '9y'],
])('%p seconds read %p', (seconds, text) => {
  expect(humanDuration(seconds * 1000)).toBe(text);
});

test('parts of a second do not count', () => {
  expect([humanDuration(1999), humanDuration(-1999), humanDuration(119_999)]).toEqual(['1s', '0s', '119s']);
});

test('an age is counted from its timestamp', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  expect(ageText(toTime(now - 90_000), now)).toBe('90s');
});

test('an age without a timestamp is unknown', () => {
  expect(ageText(undefined, 0)).toBe('<unknown>');
});
