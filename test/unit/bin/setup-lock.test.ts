// Two set-ups at once: one works, the other waits, and nobody waits for the dead.
import { afterEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../bin/setup-lock.mjs';

const name = `minik-lock-test-${randomUUID()}`;
const path = join(tmpdir(), `${name}-${process.getuid?.() ?? 'user'}.lock`);
afterEach(() => rmSync(path, { force: true }));

const silent = (): void => {};

describe('the lock', () => {
  test('gives the result of the work and is gone afterwards', async () => {
    expect(await withLock(name, silent, () => existsSync(path))).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  test('is gone after work that fails', async () => {
    await expect(withLock(name, silent, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  test('lets one in at a time, and says once that somebody waits', async () => {
    const told: string[] = [];
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(name, (line) => told.push(line), work)));
    expect(most).toBe(1);
    expect(told).toHaveLength(2);
  });

  test('of a process that is gone is taken over', async () => {
    const { pid } = spawnSync('true');
    writeFileSync(path, String(pid));
    expect(await withLock(name, silent, () => 'worked')).toBe('worked');
  });
});
