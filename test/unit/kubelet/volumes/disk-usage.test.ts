// How much room a folder takes.
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { usedBelow } from '../../../../src/kubelet/volumes/disk-usage.ts';

const LARGE = 1_000_000;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'minik-usage-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
const file = (path: string): void => writeFileSync(join(root, path), 'x'.repeat(LARGE));

test('nothing takes nothing', async () => {
  expect(await usedBelow(root, Infinity)).toBe(0);
  expect(await usedBelow(join(root, 'none'), Infinity)).toBe(0);
});

test('files count wherever they lie below, by the blocks of the disk', async () => {
  mkdirSync(join(root, 'deep/er'), { recursive: true });
  file('a');
  file('deep/er/b');
  const used = await usedBelow(root, Infinity);
  expect(used).toBeGreaterThanOrEqual(2 * LARGE);
  expect(used).toBeLessThan(2.1 * LARGE);
});

test('what has two names counts once, and what a link leads to not at all', async () => {
  file('a');
  linkSync(join(root, 'a'), join(root, 'b'));
  symlinkSync('/usr', join(root, 'c'));
  expect(await usedBelow(root, Infinity)).toBeLessThan(1.1 * LARGE);
});

test('counting ends when it is enough', async () => {
  for (const name of ['a', 'b']) {
    mkdirSync(join(root, name));
    file(`${name}/file`);
  }
  const used = await usedBelow(root, 10_000);
  expect(used).toBeGreaterThan(10_000);
  expect(used).toBeLessThan(1.1 * LARGE);
});
