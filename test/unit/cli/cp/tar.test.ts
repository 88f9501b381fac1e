// Trees through the archive and back, archives of other programs, and archives that mean harm.
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import fc from 'fast-check';
import { packTree } from '../../../../src/cli/cp/pack-tree.ts';
import { readTar } from '../../../../src/cli/cp/read-tar.ts';
import { decodeTarHeader, encodeTarHeader, TAR_END, tarPadding, type TarHeader } from '../../../../src/cli/cp/tar-header.ts';
import { unpackTree } from '../../../../src/cli/cp/unpack-tree.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minik-tar-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const at = (...parts: string[]): string => join(folder, ...parts);
const silent = async (): Promise<void> => {};

async function* cut(whole: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < whole.length; from += size) yield whole.subarray(from, from + size);
}

const packed = async (path: string, name: string): Promise<Buffer> => Buffer.concat(await Array.fromAsync(packTree(path, { name, onSkipped: silent })));
const unpack = (archive: Uint8Array, name: string, to: string, warnings: string[] = []): Promise<number> =>
  unpackTree(readTar(cut(archive, 700)), { name, to, onWarning: async (text) => void warnings.push(text) });

describe('headers', () => {
  test('are read as they were written', () => {
    const header = fc.record({
      name: fc.stringMatching(/^[a-zä€][a-z/]{0,80}[a-z]$/).filter((name) => Buffer.byteLength(name) <= 99),
      type: fc.constantFrom('file' as const, 'symlink' as const, 'hardlink' as const),
      mode: fc.integer({ min: 0, max: 0o7777 }),
      uid: fc.integer({ min: 0, max: 2 ** 32 }),
      gid: fc.integer({ min: 0, max: 2 ** 32 }),
      size: fc.integer({ min: 0, max: 2 ** 40 }),
      mtime: fc.integer({ min: 0, max: 2 ** 33 }),
      target: fc.stringMatching(/^[a-z./]{0,99}$/),
    });
    fc.assert(fc.property(header, (one) => expect(decodeTarHeader(encodeTarHeader(one))).toMatchObject({ ...one })));
  });

  test('that are none are refused', () => {
    expect(decodeTarHeader(new Uint8Array(512))).toBeUndefined();
    expect(() => decodeTarHeader(new Uint8Array(512).fill(65))).toThrow('tar contents corrupted');
  });
});

/** A tree with what is hard: long and odd names, links, empty and read-only things, blocks full to the brim. */
function makeTree(path: string): void {
  mkdirSync(join(path, 'deep', 'n'.repeat(120), 'ä €'), { recursive: true });
  writeFileSync(join(path, 'deep', 'n'.repeat(120), 'ä €', 'file'), 'deep');
  writeFileSync(join(path, 'empty'), '');
  for (const size of [511, 512, 513, 200_000]) writeFileSync(join(path, `size-${size}`), 'x'.repeat(size));
  writeFileSync(join(path, 'run.sh'), '#!/bin/sh\n', { mode: 0o750 });
  mkdirSync(join(path, 'nothing'));
  symlinkSync('run.sh', join(path, 'link'));
  symlinkSync(`deep/${'n'.repeat(120)}/ä €/file`, join(path, 'far'));
  mkdirSync(join(path, 'closed'));
  writeFileSync(join(path, 'closed', 'in'), 'in', { mode: 0o400 });
  chmodSync(join(path, 'closed'), 0o555);
}

function treeOf(path: string): unknown {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return { link: readlinkSync(path) };
  if (stats.isFile()) return { mode: stats.mode & 0o777, text: readFileSync(path, 'utf8') };
  return { mode: stats.mode & 0o777, children: Object.fromEntries(readdirSync(path).sort().map((name) => [name, treeOf(join(path, name))])) };
}

