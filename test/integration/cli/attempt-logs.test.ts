// minik logs of what is over: attempts by number, the one before, and those of Jobs and Pods that are gone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../src/api/attempt/attempt.ts';
import { DEFAULT_ATTEMPT_LIMITS } from '../../../src/api/attempt/attempt-limits.ts';
import { JOBS, PODS } from '../../../src/api/kinds.ts';
import { badRequestError } from '../../../src/api/status-error.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { AttemptArchive } from '../../../src/kubelet/archive/attempt-archive.ts';
import { createAttemptSource } from '../../../src/kubelet/archive/attempt-source.ts';
import { attempt } from '../../support/attempts.ts';
import { startCliHome, type CliHome } from '../../support/cli-home.ts';
import { FakeRuntime } from '../../support/fake-runtime.ts';

let home: CliHome;
let folder: string;
let archive: AttemptArchive;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minik-archive-'));
  archive = new AttemptArchive({ folder, limits: { ...DEFAULT_ATTEMPT_LIMITS, ageMs: Infinity }, clock: systemClock, log: silentLogger });
  home = await startCliHome({
    attempts: createAttemptSource({ archive, runtime: new FakeRuntime(systemClock), live: () => [] }),
    podLogs: async ({ previous }) => {
      if (previous) throw badRequestError('previous terminated container "main" in pod "web" not found');
      return Readable.from([Buffer.from('live\n')]);
    },
  });
});

afterEach(async () => {
  await home.close();
  rmSync(folder, { recursive: true });
});

const keep = (second: number, text: string, change: Partial<Attempt> = {}): Promise<void> =>
  archive.keep(
    attempt({ pod: `pi-${second}`, podUid: `pod-${second}`, startedAt: `2026-01-01T00:00:0${second}.000Z`, finishedAt: `2026-01-01T00:00:0${second}.500Z`, job: { name: 'pi', uid: 'job-1' }, ...change }),
    Buffer.from(text === '' ? '' : `2026-01-01T00:00:0${second}.100000000Z ${text}\n`),
  );
const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } };

describe('a Job that is gone', () => {
  beforeEach(async () => {
    await keep(1, 'first');
    await keep(2, 'second');
    await keep(3, 'third');
  });

  test.each<{ words: string; out: string }>([
    { words: '--attempt 1', out: 'first\n' },
    { words: '--attempt=3 --timestamps', out: '2026-01-01T00:00:03.100000000Z third\n' },
    { words: '--attempt 2 --prefix', out: '[pod/pi-2/main] second\n' },
    { words: '--attempt 2 --tail=0', out: '' },
    { words: '--attempt 2 --since-time=2027-01-01T00:00:00Z', out: '' },
    { words: '--attempt 2 -c main', out: 'second\n' },
    { words: '--previous', out: 'second\n' },
    { words: '--archived', out: '[pod/pi-1/main] first\n[pod/pi-2/main] second\n[pod/pi-3/main] third\n' },
    { words: '--archived --no-prefix --limit-bytes=3', out: 'firsecthi' },
    { words: '--archived --previous', out: 'second\n' },
  ])('is read with $words', async ({ words, out }) => {
    expect(await home.minik(['logs', 'job/pi', ...words.split(' ')])).toEqual({ code: 0, out, err: '' });
  });

  test('lists its attempts', async () => {
    const { code, out } = await home.minik(['logs', 'job/pi', '--attempts']);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(/ {2,}/).filter((_, column) => column !== 3))).toEqual([
      ['ATTEMPT', 'POD', 'CONTAINER', 'DURATION', 'EXIT', 'REASON'],
      ...[1, 2, 3].map((number) => [String(number), `pi-${number}`, 'main', '0s', '1', 'Error']),
      [''],
    ]);
  });

  test('is not found without a flag, but the flag is named', async () => {
    expect(await home.minik(['logs', 'job/pi'])).toEqual({
      code: 1,
      out: '',
      err: 'error: error from server (NotFound): jobs.batch "pi" not found in namespace "default"; what it wrote is archived: add --archived (3 attempts, listed by --attempts)\n',
    });
  });

  test('its Pods are read by name', async () => {
    expect(await home.minik(['logs', 'pi-2', '--archived'])).toEqual({ code: 0, out: 'second\n', err: '' });
    expect((await home.minik(['logs', 'pi-2'])).err).toBe('error: error from server (NotFound): pods "pi-2" not found in namespace "default"; what it wrote is archived: add --archived (1 attempt, listed by --attempts)\n');
  });

  test('with a number that there is not lists those that there are', async () => {
    const { code, err } = await home.minik(['logs', 'job/pi', '--attempt', '4']);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: job\/pi has no attempt 4; there are attempts 1 to 3:\nATTEMPT +POD .*\n1 +pi-1 .*\n2 +pi-2 .*\n3 +pi-3 .*\n$/);
  });

  test('of which another of the same name is there is read with --archived', async () => {
    await home.api.client.create(JOBS, { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'pi', namespace: 'default' }, spec: { template } });
    expect((await home.minik(['logs', 'job/pi', '--archived', '--no-prefix'])).out).toBe('first\nsecond\nthird\n');
    expect((await home.minik(['logs', 'job/pi', '--attempt', '1'])).err).toBe('error: job/pi has not started a container yet\n');
    expect((await home.minik(['logs', 'job/pi', '--attempt', '1', '--uid', 'job-1'])).out).toBe('first\n');
  });

  test('and had a name that was used before says how to reach the older', async () => {
    await keep(9, 'newest', { job: { name: 'pi', uid: 'job-2' } });
    const { out, err } = await home.minik(['logs', 'job/pi', '--archived']);
    expect(out).toBe('[pod/pi-9/main] newest\n');
    expect(err).toBe('Older jobs of this name have left attempts too: --uid=job-1\n');
  });
});

