// A file or folder of this machine as the bytes of a tar archive, under another name.
import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeTarHeader, TAR_END, tarPadding, type TarHeader } from './tar-header.ts';

export interface Packing {
  /** The name of the top of the tree in the archive. */
  readonly name: string;
  /** Of what cannot be packed: sockets, pipes, devices. */
  readonly onSkipped: (path: string) => Promise<void>;
}

const CHUNK_BYTES = 1 << 16;

/** In pieces of some size, however small the files are. */
export async function* packTree(path: string, packing: Packing): AsyncGenerator<Uint8Array> {
  let pending: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of pieces(path, packing)) {
    pending.push(bytes);
    size += bytes.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(pending);
    pending = [];
    size = 0;
  }
  yield Buffer.concat([...pending, TAR_END]);
}

async function* pieces(path: string, packing: Packing): AsyncGenerator<Uint8Array> {
  const stats = await lstat(path);
  const { name } = packing;
  if (stats.isDirectory()) {
    yield headerOf(stats, { name, type: 'folder' });
    for (const child of (await readdir(path)).sort()) yield* pieces(join(path, child), { ...packing, name: name === '.' ? child : `${name}/${child}` });
  } else if (stats.isSymbolicLink()) {
    yield headerOf(stats, { name, type: 'symlink', target: await readlink(path) });
  } else if (stats.isFile()) {
    yield headerOf(stats, { name, type: 'file', size: stats.size });
    yield* content(path, stats.size);
    yield new Uint8Array(tarPadding(stats.size));
  } else {
    await packing.onSkipped(path);
  }
}

function headerOf(stats: Stats, { name, type, size = 0, target = '' }: Pick<TarHeader, 'name'> & { readonly type: 'file' | 'folder' | 'symlink'; readonly size?: number; readonly target?: string }): Uint8Array {
  return encodeTarHeader({ name, type, size, target, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, mtime: Math.floor(stats.mtimeMs / 1000) });
}

/** As many bytes as the header says, whatever becomes of the file meanwhile. */
async function* content(path: string, size: number): AsyncGenerator<Uint8Array> {
  if (size === 0) return;
  let left = size;
  for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: CHUNK_BYTES })) {
    left -= (chunk as Buffer).length;
    yield chunk as Buffer;
  }
  if (left > 0) throw new Error(`${path} was cut short while it was copied`);
}
