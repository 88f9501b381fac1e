// subPath of a volume mount: a place inside the volume, made if missing, never outside of it however links may point.
import { mkdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { ConfigError } from '../config-objects.ts';

/** The real path on the host to mount. */
export async function resolveSubPath(volumeFolder: string, subPath: string): Promise<string> {
  if (isAbsolute(subPath)) throw new ConfigError(`error SubPath \`${subPath}\` must not be an absolute path`);
  if (subPath.split('/').includes('..')) throw new ConfigError(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
  const root = await realpath(volumeFolder);
  const wanted = join(root, subPath);
  await makeInside(root, subPath);
  const real = await realpath(wanted);
  if (real !== root && !real.startsWith(root + sep)) {
    throw new ConfigError(`subpath "${subPath}" leads out of the volume`);
  }
  return real;
}

/** Step by step, because a container may have put a link in the way. */
async function makeInside(root: string, subPath: string): Promise<void> {
  let at = root;
  for (const part of subPath.split('/').filter((name) => name !== '' && name !== '.')) {
    const next = join(at, part);
    const found = await stat(next).catch(() => undefined);
    if (found === undefined) await mkdir(next, { mode: 0o750 }).catch(() => {});
    at = await realpath(next).catch(() => Promise.reject(new ConfigError(`subpath "${subPath}" cannot be made`)));
    if (at !== root && !at.startsWith(root + sep)) throw new ConfigError(`subpath "${subPath}" leads out of the volume`);
  }
}
