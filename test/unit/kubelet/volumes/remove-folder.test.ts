// Removing what others own: root may do anything, so the test is somebody else while it runs.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { removeFolder } from '../../../../src/kubelet/volumes/remove-folder.ts';
import { becomeNobody, becomeOneselfAgain } from '../../../support/nobody.ts';

let root: string;
let opened: string[][];

/** What the runtime does: it may change what this process may not. */
async function open(at: string, folders: readonly string[]): Promise<void> {
  opened.push([...folders]);
  for (const folder of folders) chmodSync(join(at, folder), 0o777);
}

beforeEach(() => {
  becomeNobody();
  root = mkdtempSync(join(tmpdir(), 'minik-remove-'));
  opened = [];
});

afterEach(() => {
  becomeOneselfAgain();
  rmSync(root, { recursive: true, force: true });
});

/** A folder with a file in it that only `mode` protects. */
function folder(path: string, mode: number): void {
  mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, path, 'file'), 'x');
  chmodSync(join(root, path), mode);
}

describe('removeFolder', () => {
  test('asks nobody when there is nothing to do, or nothing in its way', async () => {
    await removeFolder(join(root, 'pod'), open);
    folder('pod/open', 0o755);
    await removeFolder(join(root, 'pod'), open);
    expect([existsSync(join(root, 'pod')), opened]).toEqual([false, []]);
  });

  test('has what it may not change opened, all at once', async () => {
    folder('pod/a', 0o555);
    folder('pod/b', 0o555);
    folder('pod/open', 0o755);
    await removeFolder(join(root, 'pod'), open);
    expect(existsSync(join(root, 'pod'))).toBe(false);
    expect(opened.map((paths) => paths.sort())).toEqual([['pod/a', 'pod/b']]);
  });

  test('finds what lies in a folder it may not read', async () => {
    folder('pod/a/b', 0o000);
    chmodSync(join(root, 'pod/a'), 0o000);
    await removeFolder(join(root, 'pod'), open);
    expect(opened).toEqual([['pod/a'], ['pod/a/b']]);
    expect(existsSync(join(root, 'pod'))).toBe(false);
  });

  test('says why when opening does not help', async () => {
    folder('pod/a', 0o555);
    await expect(removeFolder(join(root, 'pod'), async () => {})).rejects.toMatchObject({ code: 'EACCES' });
    await expect(removeFolder(join(root, 'pod'), () => Promise.reject(new Error('no engine')))).rejects.toThrow('no engine');
    chmodSync(join(root, 'pod/a'), 0o755);
  });
});
