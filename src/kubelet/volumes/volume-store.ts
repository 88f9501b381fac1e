// The folders of Pods on this machine: volumes under pods/<uid>/volumes/<plugin>/<name>, termination messages beside them.
import { chmod, mkdir, open, readdir, readFile, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, Pod, Volume, VolumeMount } from '../../api/generated/types.ts';
import { ConfigError } from '../config-objects.ts';
import { expand, unknownReferences } from '../expansion.ts';
import type { ContainerRuntime, Mount } from '../runtime/container-runtime.ts';
import { giveToGroup, writeAtomically } from './atomic-writer.ts';
import { MountError, prepareClaimed } from './claimed-volume.ts';
import { usedBelow } from './disk-usage.ts';
import { prepareHostPath } from './host-path.ts';
import { removeFolder } from './remove-folder.ts';
import { resolveSubPath } from './sub-path.ts';
import { volumeContent, type ContentSources } from './volume-content.ts';

/** Volume types that live here, by the folder upstream keeps them in. */
const FOLDERS: Readonly<Record<string, string>> = {
  configMap: 'kubernetes.io~configmap',
  secret: 'kubernetes.io~secret',
  emptyDir: 'kubernetes.io~empty-dir',
  downwardAPI: 'kubernetes.io~downward-api',
  projected: 'kubernetes.io~projected',
  persistentVolumeClaim: 'kubernetes.io~local-volume',
  ephemeral: 'kubernetes.io~local-volume',
};
/** tmpfs on every Linux. */
export const MEMORY_DIR = '/dev/shm';
const DEFAULT_MESSAGE_PATH = '/dev/termination-log';
const LONGEST_MESSAGE_BYTES = 4_096;

export interface VolumeStoreOptions {
  /** $MINIK_HOME/pods */
  readonly podsDir: string;
  /** A folder on tmpfs for emptyDir of medium Memory; where it is missing the disk serves. */
  readonly memoryDir: string;
  readonly openFolders: ContainerRuntime['openFolders'];
}

export class VolumeStore {
  readonly #podsDir: string;
  readonly #memoryDir: string;
  readonly #openFolders: ContainerRuntime['openFolders'];

  constructor({ podsDir, memoryDir, openFolders }: VolumeStoreOptions) {
    this.#podsDir = podsDir;
    this.#memoryDir = memoryDir;
    this.#openFolders = openFolders;
  }

  /** Makes or refreshes all volumes. Throws ConfigError with upstream's words for the first that cannot be. */
  async prepare(pod: Pod, sources: ContentSources): Promise<void> {
    for (const volume of pod.spec?.volumes ?? []) {
      try {
        await this.#prepareVolume(pod, volume, sources);
      } catch (error) {
        if (!(error instanceof ConfigError) || error instanceof MountError) throw error;
        throw new ConfigError(`MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`);
      }
    }
  }

