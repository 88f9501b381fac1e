// Writes a tar archive out of a container to this machine, never outside the place that was asked for.
import { open, chmod, link, mkdir, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import type { TarEntry } from './read-tar.ts';

export interface Unpacking {
  /** The name in the archive of what was asked for. */
  readonly name: string;
  readonly to: string;
  readonly onWarning: (text: string) => Promise<void>;
}

const OTHERS_MAY = 0o777;
const OWNER_MAY_WRITE = 0o700;

/** Returns how many entries were written. Throws when the archive holds what was not asked for. */
export async function unpackTree(entries: AsyncIterable<TarEntry>, { name, to, onWarning }: Unpacking): Promise<number> {
  const folders: { readonly path: string; readonly mode: number }[] = [];
  const symlinks: { readonly path: string; readonly target: string }[] = [];
  let top: string | undefined;
  let count = 0;
  for await (const { header, data } of entries) {
    const inside = insideOf(header.name, name);
    if (inside === undefined) throw new Error('tar contents corrupted');
    top ??= inside === '' && header.type !== 'folder' && (await isFolder(to)) ? join(to, basename(header.name)) : to;
    const path = inside === '' ? top : join(top, inside);
    const mode = header.mode & OTHERS_MAY;
    count += 1;
    await mkdir(dirname(path), { recursive: true });
    switch (header.type) {
      case 'folder':
        await mkdir(path, { recursive: true });
        // Read-only ones are made so at the end, when nothing is to be put in them any more.
        await chmod(path, mode | OWNER_MAY_WRITE);
        folders.push({ path, mode });
        break;
      case 'file':
        await writeFile(path, { mode, data });
        break;
      case 'hardlink': {
        const target = insideOf(header.target, name);
        if (target === undefined || target === '') await onWarning(`warning: skipping link: "${path}" -> "${header.target}"`);
        else await relink(join(top, target), path);
        break;
      }
      case 'symlink':
        // Made at the end: nothing may be written through a link that came with the archive.
        if (staysInside(top, path, header.target)) symlinks.push({ path, target: header.target });
        else await onWarning(`warning: skipping symlink: "${path}" -> "${header.target}"`);
        break;
      case 'other':
        await onWarning(`warning: skipping "${path}": neither a file, a folder nor a link`);
    }
  }
  for (const { path, target } of symlinks) {
    await rm(path, { force: true });
    await symlink(target, path);
  }
  for (const { path, mode } of folders.reverse()) await chmod(path, mode);
  return count;
}

/** The path below `name`: '' for itself, undefined for anything outside. */
function insideOf(path: string, name: string): string | undefined {
  const clean = posix.normalize(path).replace(/\/$/, '');
  if (clean.startsWith('/') || clean.split('/').includes('..')) return undefined;
  if (clean === name) return '';
  if (name === '.') return clean;
  return clean.startsWith(`${name}/`) ? clean.slice(name.length + 1) : undefined;
}

/** A link that is itself all that was asked for may point beside itself, no further. */
function staysInside(top: string, path: string, target: string): boolean {
  if (target.startsWith('/')) return false;
  const way = relative(path === top ? dirname(top) : top, resolve(dirname(path), target));
  return way !== '..' && !way.startsWith(`..${sep}`);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function writeFile(path: string, { mode, data }: { readonly mode: number; readonly data: AsyncIterable<Uint8Array> }): Promise<void> {
  const file = await open(path, 'w');
  try {
    for await (const bytes of data) await file.write(bytes);
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

async function relink(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  await link(from, to);
}
