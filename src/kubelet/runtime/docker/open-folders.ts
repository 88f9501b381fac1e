// Opens folders that containers made as another user: the engine unpacks an archive of their names over them, as root.
import type { EngineContext } from './containers.ts';
import { translated } from './engine-errors.ts';
import { ensureSandboxImage } from './images.ts';
import { asRecord, asText } from './json-fields.ts';
import { CLUSTER_LABEL } from './labels.ts';
import { writeTar } from './tar.ts';

const MOUNT = '/folder';

/** The container is never started: it only shows the engine the way to `root`. */
export async function openFolders(context: EngineContext, { root, folders }: { readonly root: string; readonly folders: readonly string[] }): Promise<void> {
  const { client, clusterId } = context;
  const json = {
    Image: await ensureSandboxImage(context),
    Labels: { [CLUSTER_LABEL]: clusterId },
    HostConfig: { NetworkMode: 'none', Mounts: [{ Type: 'bind', Source: root, Target: MOUNT }] },
  };
  const body = writeTar(folders.map((name) => ({ type: 'folder', name: `${name}/`, mode: 0o777 })));
  const created = asRecord(await translated(() => client.json({ method: 'POST', path: '/containers/create', json })));
  const container = `/containers/${asText(created['Id'])}`;
  try {
    const query = { path: MOUNT, noOverwriteDirNonDir: true };
    const headers = { 'content-type': 'application/x-tar' };
    await translated(() => client.done({ method: 'PUT', path: `${container}/archive`, query, headers, body }));
  } finally {
    await translated(() => client.done({ method: 'DELETE', path: container, query: { force: true } }));
  }
}
