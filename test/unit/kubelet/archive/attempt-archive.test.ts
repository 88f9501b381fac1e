// The archive on a real disk: whole or not at all wherever a crash cuts it off, once for each attempt, within its limits.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_ATTEMPT_LIMITS, type AttemptLimits } from '../../../../src/api/attempt/attempt-limits.ts';
import { silentLogger } from '../../../../src/base/log.ts';
import { AttemptArchive } from '../../../../src/kubelet/archive/attempt-archive.ts';
import { attempt } from '../../../support/attempts.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minik-archive-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const openArchive = (limits: Partial<AttemptLimits> = {}) => new AttemptArchive({ folder, limits: { ...DEFAULT_ATTEMPT_LIMITS, ...limits }, clock: new VirtualClock(), log: silentLogger });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = async (archive: AttemptArchive, restart = 0): Promise<string | undefined> => {
  const log = await archive.readLog(attempt({ restart }));
  return log && new TextDecoder().decode(log);
};
const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path)).sort();
const put = (name: string, text: string): void => {
  const path = join(folder, 'default', 'uid-1', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const FACTS = JSON.stringify(attempt({ logBytes: 4 }));

describe('a write that was cut off', () => {
  test.each<{ what: string; left: Readonly<Record<string, string>> }>([
    { what: 'before it began', left: {} },
    { what: 'in the middle of the log', left: { 'main-0.log.tmp': 'wh' } },
    { what: 'in the middle of the facts', left: { 'main-0.log.tmp': 'whole', 'main-0.json.tmp': FACTS.slice(0, 20) } },
    { what: 'before the first rename', left: { 'main-0.log.tmp': 'whole', 'main-0.json.tmp': FACTS } },
    { what: 'between the renames', left: { 'main-0.log': 'whole', 'main-0.json.tmp': FACTS } },
  ])('$what has left nothing, and is repeated', async ({ left }) => {
    for (const [name, text] of Object.entries(left)) put(name, text);
    const archive = openArchive();
    expect(await archive.has(attempt())).toBe(false);
    expect(files()).toEqual([]);
    await archive.keep(attempt(), bytes('again'));
    expect(await read(openArchive())).toBe('again');
  });

  test('after the facts were there has left all', async () => {
    put('main-0.log', 'text');
    put('main-0.json', FACTS);
    const archive = openArchive();
    expect(await read(archive)).toBe('text');
    await archive.keep(attempt(), bytes('another'));
    expect(await read(openArchive())).toBe('text');
  });
});

test('what is kept twice at once is written once', async () => {
  const archive = openArchive();
  await Promise.all(['one', 'two', 'three'].map((text) => archive.keep(attempt(), bytes(text))));
  expect([await read(archive), files()]).toEqual(['one', ['default/uid-1/main-0.json', 'default/uid-1/main-0.log']]);
});

test.each(['{', '{}', 'null', '"text"', JSON.stringify(attempt({ container: 'other' })), JSON.stringify({ ...attempt(), restart: -1 }), JSON.stringify({ ...attempt(), job: { name: 3 } })])(
  'a file with %s is no attempt, and is left alone',
  async (text) => {
    put('main-0.json', text);
    expect(await openArchive().list({})).toEqual([]);
    expect(files()).toEqual(['default/uid-1/main-0.json']);
  },
);

test('an attempt with a name that would lead elsewhere is refused', async () => {
  await expect(openArchive().keep(attempt({ podUid: '../../up' }), bytes('x'))).rejects.toThrow('has no place in the archive');
  expect(readdirSync(folder)).toEqual([]);
});

test('whatever comes and goes, what is listed is what is on the disk, and within the limit', async () => {
  const steps = fc.array(fc.record({ restart: fc.nat({ max: 30 }), bytes: fc.nat({ max: 9_000 }), reopen: fc.boolean() }), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const limits = { totalBytes: 60_000 };
      let archive = openArchive(limits);
      for (const step of all) {
        if (step.reopen) archive = openArchive(limits);
        await archive.keep(attempt({ restart: step.restart, finishedAt: new Date(Date.UTC(2026, 0, 1) - step.restart).toISOString() }), new Uint8Array(step.bytes).fill(97));
        await archive.settled();
      }
      const listed = await archive.list({});
      const reopened = await openArchive(limits).list({});
      expect([...reopened].sort((a, b) => a.restart - b.restart)).toEqual([...listed].sort((a, b) => a.restart - b.restart));
      for (const kept of listed) expect((await read(archive, kept.restart))?.length).toBe(kept.logBytes);
      expect(listed.reduce((sum, { logBytes }) => sum + logBytes + 4_096, 0)).toBeLessThanOrEqual(60_000);
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    }),
    { numRuns: 25 },
  );
});
