import { describe, expect, test } from '@jest/globals';
import { type CalendarSchedule, parseSchedule, type Schedule } from '../../../../src/api/cron/schedule.ts';

const upTo = (from: number, to: number, step = 1): number[] => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
const EVERY: CalendarSchedule = { type: 'calendar', minutes: upTo(0, 59), hours: upTo(0, 23), daysOfMonth: upTo(1, 31), months: upTo(1, 12), daysOfWeek: upTo(0, 6), eitherDay: false };

test.each<[text: string, differs: Partial<CalendarSchedule>]>([
  ['* * * * *', {}],
  ['? ? ? ? ?', {}],
  ['  *\t*  *\n* *  ', {}],
  ['*\u00a0*\u2003*\u3000* *', {}],
  ['5 * * * *', { minutes: [5] }],
  ['05 * * * *', { minutes: [5] }],
  ['+5 * * * *', { minutes: [5] }],
  ['0,59 0,23 * * *', { minutes: [0, 59], hours: [0, 23] }],
  ['30,10,20,10 * * * *', { minutes: [10, 20, 30] }],
  [',5,,7, * * * *', { minutes: [5, 7] }],
  [', * * * *', { minutes: [] }],
  ['10-13 * * * *', { minutes: [10, 11, 12, 13] }],
  ['7-7 * * * *', { minutes: [7] }],
  ['*/15 * * * *', { minutes: [0, 15, 30, 45] }],
  ['?/15 * * * *', { minutes: [0, 15, 30, 45] }],
  ['*/1 * * * *', {}],
  ['*/59 * * * *', { minutes: [0, 59] }],
  ['*/60 * * * *', { minutes: [0] }],
  ['*/9223372036854775807 * * * *', { minutes: [0] }],
  ['5/20 * * * *', { minutes: [5, 25, 45] }],
  ['5/1 22/1 * * *', { minutes: upTo(5, 59), hours: [22, 23] }],
  ['10-30/10 * * * *', { minutes: [10, 20, 30] }],
  ['10-29/10 * * * *', { minutes: [10, 20] }],
  ['0-10/5,50-59/3 * * * *', { minutes: [0, 5, 10, 50, 53, 56, 59] }],
  ['*-5 * * * *', {}],
  ['*-x-y/20 * * * *', { minutes: [0, 20, 40] }],
  ['0 0 1 1 *', { minutes: [0], hours: [0], daysOfMonth: [1], months: [1] }],
  ['* * * jan,MAR,Dec *', { months: [1, 3, 12] }],
  ['* * * feb-apr *', { months: [2, 3, 4] }],
  ['* * * nov/1 *', { months: [11, 12] }],
  ['* * * jan-dec/6 *', { months: [1, 7] }],
  ['* * * 2-mar *', { months: [2, 3] }],
  ['* * * * mon-fri', { daysOfWeek: [1, 2, 3, 4, 5] }],
  ['* * * * SUN,Sat', { daysOfWeek: [0, 6] }],
  ['* * * * tue/2', { daysOfWeek: [2, 4, 6] }],
  ['* * 31 * *', { daysOfMonth: [31] }],
  ['* * 1,15 * 5', { daysOfMonth: [1, 15], daysOfWeek: [5], eitherDay: true }],
  ['* * 1-31 * 5', { daysOfWeek: [5], eitherDay: true }],
  ['* * 13 * 0-6', { daysOfMonth: [13], eitherDay: true }],
  ['* * */2 * 1', { daysOfMonth: upTo(1, 31, 2), daysOfWeek: [1], eitherDay: true }],
  ['* * */1 * 1', { daysOfWeek: [1] }],
  ['* * 13 * */2', { daysOfMonth: [13], daysOfWeek: [0, 2, 4, 6], eitherDay: true }],
  ['* * 13 * ?', { daysOfMonth: [13] }],
  ['* * 13 * */1', { daysOfMonth: [13] }],
  ['* * 13,* * 2', { daysOfWeek: [2] }],
  ['* * */2,? * 2', { daysOfWeek: [2] }],
  ['59 23 31 2 *', { minutes: [59], hours: [23], daysOfMonth: [31], months: [2] }],
  ['@yearly', { minutes: [0], hours: [0], daysOfMonth: [1], months: [1] }],
  ['@annually', { minutes: [0], hours: [0], daysOfMonth: [1], months: [1] }],
  ['@monthly', { minutes: [0], hours: [0], daysOfMonth: [1] }],
  ['@weekly', { minutes: [0], hours: [0], daysOfWeek: [0] }],
  ['@daily', { minutes: [0], hours: [0] }],
  ['@midnight', { minutes: [0], hours: [0] }],
  ['@hourly', { minutes: [0] }],
])('%j is read as upstream reads it', (text, differs) => {
  expect(parseSchedule(text)).toEqual({ ok: true, schedule: { ...EVERY, ...differs }, usesSeven: false });
});

