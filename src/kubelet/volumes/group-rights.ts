// fsGroup on a volume that outlives Pods: everything in it is given to the group, which may read and write, and folders hand
// the group on to what is made in them.
import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { giveToGroup } from './atomic-writer.ts';

const SET_GID = 0o2000;
const GROUP_FOLDER = SET_GID | 0o070;
const GROUP_FILE = 0o060;

export async function shareWithGroup(root: string, group: number, { onlyIfRootDiffers }: { readonly onlyIfRootDiffers: boolean }): Promise<void> {
  const { gid, mode } = await lstat(root);
  if (onlyIfRootDiffers && gid === group && (mode & GROUP_FOLDER) === GROUP_FOLDER) return;
  await share(root, group);
}

/** Links are left as they are. What belongs to others than the daemon's user stays so, unless that is root. */
async function share(path: string, group: number): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !(found.isDirectory() || found.isFile())) return;
  const isGiven = found.gid === group || (await giveToGroup(path, group));
  const wanted = found.mode | (found.isDirectory() ? GROUP_FOLDER : GROUP_FILE);
  if (isGiven && found.mode !== wanted) await chmod(path, wanted & 0o7777).catch(unlessForbidden);
  if (!found.isDirectory()) return;
  for (const name of await readdir(path).catch(() => [])) await share(join(path, name), group);
}

function unlessForbidden(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPERM') throw error;
}
