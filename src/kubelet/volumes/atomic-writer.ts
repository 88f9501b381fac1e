// Writes a set of files so that readers see all of the old or all of the new ones: files live in a dated folder, `..data`
// points at it, and what users open are links through `..data`. One rename of that link is the update.
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sameValue } from '../../api/equality.ts';
import type { VolumeFiles } from './volume-content.ts';

const DATA_LINK = '..data';
const NEW_LINK = '..data_tmp';

/** `group` is the Pod's fsGroup: it gets to read everything. */
export async function writeAtomically(folder: string, files: VolumeFiles, options: { readonly group?: number } = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  const before = await readlink(join(folder, DATA_LINK)).catch(() => undefined);
  if (before !== undefined && (await holds(join(folder, before), files))) return;
  // Not hidden from users by name alone: everything that starts with ".." is this writer's.
  const dated = await mkdtemp(`${folder}/..files-`);
  await chmod(dated, 0o755);
  await writeFiles(dated, files, options.group);
  await swapLink(folder, dated.slice(folder.length + 1));
  await linkTops(folder, files);
  if (before !== undefined) await rm(join(folder, before), { recursive: true, force: true });
}

async function writeFiles(folder: string, files: VolumeFiles, group: number | undefined): Promise<void> {
  for (const [path, { bytes, mode }] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await writeFile(target, bytes);
    // After writing: the process' umask must not thin the mode out.
    await chmod(target, group === undefined ? mode : mode | 0o440);
    // Where the group cannot have the file, everybody in the container reads it: the folders above keep others out.
    if (group !== undefined && !(await giveToGroup(target, group))) await chmod(target, mode | 0o444);
  }
}

/** Only root may give files away; false without that right: the mode has to do then. */
export async function giveToGroup(path: string, group: number): Promise<boolean> {
  const { uid } = await stat(path);
  return chown(path, uid, group).then(
    () => true,
    (error: NodeJS.ErrnoException) => (error.code === 'EPERM' ? false : Promise.reject(error)),
  );
}

async function swapLink(folder: string, target: string): Promise<void> {
  await rm(join(folder, NEW_LINK), { force: true });
  await symlink(target, join(folder, NEW_LINK));
  await rename(join(folder, NEW_LINK), join(folder, DATA_LINK));
}

async function linkTops(folder: string, files: VolumeFiles): Promise<void> {
  const wanted = new Set([...files.keys()].map((path) => path.split('/')[0]!));
  const present = new Set((await readdir(folder)).filter((name) => !name.startsWith('..')));
  for (const name of wanted) if (!present.has(name)) await symlink(join(DATA_LINK, name), join(folder, name));
  for (const name of present) if (!wanted.has(name)) await rm(join(folder, name), { force: true });
}

async function holds(folder: string, files: VolumeFiles): Promise<boolean> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  if (!sameValue(paths.sort(), [...files.keys()].sort())) return false;
  for (const [path, { bytes }] of files) if (!(await readFile(join(folder, path))).equals(bytes)) return false;
  return true;
}
