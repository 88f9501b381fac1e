// Writes a set of files so that readers see all of the old or all of the new ones: files live in a dated folder, `..data`
// points at it, and what users open are links through `..data`. One rename of that link is the update.
//
// Synchronous where it can be: two dozen tiny calls, of every Pod that has a token, take 1.4 ms of processor time instead of
// 2.6 (measured) when none of them travels to another thread and back.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { chmod, chown, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sameValue } from '../../api/equality.ts';
import type { VolumeFiles } from './volume-content.ts';

const DATA_LINK = '..data';
const NEW_LINK = '..data_tmp';

/** `group` is the Pod's fsGroup: it gets to read everything. */
export async function writeAtomically(folder: string, files: VolumeFiles, options: { readonly group?: number } = {}): Promise<void> {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const before = currentFolder(folder);
  if (before !== undefined && holds(join(folder, before), files)) return;
  // Not hidden from users by name alone: everything that starts with ".." is this writer's.
  const dated = mkdtempSync(`${folder}/..files-`);
  chmodSync(dated, 0o755);
  await writeFiles(dated, files, options.group);
  swapLink(folder, dated.slice(folder.length + 1));
  linkTops(folder, files);
  if (before !== undefined) rmSync(join(folder, before), { recursive: true, force: true });
}

/** Undefined when nothing was ever written, or it is gone. */
function currentFolder(folder: string): string | undefined {
  try {
    const name = readlinkSync(join(folder, DATA_LINK));
    return existsSync(join(folder, name)) ? name : undefined;
  } catch {
    return undefined;
  }
}

async function writeFiles(folder: string, files: VolumeFiles, group: number | undefined): Promise<void> {
  for (const [path, { bytes, mode, user }] of files) {
    const target = join(folder, path);
    if (path.includes('/')) mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    writeFileSync(target, bytes);
    // After writing: the process' umask must not thin the mode out.
    chmodSync(target, group === undefined ? mode : mode | 0o440);
    // Where user or group cannot have the file, everybody in the container reads it: the folders above keep others out.
    if (user !== undefined && !(await giveToUser(target, user))) await chmod(target, mode | 0o444);
    if (group !== undefined && !(await giveToGroup(target, group))) await chmod(target, mode | 0o444);
  }
}

/** Only root may give files away; false without that right: the mode has to do then. */
export async function giveToGroup(path: string, group: number): Promise<boolean> {
  const { uid } = await stat(path);
  return isAllowed(chown(path, uid, group));
}

/** As with groups. */
async function giveToUser(path: string, user: number): Promise<boolean> {
  const { gid } = await stat(path);
  return isAllowed(chown(path, user, gid));
}

function isAllowed(change: Promise<void>): Promise<boolean> {
  return change.then(
    () => true,
    (error: NodeJS.ErrnoException) => (error.code === 'EPERM' ? false : Promise.reject(error)),
  );
}

function swapLink(folder: string, target: string): void {
  rmSync(join(folder, NEW_LINK), { force: true });
  symlinkSync(target, join(folder, NEW_LINK));
  renameSync(join(folder, NEW_LINK), join(folder, DATA_LINK));
}

function linkTops(folder: string, files: VolumeFiles): void {
  const wanted = new Set([...files.keys()].map((path) => path.split('/')[0]!));
  const present = new Set(readdirSync(folder).filter((name) => !name.startsWith('..')));
  for (const name of wanted) if (!present.has(name)) symlinkSync(join(DATA_LINK, name), join(folder, name));
  for (const name of present) if (!wanted.has(name)) rmSync(join(folder, name), { force: true });
}

function holds(folder: string, files: VolumeFiles): boolean {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  if (!sameValue(paths.sort(), [...files.keys()].sort())) return false;
  return [...files].every(([path, { bytes }]) => readFileSync(join(folder, path)).equals(bytes));
}