describe('a tree', () => {
  test.each([['/', 'tree'], ['.', '.']])('comes back as it was, packed as %s%s', async (_text, name) => {
    makeTree(at('tree'));
    await unpack(await packed(at('tree'), name), name, at('back'));
    expect(treeOf(at('back'))).toEqual(treeOf(at('tree')));
    chmodSync(at('tree', 'closed'), 0o755);
    chmodSync(at('back', 'closed'), 0o755);
  });

  test.each(['gnu', 'pax', 'ustar', 'v7'])('of the tar program is read (%s)', async (format) => {
    mkdirSync(at('tree', 'deep'), { recursive: true });
    writeFileSync(at('tree', 'deep', format === 'v7' ? 'file' : 'n'.repeat(90)), 'x'.repeat(1_000), { mode: 0o640 });
    writeFileSync(at('tree', 'one'), 'one');
    if (format === 'gnu' || format === 'pax') mkdirSync(at('tree', 'n'.repeat(150)));
    const { stdout } = await execa('tar', ['cf', '-', `--format=${format}`, '-C', folder, './tree'], { encoding: 'buffer' });
    await unpack(stdout, 'tree', at('back'));
    expect(treeOf(at('back'))).toEqual(treeOf(at('tree')));
  });

  test('is read by the tar program', async () => {
    makeTree(at('tree'));
    writeFileSync(at('archive.tar'), await packed(at('tree'), 'other'));
    mkdirSync(at('back'));
    await execa('tar', ['xpf', at('archive.tar'), '-C', at('back')]);
    expect(treeOf(at('back', 'other'))).toEqual(treeOf(at('tree')));
    for (const path of [at('tree', 'closed'), at('back', 'other', 'closed')]) chmodSync(path, 0o755);
  });

  test('keeps hard links of the tar program', async () => {
    mkdirSync(at('tree'));
    writeFileSync(at('tree', 'a'), 'same');
    await execa('ln', [at('tree', 'a'), at('tree', 'b')]);
    const { stdout } = await execa('tar', ['cf', '-', '-C', folder, './tree'], { encoding: 'buffer' });
    await unpack(stdout, 'tree', at('back'));
    expect(statSync(at('back', 'a')).ino).toBe(statSync(at('back', 'b')).ino);
  });
});

describe('one file', () => {
  test.each([
    ['takes the name that is asked for', 'new', 'new'],
    ['goes into a folder that is there', 'there', 'there/file'],
  ])('%s', async (_title, to, found) => {
    mkdirSync(at('there'));
    writeFileSync(at('file'), 'text');
    await unpack(await packed(at('file'), 'file'), 'file', at(to));
    expect(readFileSync(at(found), 'utf8')).toBe('text');
  });
});

const bare = { mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0, target: '' };

function archiveOf(...entries: readonly (Partial<TarHeader> & { readonly name: string; readonly type: 'file' | 'folder' | 'symlink' | 'hardlink'; readonly text?: string })[]): Buffer {
  const parts = entries.flatMap(({ text = '', ...header }) => [encodeTarHeader({ ...bare, ...header, size: text.length }), Buffer.from(text), new Uint8Array(tarPadding(text.length))]);
  return Buffer.concat([...parts, TAR_END]);
}

describe('an archive that means harm', () => {
  test.each(['/etc/evil', '../evil', 'tree/../../evil', 'other/evil', 'treeevil'])('is refused for the name %s', async (name) => {
    await expect(unpack(archiveOf({ name: 'tree', type: 'folder' }, { name, type: 'file', text: 'x' }), 'tree', at('back'))).rejects.toThrow('tar contents corrupted');
  });

  test.each(['/etc', '..', 'sub/../../..'])('makes no link to %s', async (target) => {
    const warnings: string[] = [];
    await unpack(archiveOf({ name: 'tree', type: 'folder', mode: 0o755 }, { name: 'tree/out', type: 'symlink', target }), 'tree', at('back'), warnings);
    expect(existsSync(at('back', 'out'))).toBe(false);
    expect(warnings).toEqual([`warning: skipping symlink: "${at('back', 'out')}" -> "${target}"`]);
  });

  test('writes nothing through a link of its own', async () => {
    mkdirSync(at('victim'));
    const archive = archiveOf({ name: 'tree', type: 'folder', mode: 0o755 }, { name: 'tree/a', type: 'symlink', target: 'b' }, { name: 'tree/b', type: 'symlink', target: '../victim' }, { name: 'tree/a/evil', type: 'file', text: 'x' });
    await expect(unpack(archive, 'tree', at('back'))).rejects.toThrow();
    expect(readdirSync(at('victim'))).toEqual([]);
  });

  test('makes no hard link to what it did not bring', async () => {
    writeFileSync(at('secret'), 'x');
    const warnings: string[] = [];
    await unpack(archiveOf({ name: 'tree', type: 'folder', mode: 0o755 }, { name: 'tree/a', type: 'hardlink', target: at('secret') }), 'tree', at('back'), warnings);
    expect(existsSync(at('back', 'a'))).toBe(false);
    expect(warnings).toHaveLength(1);
  });

  test('gives no special rights', async () => {
    await unpack(archiveOf({ name: 'f', type: 'file', mode: 0o6755, text: 'x' }), 'f', at('f'));
    expect(statSync(at('f')).mode & 0o7777).toBe(0o755);
  });
});

test.each([100, 600, 1_200])('an archive cut short after %i bytes is no whole one', async (length) => {
  const whole = archiveOf({ name: 'f', type: 'file', text: 'x'.repeat(2_000) });
  await expect(unpack(whole.subarray(0, length), 'f', at('f'))).rejects.toThrow('unexpected EOF');
});