describe('a Pod that is there', () => {
  beforeEach(async () => {
    await home.api.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, spec: { containers: [{ name: 'main', image: 'busybox' }] } });
  });

  test('gives the run before from the archive when the engine has it no more', async () => {
    const { metadata } = await home.api.client.get(PODS, { namespace: 'default', name: 'web' });
    for (const restart of [0, 1]) await keep(restart, `run ${restart}`, { pod: 'web', podUid: metadata!.uid!, restart, job: undefined });
    expect(await home.minik(['logs', 'web', '-p'])).toEqual({ code: 0, out: 'run 0\n', err: '' });
    expect(await home.minik(['logs', 'web'])).toEqual({ code: 0, out: 'live\n', err: '' });
  });

  test('and was never restarted has no run before, in the words of the API', async () => {
    expect((await home.minik(['logs', 'web', '-p'])).err).toBe('Error from server (BadRequest): previous terminated container "main" in pod "web" not found\n');
  });
});

test('an attempt whose log was cut or lost says so', async () => {
  await keep(1, 'end', { isTruncated: true });
  await keep(2, '', { logProblem: 'its container was not removed by minik, and its log went with it' });
  const { out, err } = await home.minik(['logs', 'job/pi', '--archived', '--no-prefix']);
  expect(out).toBe('end\n');
  expect(err).toBe('Only the end of the log of container main (restart 0) of pod pi-1 was kept\nThe log of container main (restart 0) of pod pi-2 was not kept: its container was not removed by minik, and its log went with it\n');
});

describe('bad flags', () => {
  test.each([
    { words: 'job/pi --attempt 0', problem: '--attempt must be a whole number from 1 on, not "0"; --attempts lists them' },
    { words: 'job/pi --attempt two', problem: '--attempt must be a whole number from 1 on, not "two"; --attempts lists them' },
    { words: 'job/pi --attempt 1 --previous', problem: 'only one of --attempt, --attempts and --previous may be given' },
    { words: '-l a=b --archived', problem: '--attempt, --attempts, --archived and --uid need the name of a Job or Pod, not a selector (-l)' },
    { words: 'job/nobody --archived', problem: 'no job named nobody is there, and none has left attempts' },
  ])('$words', async ({ words, problem }) => {
    expect(await home.minik(['logs', ...words.split(' ')])).toEqual({ code: 1, out: '', err: `error: ${problem}\n` });
  });
});
