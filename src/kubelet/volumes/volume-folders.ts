// The folders that stand for PersistentVolumes: one a volume, under the home, until the volume is deleted.
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import { removeFolder } from './remove-folder.ts';

export class VolumeFolders {
  readonly #root: string;
  readonly #openFolders: ContainerRuntime['openFolders'];

  /** `root`: $MINIK_HOME/volumes */
  constructor({ root, openFolders }: { readonly root: string; readonly openFolders: ContainerRuntime['openFolders'] }) {
    this.#root = root;
    this.#openFolders = openFolders;
  }

  /** Whoever a container runs as may write to it. What is there stays. */
  async make(name: string): Promise<void> {
    const folder = join(this.#root, name);
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    // Only a new one: what a container made of its modes and groups is its own affair.
    if (made !== undefined) await chmod(folder, 0o777);
  }

  /** With everything in it; one that is not there is fine. */
  remove(name: string): Promise<void> {
    return removeFolder(join(this.#root, name), this.#openFolders);
  }

  async removeAll(): Promise<void> {
    for (const name of await readdir(this.#root).catch(() => [])) await this.remove(name);
  }
}
