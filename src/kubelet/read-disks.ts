// What is left of the disks that Pods use: the one of minik's own folders, and the container engine's where it is on this machine.
import { statfs } from 'node:fs/promises';
import type { DiskSpace } from './disk-pressure.ts';

/** A folder that cannot be asked (it is another machine's) is left out, and so is a second folder on the same disk. */
export async function readDisks(paths: readonly string[]): Promise<readonly DiskSpace[]> {
  const found = await Promise.all(paths.filter((path) => path !== '').map((path) => readDisk(path)));
  const disks = found.filter((disk) => disk !== undefined);
  return disks.filter((disk, at) => disks.findIndex(({ totalBytes, availableBytes }) => totalBytes === disk.totalBytes && availableBytes === disk.availableBytes) === at);
}

async function readDisk(path: string): Promise<DiskSpace | undefined> {
  const found = await statfs(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const { bsize, blocks, bavail, files, ffree } = found;
  return { path, totalBytes: blocks * bsize, availableBytes: bavail * bsize, totalFiles: files, freeFiles: ffree };
}