  async #prepareVolume(pod: Pod, volume: Volume, sources: ContentSources): Promise<void> {
    if (volume.hostPath !== undefined) return prepareHostPath(volume.hostPath);
    const folder = this.#volumeFolder(pod, volume);
    if (volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined) return link(folder, await prepareClaimed(pod, volume, sources.config));
    const group = pod.spec?.securityContext?.fsGroup;
    const files = volumeContent(volume, sources);
    if (files !== undefined) return writeAtomically(folder, files, group === undefined ? {} : { group });
    if (volume.emptyDir?.medium === 'Memory' && (await this.#linkMemory(pod, folder))) return;
    await mkdir(folder, { recursive: true });
    await openToAll(folder, group);
  }

  /** The volume's folder becomes a link into memory, so that removing the Pod's folder finds it again. */
  async #linkMemory(pod: Pod, folder: string): Promise<boolean> {
    const parent = await stat(this.#memoryDir).catch(() => undefined);
    if (parent?.isDirectory() !== true) return false;
    const target = join(this.#memoryDir, `minik-${pod.metadata?.uid}-${folder.split('/').at(-1)}`);
    await mkdir(target, { recursive: true });
    await openToAll(target, pod.spec?.securityContext?.fsGroup);
    await link(folder, target);
    return true;
  }

  /** What lies in an emptyDir, as the disk counts it; counting ends beyond `enoughBytes`. */
  async usedBytes(pod: Pod, volume: Volume, enoughBytes: number): Promise<number> {
    const folder = await realpath(this.#volumeFolder(pod, volume)).catch(() => undefined);
    return folder === undefined ? 0 : usedBelow(folder, enoughBytes);
  }

  /** What a container mounts: its volumeMounts and the file for its termination message. */
  async mounts(pod: Pod, container: Container, options: { readonly attempt: number; readonly env: ReadonlyMap<string, string> }): Promise<readonly Mount[]> {
    const mounts: Mount[] = [];
    for (const mount of container.volumeMounts ?? []) {
      const volume = pod.spec?.volumes?.find(({ name }) => name === mount.name);
      if (volume === undefined) throw new ConfigError(`volume "${mount.name}" of container "${container.name}" is not in the Pod`);
      const hostPath = await this.#mountSource(pod, volume, { mount, env: options.env });
      mounts.push({ hostPath, containerPath: mount.mountPath, readOnly: mount.readOnly === true || isReadOnly(volume), ...propagation(mount) });
    }
    const messagePath = container.terminationMessagePath ?? DEFAULT_MESSAGE_PATH;
    if (messagePath === '') return mounts;
    const hostPath = this.#messageFile(pod, container.name, options.attempt);
    await mkdir(join(hostPath, '..'), { recursive: true });
    await writeFile(hostPath, '', { flag: 'a' });
    await chmod(hostPath, 0o666);
    return [...mounts, { hostPath, containerPath: messagePath, readOnly: false }];
  }

  async #mountSource(pod: Pod, volume: Volume, { mount, env }: { mount: VolumeMount; env: ReadonlyMap<string, string> }): Promise<string> {
    const folder = volume.hostPath?.path ?? (await realpath(this.#volumeFolder(pod, volume)));
    const lookup = (name: string): string | undefined => env.get(name);
    const expression = mount.subPathExpr ?? '';
    const unknown = unknownReferences(expression, lookup);
    if (unknown.length > 0) throw new ConfigError(`missing value for "${unknown[0]}"`);
    const subPath = expression === '' ? (mount.subPath ?? '') : expand(expression, lookup);
    return subPath === '' ? folder : resolveSubPath(folder, subPath);
  }

  /** Written in place: containers that run have the file mounted. Returns its path. */
  async writeHosts(pod: Pod, content: string): Promise<string> {
    const path = join(this.#podsDir, pod.metadata?.uid ?? '', 'etc-hosts');
    if ((await readFile(path, 'utf8').catch(() => undefined)) === content) return path;
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
    await chmod(path, 0o644);
    return path;
  }

  /** '' when the container left no message. */
  async terminationMessage(pod: Pod, container: string, attempt: number): Promise<string> {
    const file = await open(this.#messageFile(pod, container, attempt)).catch(() => undefined);
    if (file === undefined) return '';
    try {
      const buffer = new Uint8Array(LONGEST_MESSAGE_BYTES);
      const { bytesRead } = await file.read(buffer, 0, LONGEST_MESSAGE_BYTES, 0);
      return new TextDecoder().decode(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  }

  /** Everything of the Pod on disk and in memory. */
  async remove(podUid: string): Promise<void> {
    const emptyDirs = join(this.#podsDir, podUid, 'volumes', FOLDERS['emptyDir']!);
    for (const name of await readdir(emptyDirs).catch(() => [])) {
      const target = await realpath(join(emptyDirs, name)).catch(() => undefined);
      if (target?.startsWith(`${this.#memoryDir}/minik-`)) await removeFolder(target, this.#openFolders);
    }
    await removeFolder(join(this.#podsDir, podUid), this.#openFolders);
  }

  /** The Pods that have a folder. */
  async podUids(): Promise<readonly string[]> {
    return readdir(this.#podsDir).catch(() => []);
  }

  #volumeFolder(pod: Pod, volume: Volume): string {
    const type = Object.keys(volume).find((key) => key !== 'name' && volume[key as keyof Volume] !== undefined) ?? 'emptyDir';
    const folder = FOLDERS[type];
    if (folder === undefined) throw new ConfigError(`volumes of type ${type} are not supported`);
    return join(this.#podsDir, pod.metadata?.uid ?? '', 'volumes', folder, volume.name);
  }

  #messageFile(pod: Pod, container: string, attempt: number): string {
    return join(this.#podsDir, pod.metadata?.uid ?? '', 'containers', container, `termination-${attempt}`);
  }
}

/** Files that the API server owns are not for containers to change. */
function isReadOnly(volume: Volume): boolean {
  const isFiles = [volume.configMap, volume.secret, volume.downwardAPI, volume.projected].some((source) => source !== undefined);
  return isFiles || volume.persistentVolumeClaim?.readOnly === true;
}

/** What lies elsewhere is found through the Pod's own folder. */
async function link(folder: string, target: string): Promise<void> {
  await mkdir(join(folder, '..'), { recursive: true });
  await symlink(target, folder).catch((error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? undefined : Promise.reject(error)));
}

function propagation({ mountPropagation }: VolumeMount): Pick<Mount, 'propagation'> {
  if (mountPropagation === 'HostToContainer') return { propagation: 'rslave' };
  return mountPropagation === 'Bidirectional' ? { propagation: 'rshared' } : {};
}

async function openToAll(folder: string, group: number | undefined): Promise<void> {
  if (group !== undefined) await giveToGroup(folder, group);
  await chmod(folder, group === undefined ? 0o777 : 0o2777);
}
