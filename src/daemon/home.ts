// The state directory: made on first use, its own identity, and clear words when it cannot be used.
import { createHash } from 'node:crypto';
import { access, chmod, constants, mkdir, realpath } from 'node:fs/promises';
import type { HomePaths } from './paths.ts';

/** Failures that the person who starts the daemon can act on; the message is all they need to see. */
export class StartError extends Error {
  override name = 'StartError';
}

export async function prepareHome(paths: HomePaths): Promise<void> {
  try {
    await mkdir(paths.home, { recursive: true, mode: 0o700 });
    await access(paths.home, constants.R_OK | constants.W_OK | constants.X_OK);
    await chmod(paths.home, 0o700);
    for (const folder of [paths.pods, paths.volumes]) await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StartError(`the state directory ${paths.home} is not writable (${code}); set MINIK_HOME to one that is`, { cause: error });
  }
}

/**
 * Labels everything in Docker that belongs to this home. Derived from the path, so that a home whose database was
 * lost still finds, and clears away, what it had started.
 */
export async function clusterIdOf(paths: HomePaths): Promise<string> {
  return createHash('sha256').update(await realpath(paths.home)).digest('hex').slice(0, 12);
}
