// Removes everything that a home has made: containers, volumes, objects, keys. The home itself stays, empty.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { RuntimeError } from '../kubelet/runtime/container-runtime.ts';
import { MEMORY_DIR, VolumeStore } from '../kubelet/volumes/volume-store.ts';
import { VolumeFolders } from '../kubelet/volumes/volume-folders.ts';
import { openEngine } from './engine.ts';
import { clusterIdOf, prepareHome, StartError } from './home.ts';
import { hostPrograms } from './host-rights.ts';
import { removeLeftRoute } from './left-route.ts';
import type { HomePaths } from './paths.ts';
import { answers } from './socket-probe.ts';

export interface ResetOptions {
  readonly paths: HomePaths;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The daemon must be stopped: its caller does that. */
export async function resetHome({ paths, env, clock, log }: ResetOptions): Promise<void> {
  await prepareHome(paths);
  if (await answers(paths.socket)) throw new StartError(`the daemon of ${paths.home} is still running; stop it first`);
  const { endpoint, runtime } = await openEngine({ env, clusterId: await clusterIdOf(paths), clock, log });
  try {
    await runtime.reset();
    const gateway = async (): Promise<string> => (await runtime.version()).gateway;
    await removeLeftRoute(paths, () => hostPrograms({ endpoint, gateway, enginePrograms: runtime.hostPrograms, clock }));
    const openFolders = (root: string, folders: readonly string[]): Promise<void> => runtime.openFolders(root, folders);
    const volumes = new VolumeStore({ podsDir: paths.pods, memoryDir: MEMORY_DIR, openFolders });
    for (const uid of await volumes.podUids()) await volumes.remove(uid);
    await new VolumeFolders({ root: paths.volumes, openFolders }).removeAll();
  } catch (error) {
    if (!(error instanceof RuntimeError) || error.code !== 'Unavailable') throw error;
    throw new StartError(`containers cannot be removed: ${error.message}; start Docker and reset again`, { cause: error });
  } finally {
    await runtime.close();
  }
  for (const entry of await readdir(paths.home)) await rm(join(paths.home, entry), { recursive: true, force: true });
}
