// How much room a folder takes, blocks counted as the disk does. Links are not followed, other names of a file count once.
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK_BYTES = 512;

/** Counting ends beyond `enoughBytes`. What cannot be read, and what vanishes meanwhile, counts nothing. */
export async function usedBelow(folder: string, enoughBytes: number): Promise<number> {
  const seen = new Set<number>();
  const open = [folder];
  let used = 0;
  for (let path = open.pop(); path !== undefined && used <= enoughBytes; path = open.pop()) {
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      const inside = join(path, entry.name);
      const found = await lstat(inside).catch(() => undefined);
      if (found === undefined || seen.has(found.ino)) continue;
      if (found.nlink > 1) seen.add(found.ino);
      used += found.blocks * BLOCK_BYTES;
      if (found.isDirectory()) open.push(inside);
    }
  }
  return used;
}