test.each<[text: string, everyMs: number]>([
  ['@every 1h30m', 5_400_000],
  ['@every 90s', 90_000],
  ['@every 1s', 1000],
  ['@every 10ms', 1000],
  ['@every 0', 1000],
  ['@every -5m', 1000],
  ['@every 1.9s', 1000],
  ['@every 2m30.5s', 150_000],
  ['@every +.5h', 1_800_000],
  ['@every 1h1m1s1ms1us1µs1μs1ns', 3_661_000],
  ['@every 2562047h', 9_223_369_200_000],
])('%j is a fixed distance in whole seconds, at least one', (text, everyMs) => {
  expect(parseSchedule(text)).toEqual({ ok: true, schedule: { type: 'interval', everyMs }, usesSeven: false });
});

describe('7 is taken for Sunday, which upstream refuses', () => {
  test.each<[field: string, daysOfWeek: number[]]>([
    ['7', [0]],
    ['07', [0]],
    ['5-7', [0, 5, 6]],
    ['0-7', [0, 1, 2, 3, 4, 5, 6]],
    ['sun-7', [0, 1, 2, 3, 4, 5, 6]],
    ['1-7/2', [0, 1, 3, 5]],
    ['2-7/2', [2, 4, 6]],
    ['7/2', [0]],
    ['7-7', [0]],
    ['1,7', [0, 1]],
  ])('in %j', (field, daysOfWeek) => {
    expect(parseSchedule(`* * * * ${field}`)).toEqual({ ok: true, schedule: { ...EVERY, daysOfWeek }, usesSeven: true });
  });

  test.each(['*/7', '1-5/7', '6/7', '0,6'])('but not in %j', (field) => {
    expect(parseSchedule(`* * * * ${field}`)).toMatchObject({ ok: true, usesSeven: false });
  });

  test('a Sunday of 7 restricts the day as a Sunday of 0 does', () => {
    expect(parseSchedule('* * 13 * 7')).toMatchObject({ schedule: { eitherDay: true } });
    expect(parseSchedule('* * 13 * 0-7')).toMatchObject({ schedule: { eitherDay: true } });
  });
});

