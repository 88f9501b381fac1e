// hostPath volumes: the check, or the making, that their type asks for.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Stats } from 'node:fs';
import type { HostPathVolumeSource } from '../../api/generated/types.ts';
import { ConfigError } from '../config-objects.ts';

const CHECKS: Readonly<Record<string, readonly [what: string, test: (found: Stats) => boolean]>> = {
  Directory: ['a directory', (found) => found.isDirectory()],
  DirectoryOrCreate: ['a directory', (found) => found.isDirectory()],
  File: ['a file', (found) => found.isFile()],
  FileOrCreate: ['a file', (found) => found.isFile()],
  Socket: ['a socket file', (found) => found.isSocket()],
  CharDevice: ['a character device', (found) => found.isCharacterDevice()],
  BlockDevice: ['a block device', (found) => found.isBlockDevice()],
};

/** Throws ConfigError when the path is not what the type says. */
export async function prepareHostPath({ path, type = '' }: HostPathVolumeSource): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined && (type === 'DirectoryOrCreate' || type === '')) return makeFolder(path, type);
  if (found === undefined && type === 'FileOrCreate') return makeFile(path);
  const check = CHECKS[type];
  if (check === undefined) return;
  const [what, test] = check;
  if (found === undefined || !test(found)) throw new ConfigError(`hostPath type check failed: ${path} is not ${what}`);
}

/** Without a type a missing path is made where that is possible, as container runtimes do; else the runtime complains. */
async function makeFolder(path: string, type: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o755 });
  } catch (error) {
    if (type !== '') throw new ConfigError(`hostPath type check failed: ${path} cannot be made: ${String(error)}`);
  }
}

async function makeFile(path: string): Promise<void> {
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (parent === undefined) throw new ConfigError(`hostPath type check failed: ${dirname(path)} does not exist`);
  await writeFile(path, '', { flag: 'a', mode: 0o644 });
}
