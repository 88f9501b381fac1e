// minik cron next from the command line: a CronJob over a real API, and a typed schedule with no daemon at all.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startCliHome, type CliHome, type CliResult } from '../../support/cli-home.ts';

const TEMPLATE = '{spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}}';
const cronJob = (name: string, spec: string): string => `{apiVersion: batch/v1, kind: CronJob, metadata: {name: ${name}}, spec: {${spec}, jobTemplate: ${TEMPLATE}}}`;

let home: CliHome;
let directory: string;
const next = (words: readonly string[], env = {}): Promise<CliResult> => home.minik(['cron', 'next', ...words], '', { env: { TZ: 'America/New_York', ...env } });

beforeAll(async () => {
  home = await startCliHome();
  directory = mkdtempSync(join(tmpdir(), 'minik-cron-'));
  for (const manifest of [cronJob('report', 'schedule: "30 2 * * *", timeZone: Europe/Berlin'), cronJob('asleep', 'schedule: "0 9 * * *", suspend: true'), cronJob('often', 'schedule: "@every 90m"')]) {
    expect(await home.minik(['create', '-f', '-'], manifest)).toMatchObject({ code: 0 });
  }
  await home.minik(['create', 'namespace', 'other']);
  await home.minik(['create', 'job', 'pi', '--image=busybox']);
});

afterAll(async () => {
  await home.close();
  rmSync(directory, { recursive: true });
});

describe('of a CronJob', () => {
  test.each(['report', 'cronjob/report', 'cj/report', 'cronjobs.batch/report'])('named %s shows its runs in its zone and in local time', async (name) => {
    expect(await next([name, '-n', '2', '--from', '2026-10-24 12:00'])).toEqual({
      code: 0,
      err: '',
      out: [
        'CronJob default/report: "30 2 * * *" in Europe/Berlin',
        'NEXT (Europe/Berlin)            LOCAL (America/New_York)        IN    NOTE',
        'Sun 2026-10-25 02:30:00+02:00   Sat 2026-10-24 20:30:00-04:00   14h   runs twice: 02:30 comes again on Sun 2026-10-25',
        'Sun 2026-10-25 02:30:00+01:00   Sat 2026-10-24 21:30:00-04:00   15h   runs twice: the second 02:30',
        '',
      ].join('\n'),
    });
  });

  test('may be asked in another zone', async () => {
    const { out } = await next(['report', '--time-zone', 'Asia/Kolkata', '-n1', '--from', '2026-10-24']);
    expect(out).toMatch(/in Asia\/Kolkata\n.*\nSat 2026-10-24 02:30:00\+05:30 /);
  });

  test('that is suspended says so', async () => {
    const { out } = await next(['asleep', '-n=1']);
    expect(out).toContain('\nSuspended: none of these runs until minik resume cronjob/asleep.\nNEXT (UTC)');
    expect(JSON.parse((await next(['asleep', '-o', 'json'])).out)).toMatchObject({ cronJob: { namespace: 'default', name: 'asleep' }, suspend: true, localTimeZone: 'America/New_York' });
  });

  test('an interval goes on from its creation', async () => {
    const report = JSON.parse((await next(['often', '-n', '1', '-o', 'json'])).out) as { readonly runs: readonly { readonly time: string }[]; readonly from: string };
    const wait = Date.parse(report.runs[0]!.time) - Date.parse(report.from);
    expect(wait).toBeGreaterThan(80 * 60_000);
    expect(wait).toBeLessThanOrEqual(90 * 60_000);
  });

  test('is looked for in the namespace of --namespace', async () => {
    expect(await next(['report', '--namespace', 'other'])).toEqual({ code: 1, out: '', err: 'Error from server (NotFound): cronjobs.batch "report" not found\n' });
    expect(await next(['report', '-n', 'other'])).toEqual({ code: 1, out: '', err: 'error: invalid argument "other" for "-n, --count" flag: expected a whole number from 1 to 10000 (the namespace is --namespace here)\n' });
  });
});

describe('of a typed schedule', () => {
  /** In a home without a socket: whoever asks for the daemon starts one. */
  const alone = async (words: readonly string[]): Promise<CliResult> => {
    const ran = await next(words, { MINIK_HOME: join(directory, 'empty') });
    expect(existsSync(join(directory, 'empty'))).toBe(false);
    return ran;
  };

  test('needs no daemon', async () => {
    const { code, out, err } = await alone(['--schedule', '0 9 * * mon-fri', '--time-zone', 'America/New_York', '-n', '2', '--from', '2026-07-03T13:00:00Z']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe('Schedule "0 9 * * mon-fri" in America/New_York\nNEXT (America/New_York)         IN\nFri 2026-07-03 09:00:00-04:00   0s\nMon 2026-07-06 09:00:00-04:00   3d\n');
  });

  test('shows five runs from now on', async () => {
    const { out } = await alone(['--schedule', '* * * * *', '-o', 'json']);
    expect((JSON.parse(out) as { readonly runs: readonly unknown[] }).runs).toHaveLength(5);
  });

  test('takes the zone of its own prefix', async () => {
    expect((await alone(['--schedule', 'TZ=Asia/Tokyo 0 9 * * *', '-n', '1', '--from', '2026-07-01'])).out).toContain('Wed 2026-07-01 09:00:00+09:00');
  });

  test('warns of a Sunday that is written 7', async () => {
    expect(await alone(['--schedule', '0 9 * * 7', '-n', '1'])).toMatchObject({ code: 0, err: 'Warning: minik reads 7 as Sunday; upstream clusters reject it, write 0 or sun to run there too\n' });
  });
});

test.each<[words: string[], message: string]>([
  [['--schedule', '60 * * * *'], 'invalid argument "60 * * * *" for "--schedule" flag: end of range (60) above maximum (59): 60'],
  [['--schedule', ''], 'invalid argument "" for "--schedule" flag: empty spec string'],
  [['--schedule', 'TZ=Mars * * * * *'], 'invalid argument "TZ=Mars * * * * *" for "--schedule" flag: provided bad location Mars: unknown time zone Mars'],
  [['--schedule', '* * * * *', '--time-zone', 'europe/berlin'], 'invalid argument "europe/berlin" for "--time-zone" flag: unknown time zone europe/berlin: expected a name of tzdata such as Europe/Berlin'],
  [['--schedule', 'TZ=UTC * * * * *', '--time-zone', 'UTC'], '--time-zone and a zone in --schedule cannot both be given: leave one out'],
  [['--schedule', '* * * * *', '-n', '0'], 'invalid argument "0" for "-n, --count" flag: expected a whole number from 1 to 10000 (the namespace is --namespace here)'],
  [['--schedule', '* * * * *', '--from', 'noon'], 'invalid argument "noon" for "--from" flag: expected a time such as 2026-03-29, "2026-03-29 01:30" or 2026-03-29T01:30:00Z'],
  [['--schedule', '* * * * *', '-o', 'yaml'], 'unable to match a printer suitable for the output format "yaml", allowed formats are: json'],
  [['--schedule', '* * * * *', 'report'], "expected the name of a cronjob or --schedule, one of the two: minik cron next --schedule '30 2 * * *'"],
  [[], "expected the name of a cronjob or --schedule, one of the two: minik cron next --schedule '30 2 * * *'"],
  [['job/pi'], 'job/pi has no schedule: only cronjobs have'],
  [['cronjob/'], 'expected NAME or cronjob/NAME, got "cronjob/"'],
])('%j is refused', async (words, message) => {
  expect(await next(words)).toEqual({ code: 1, out: '', err: `error: ${message}\n` });
});
