// minik simulate from the command line, in a home where no daemon runs, and none is started.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startCliHome, type CliHome, type CliResult } from '../../support/cli-home.ts';

const JOB = `apiVersion: batch/v1
kind: Job
metadata: {name: pi}
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: busybox}]
`;

let home: CliHome;
let directory: string;

beforeAll(async () => {
  home = await startCliHome();
  directory = mkdtempSync(join(tmpdir(), 'minik-simulate-'));
});

afterAll(async () => {
  await home.close();
  rmSync(directory, { recursive: true });
});

/** In a home of its own, without a socket: whoever asks for the daemon starts one. */
async function alone(words: readonly string[], manifest: string): Promise<CliResult> {
  const ran = await home.minik(['simulate', ...words], manifest, { env: { MINIK_HOME: join(directory, 'empty') } });
  expect(existsSync(join(directory, 'empty'))).toBe(false);
  return ran;
}

const AT = ['-f', '-', '--from', '2026-03-01T12:00:00Z'];

describe('a Job of a manifest', () => {
  test('is played without a daemon', async () => {
    const { code, out, err } = await alone([...AT, '--fail-rate', '1', '--duration', '2s'], JOB);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Job default\/pi, created at 2026-03-01 12:00:00Z\. Nothing is really run\.\n/);
    expect(out).toMatch(/\n\+12s +Job pi {2}Retrying: Tries again, 10s after the last failure\n/);
    expect(out).toMatch(/\nThe Job fails for good after 14\.5s, at 2026-03-01 12:00:14Z \(BackoffLimitExceeded\): 2 pods \(2 failed\); the longest back-off was 10s\.\n$/);
  });

  test('is told in JSON, too', async () => {
    const { out } = await alone([...AT, '-o', 'json', '--duration', '2s'], JOB);
    expect(JSON.parse(out)).toMatchObject({
      subject: { kind: 'Job', namespace: 'default', name: 'pi' },
      timeZone: 'UTC',
      from: '2026-03-01T12:00:00Z',
      until: '2026-03-01T12:00:02Z',
      with: { duration: { leastSeconds: 2, mostSeconds: 2, from: '--duration' }, startSeconds: 0.5, stopSeconds: 1, failRate: 0, exitCode: 1, seed: 1 },
      events: [
        { time: '2026-03-01T12:00:00.000Z', object: { kind: 'Job', namespace: 'default', name: 'pi' }, type: 'Normal', reason: 'SuccessfulCreate', note: false },
        { time: '2026-03-01T12:00:02.500Z', object: { kind: 'Pod' }, reason: 'PodSucceeded', note: true },
        { reason: 'Completed', message: 'Job completed', note: false },
      ],
      runs: [{ job: 'pi', outcome: 'complete', pods: 1, failedPods: 0 }],
      summary: { runs: 1, complete: 1, failed: 0, mostAtOnce: { jobs: 1, time: '2026-03-01T12:00:00Z' } },
    });
  });

  test('is refused as the API server refuses it, with the place in the file', async () => {
    const file = join(directory, 'wrong.yaml');
    writeFileSync(file, JOB.replace('restartPolicy: Never', 'restartPolicy: Always'));
    const { code, out, err } = await alone(['-f', file], '');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^The Job "pi" is invalid: spec\.template\.spec\.restartPolicy: Required value: valid values: "OnFailure", "Never"\n {2}.*wrong\.yaml:8:/);
  });

  test('with a field that no Job has is refused', async () => {
    const { code, err } = await alone(AT, JOB.replace('backoffLimit', 'backofLimit'));
    expect(code).toBe(1);
    expect(err).toContain('strict decoding error: unknown field "spec.backofLimit"');
  });
});

test.each([
  [['-f', '-'], 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', /^error: nothing to simulate in "-": expected a .*Job, found configmap\/a\n$/],
  [['-f', '-'], `${JOB}---\n${JOB.replace('name: pi', 'name: po')}`, /^error: "-" holds job\/pi, job\/po: name the one to simulate behind the flags\n$/],
  [['-f', '-', 'job/pa'], JOB, /^error: nothing to simulate in "-": expected a .*Job named pa, found job\/pi\n$/],
  [[], '', /^error: expected -f FILE, cronjob\/NAME or job\/NAME to simulate\n$/],
  [['pod/x'], '', /^error: cannot simulate "pod\/x": expected a .*Job\n$/],
  [['pi'], '', /^error: expected .*job\/NAME, got "pi"\n$/],
  [['-f', '-', '--for', '7x'], JOB, /^error: invalid argument "7x" for "--for" flag: expected a duration such as 7d, 12h or 90s\n$/],
  [['-f', '-', '-o', 'yaml'], JOB, /^error: unable to match a printer suitable for the output format "yaml", allowed formats are: json\n$/],
])('minik simulate %j says what it expected', async (words, manifest, text) => {
  const { code, out, err } = await alone(words, manifest);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(text);
});

test('one of several in a file is picked by its name', async () => {
  const { code, out } = await alone([...AT, 'job/po'], `${JOB}---\n${JOB.replace('name: pi', 'name: po')}`);
  expect(code).toBe(0);
  expect(out).toMatch(/^Job default\/po,/);
});

test('a Job of the daemon is played as it stands there', async () => {
  await home.minik(['apply', '-f', '-'], JOB);
  const { code, out } = await home.minik(['simulate', 'job/pi']);
  expect(code).toBe(0);
  expect(out).toMatch(/\nThe Job completes after 1m0\.5s, /);
});
