// Removes a folder that containers wrote into: what they made belongs to whomever they ran as, mostly root.
import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';

const ROOT_USER = 0;
const STICKY = 0o1000;

export async function removeFolder(folder: string, openFolders: ContainerRuntime['openFolders']): Promise<void> {
  const user = process.geteuid?.() ?? ROOT_USER;
  if (user !== ROOT_USER) await openAll(folder, { user, openFolders });
  await rm(folder, { recursive: true, force: true });
}

interface Opening {
  readonly user: number;
  readonly openFolders: ContainerRuntime['openFolders'];
}

/** A folder that cannot be read shows what is below only once it is open, so this goes on while there is news. */
async function openAll(folder: string, { user, openFolders }: Opening): Promise<void> {
  const root = dirname(folder);
  let before: readonly string[] = [];
  for (;;) {
    const closed = await closedFolders(root, { path: basename(folder), user });
    if (closed.every((path) => before.includes(path))) return;
    await openFolders(root, closed);
    before = closed;
  }
}

/** Paths, seen from `root`, of the folders whose entries this user may not list and remove. */
async function closedFolders(root: string, { path, user }: { readonly path: string; readonly user: number }): Promise<string[]> {
  const found = await lstat(join(root, path)).catch(() => undefined);
  if (found === undefined) return [];
  const isOpen = found.uid === user ? (found.mode & 0o700) === 0o700 : (found.mode & (STICKY | 0o007)) === 0o007;
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => []);
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => closedFolders(root, { path: join(path, name), user }));
  return [...(isOpen ? [] : [path]), ...(await Promise.all(below)).flat()];
}
