// A container's own seccomp profile: a file below seccomp/ in the home, in the JSON that Kubernetes and the engine share.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, Pod } from '../api/generated/types.ts';
import { RuntimeError, type ContainerSpec } from './runtime/container-runtime.ts';

/** Throws RuntimeError in upstream's words where there is no such file. A container's own profile goes before the Pod's. */
export async function localSeccomp(pod: Pod, container: Container, folder: string): Promise<Pick<ContainerSpec, 'seccomp'>> {
  const { type, localhostProfile = '' } = container.securityContext?.seccompProfile ?? pod.spec?.securityContext?.seccompProfile ?? {};
  if (type !== 'Localhost' || container.securityContext?.privileged === true) return {};
  const path = join(folder, localhostProfile);
  const seccomp = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'no such file or directory' : error.message;
    throw new RuntimeError('Rejected', `cannot load seccomp profile "${path}": open ${path}: ${why}`, { cause: error });
  });
  return { seccomp };
}
