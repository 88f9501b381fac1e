// minik why and minik timeline over the real API: what their flags do, and what they say to mistakes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isMeant } from '../../../src/api/attempt/attempt-source.ts';
import { attempt } from '../../support/attempts.ts';
import { startCliHome, type CliHome } from '../../support/cli-home.ts';

let home: CliHome;
let folder: string;

const kept = [
  attempt({ pod: 'gone-a', podUid: 'a', job: { name: 'gone', uid: 'first' }, startedAt: '2026-03-01T11:00:00.000Z', finishedAt: '2026-03-01T11:00:05.000Z', exitCode: 1, reason: 'Error' }),
  attempt({ pod: 'gone-b', podUid: 'b', job: { name: 'gone', uid: 'second' }, startedAt: '2026-03-01T11:30:00.000Z', finishedAt: '2026-03-01T11:30:02.500Z', exitCode: 3, reason: 'Error' }),
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minik-why-'));
  home = await startCliHome({
    attempts: {
      list: async ({ job, pod }) => kept.filter((one) => isMeant(one, { job, pod })),
      log: async ({ podUid }) => textOf(`the last words of ${podUid}\n`),
    },
  });
  const spec = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] };
  await home.minik(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'paused' }, spec: { suspend: true, template: { spec } } }));
  await home.minik(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'never' }, spec: { schedule: '0 0 31 2 *', jobTemplate: { spec: { template: { spec } } } } }));
});

afterAll(async () => {
  await home.close();
  rmSync(folder, { recursive: true });
});

async function* textOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe('minik why', () => {
  test.each([
    { words: ['job/paused'], verdict: /^◌ job\/paused (is suspended|was created)/ },
    { words: ['job', 'paused'], verdict: /^◌ job\/paused is suspended/ },
    { words: ['cj/never'], verdict: /^✗ cronjob\/never never runs: no day of the next five years fits its schedule "0 0 31 2 \*"\n/ },
    { words: ['job/gone'], verdict: /^✗ job\/gone is not there any more; the last of its attempts exited with 3\n\n {2}the log of gone-b\/main ends with \(kept\)\n {2}│ the last words of b\n/ },
    { words: ['pod/gone-a'], verdict: /^✗ pod\/gone-a is not there any more; its container exited with 1\n/ },
  ])('answers $words', async ({ words, verdict }) => {
    expect(await home.minik(['why', ...words])).toMatchObject({ code: 0, err: '', out: expect.stringMatching(verdict) });
  });

  test('answers about several, an empty line between them', async () => {
    expect((await home.minik(['why', 'job/paused', 'cronjob/never'])).out).toMatch(/\n\n✗ cronjob\/never/);
  });

  test('ends with 1 for trouble where that is asked for', async () => {
    expect((await home.minik(['why', 'cronjob/never', '--exit-code'])).code).toBe(1);
    expect((await home.minik(['why', 'job/paused', '--exit-code'])).code).toBe(0);
  });

  test('prints an answer for machines', async () => {
    const { out } = await home.minik(['why', 'job/gone', '-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({ kind: 'Diagnosis', subject: { kind: 'Job', namespace: 'default', name: 'gone' }, rule: 'deleted', health: 'trouble' });
    expect((await home.minik(['why', 'job/gone', '-o', 'jsonpath={.rule}'])).out).toBe('deleted');
  });

  test.each([
    { words: ['job/nobody'], err: 'Error from server (NotFound): jobs.batch "nobody" not found\n' },
    { words: ['pod/nobody'], err: 'Error from server (NotFound): pods "nobody" not found\n' },
    { words: ['cronjob/nobody'], err: 'Error from server (NotFound): cronjobs.batch "nobody" not found\n' },
    { words: ['configmap/x'], err: 'error: minik why knows jobs, pods and cronjobs, not configmaps\n' },
    { words: ['job'], err: 'error: expected TYPE/NAME or TYPE NAME: minik why job/pi\n' },
    { words: ['unicorn/x'], err: 'error: the server doesn\'t have a resource type "unicorn"\n' },
    { words: ['job/paused', '-o', 'wide'], err: 'error: --output must be json, yaml, jsonpath=... or go-template=..., not "wide"\n' },
  ])('refuses $words', async ({ words, err }) => {
    expect(await home.minik(['why', ...words])).toMatchObject({ code: 1, out: '', err });
  });
});

describe('minik timeline', () => {
  test('of a Job that is gone shows the last one of that name', async () => {
    const { out } = await home.minik(['timeline', 'job/gone']);
    expect(out).toMatch(/^job\/gone {2}deleted; this is what was kept {2}2s, from /);
    expect(out.match(/^gone-\w .*$/gm)).toEqual([expect.stringMatching(/^gone-b {2}━+✗ +exit 3$/)]);
  });

  test('prints the model for machines', async () => {
    const { out } = await home.minik(['timeline', 'job/gone', '-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({ kind: 'Timeline', subject: 'job/gone', from: '2026-03-01T11:30:00.000Z', to: '2026-03-01T11:30:02.500Z', rows: [{ name: 'gone-b', spans: [{ kind: 'running' }], marks: [{ at: '2026-03-01T11:30:02.500Z', text: 'exit 3' }] }] });
  });

  test('writes a page to a file, or to standard output', async () => {
    const path = join(folder, 'page.html');
    expect(await home.minik(['timeline', 'job/gone', '--html', path])).toMatchObject({ code: 0, out: '', err: `wrote ${path}\n` });
    const page = readFileSync(path, 'utf8');
    expect(page).toContain('<pre>the last words of b</pre>');
    expect((await home.minik(['timeline', 'job/gone', '--html=-'])).out).toBe(page);
  });

  test('that is watched ends when nothing can change any more', async () => {
    const { code, out } = await home.minik(['timeline', 'job/gone', '-w']);
    expect(code).toBe(0);
    expect(out.match(/^job\/gone/gm)).toHaveLength(1);
  });

  test('of what has not run says so', async () => {
    expect((await home.minik(['timeline', 'job/paused'])).out).toMatch(/^job\/paused {2}suspended .*\n\n {2}nothing has run yet\n$/);
    expect((await home.minik(['timeline', 'cronjob/never'])).out).toMatch(/^cronjob\/never {2}never due /);
  });

  test.each([
    { words: ['job/nobody'], err: 'Error from server (NotFound): jobs.batch "nobody" not found\n' },
    { words: ['secret/x'], err: 'error: minik timeline knows jobs, pods and cronjobs, not secrets\n' },
    { words: ['job/a', 'job/b'], err: 'error: expected one TYPE/NAME or TYPE NAME: minik timeline job/pi\n' },
    { words: ['job/gone', '-w', '--html', 'x.html'], err: 'error: --watch draws on the terminal: it goes with neither --html nor --output\n' },
    { words: ['job/gone', '-o', 'name'], err: 'error: --output must be json, yaml, jsonpath=... or go-template=..., not "name"\n' },
    { words: ['job/gone', '--html', '/no/such/folder/x.html'], err: "error: --html cannot be written: ENOENT: no such file or directory, open '/no/such/folder/x.html'\n" },
  ])('refuses $words', async ({ words, err }) => {
    expect(await home.minik(['timeline', ...words])).toMatchObject({ code: 1, out: '', err });
  });
});