test.each<[text: string, problem: string]>([
  ['', 'empty spec string'],
  [' ', 'expected exactly 5 fields, found 0: []'],
  ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
  ['0  0 * * * *', 'expected exactly 5 fields, found 6: [0 0 * * * *]'],
  [' @daily', 'expected exactly 5 fields, found 1: [@daily]'],
  ['@daily ', 'unrecognized descriptor: @daily '],
  ['@Daily', 'unrecognized descriptor: @Daily'],
  ['@reboot', 'unrecognized descriptor: @reboot'],
  ['@every', 'unrecognized descriptor: @every'],
  ['@every ', 'failed to parse duration @every : time: invalid duration ""'],
  ['@every x', 'failed to parse duration @every x: time: invalid duration "x"'],
  ['@every  5s', 'failed to parse duration @every  5s: time: invalid duration " 5s"'],
  ['@every 5', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
  ['@every 1d', 'failed to parse duration @every 1d: time: unknown unit "d" in duration "1d"'],
  ['@every 1h5', 'failed to parse duration @every 1h5: time: missing unit in duration "1h5"'],
  ['@every 1h 5m', 'failed to parse duration @every 1h 5m: time: unknown unit "h " in duration "1h 5m"'],
  ['@every .s', 'failed to parse duration @every .s: time: invalid duration ".s"'],
  ['@every 1"', 'failed to parse duration @every 1": time: unknown unit "\\"" in duration "1\\""'],
  ['@every 1é', 'failed to parse duration @every 1é: time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'],
  ['@every 2562048h', 'failed to parse duration @every 2562048h: time: invalid duration "2562048h"'],
  ['60 * * * *', 'end of range (60) above maximum (59): 60'],
  ['* 24 * * *', 'end of range (24) above maximum (23): 24'],
  ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['* * 32 * *', 'end of range (32) above maximum (31): 32'],
  ['* * * 0 *', 'beginning of range (0) below minimum (1): 0'],
  ['* * * 13 *', 'end of range (13) above maximum (12): 13'],
  ['* * * * 8', 'end of range (8) above maximum (6): 8'],
  ['* * * * 5-8', 'end of range (8) above maximum (6): 5-8'],
  ['* * * * 7-2', 'beginning of range (7) beyond end of range (2): 7-2'],
  ['5-3 * * * *', 'beginning of range (5) beyond end of range (3): 5-3'],
  ['* * * * fri-mon', 'beginning of range (5) beyond end of range (1): fri-mon'],
  ['0-60/0 * * * *', 'end of range (60) above maximum (59): 0-60/0'],
  ['60-5/0 * * * *', 'beginning of range (60) beyond end of range (5): 60-5/0'],
  ['* * 0-40 * *', 'beginning of range (0) below minimum (1): 0-40'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['1-5/0 * * * *', 'step of range should be a positive number: 1-5/0'],
  ['*/-5 * * * *', 'negative number (-5) not allowed: -5'],
  ['*/ * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
  ['-5 * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
  ['5- * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['1-2-3/0 * * * *', 'too many hyphens: 1-2-3/0'],
  ['x-2-3 * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
  ['99/x/y * * * *', 'too many slashes: 99/x/y'],
  ['1.5 * * * *', 'failed to parse int from 1.5: strconv.Atoi: parsing "1.5": invalid syntax'],
  ['5L * * * *', 'failed to parse int from 5L: strconv.Atoi: parsing "5L": invalid syntax'],
  ['* * L * *', 'failed to parse int from L: strconv.Atoi: parsing "L": invalid syntax'],
  ['* * * * 5#2', 'failed to parse int from 5#2: strconv.Atoi: parsing "5#2": invalid syntax'],
  ['* * * mon *', 'failed to parse int from mon: strconv.Atoi: parsing "mon": invalid syntax'],
  ['jan * * * *', 'failed to parse int from jan: strconv.Atoi: parsing "jan": invalid syntax'],
  ['* * * january *', 'failed to parse int from january: strconv.Atoi: parsing "january": invalid syntax'],
  ['* * * constructor *', 'failed to parse int from constructor: strconv.Atoi: parsing "constructor": invalid syntax'],
  ['0x10 * * * *', 'failed to parse int from 0x10: strconv.Atoi: parsing "0x10": invalid syntax'],
  ['"1" * * * *', 'failed to parse int from "1": strconv.Atoi: parsing "\\"1\\"": invalid syntax'],
  ['1\\ * * * *', 'failed to parse int from 1\\: strconv.Atoi: parsing "1\\\\": invalid syntax'],
  ['é\u0001\u200b * * * *', 'failed to parse int from é\u0001\u200b: strconv.Atoi: parsing "é\\x01\\u200b": invalid syntax'],
  ['9223372036854775807 * * * *', 'end of range (9223372036854775807) above maximum (59): 9223372036854775807'],
  ['9223372036854775808 * * * *', 'failed to parse int from 9223372036854775808: strconv.Atoi: parsing "9223372036854775808": value out of range'],
  ['x y z * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ['1,x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ['TZ=Mars/Olympus * * * * *', 'provided bad location Mars/Olympus: unknown time zone Mars/Olympus'],
  ['TZ=america/new_york * * * * *', 'provided bad location america/new_york: unknown time zone america/new_york'],
  ['TZ=../UTC * * * * *', 'provided bad location ../UTC: time: invalid location name'],
  ['TZ=/UTC * * * * *', 'provided bad location /UTC: time: invalid location name'],
  ['CRON_TZ=UTC * * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
  ['CRON_TZ=UTC @often', 'unrecognized descriptor: @often'],
])('%j is refused in the words of upstream: %s', (text, problem) => {
  expect(parseSchedule(text)).toEqual({ ok: false, problem });
});

describe('a zone before the fields', () => {
  const HOURLY: Schedule = { ...EVERY, minutes: [0] };

  test.each<[text: string, zone: string]>([
    ['TZ=Europe/Berlin 0 * * * *', 'Europe/Berlin'],
    ['CRON_TZ=US/Eastern   0 * * * * ', 'US/Eastern'],
    ['TZ=UTC @hourly', 'UTC'],
    ['TZ=UTC  @hourly ', 'UTC'],
    ['TZ= 0 * * * *', 'UTC'],
  ])('is given beside the schedule: %j', (text, zone) => {
    expect(parseSchedule(text)).toEqual({ ok: true, schedule: HOURLY, zone, usesSeven: false });
  });

  test('of Local is the one of whoever asks', () => {
    expect(parseSchedule('TZ=Local 0 * * * *')).toEqual({ ok: true, schedule: HOURLY, usesSeven: false });
  });

  test('is a field like any other when it does not come first', () => {
    expect(parseSchedule(' TZ=UTC 0 * * * *')).toEqual({ ok: false, problem: 'expected exactly 5 fields, found 6: [TZ=UTC 0 * * * *]' });
  });

  test('without anything behind it lacks the fields', () => {
    expect(parseSchedule('TZ=UTC')).toEqual({ ok: false, problem: 'expected exactly 5 fields, found 0: []' });
  });
});
