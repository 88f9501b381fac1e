// pure: what admission makes of a Pod's ServiceAccount: its pull secrets, and its token in every container.
import type { Container, PodSpec, ServiceAccount, Volume } from '../generated/types.ts';
import { ROOT_CA_CONFIG_MAP, TOKEN_MOUNT_PATH } from './account-names.ts';
import { POD_TOKEN_SECONDS } from './token-request.ts';

const VOLUME_PREFIX = 'kube-api-access-';

/** `newSuffix` makes the end of a volume's name; `account` is undefined while its namespace has yet to get one. */
export function withAccount(spec: PodSpec, account: ServiceAccount | undefined, newSuffix: () => string): PodSpec {
  const automount = spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true;
  const mounted = automount ? withToken(spec, newSuffix) : spec;
  const secrets = account?.imagePullSecrets ?? [];
  return (spec.imagePullSecrets ?? []).length > 0 || secrets.length === 0 ? mounted : { ...mounted, imagePullSecrets: secrets.map(({ name }) => ({ name })) };
}

/** A container that mounts something of its own there is left alone. */
function withToken(spec: PodSpec, newSuffix: () => string): PodSpec {
  const lacks = ({ volumeMounts = [] }: Container): boolean => volumeMounts.every(({ mountPath }) => mountPath !== TOKEN_MOUNT_PATH);
  const { volumes = [], initContainers, containers = [] } = spec;
  if (![...(initContainers ?? []), ...containers].some(lacks)) return spec;
  const present = volumes.find(({ name }) => name.startsWith(VOLUME_PREFIX))?.name;
  const name = present ?? `${VOLUME_PREFIX}${newSuffix()}`;
  const mount = { mountPath: TOKEN_MOUNT_PATH, name, readOnly: true };
  const mounting = (container: Container): Container => (lacks(container) ? { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] } : container);
  return {
    ...spec,
    volumes: present === undefined ? [...volumes, tokenVolume(name)] : volumes,
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(mounting) }),
    containers: containers.map(mounting),
  };
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { expirationSeconds: POD_TOKEN_SECONDS, path: 'token' } },
        { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: ROOT_CA_CONFIG_MAP } },
        { downwardAPI: { items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }] } },
      ],
    },
  };
}
