// pure: whom a container runs as and what it may do, from the security contexts of Pod and container.
import type { Container, Pod, SecurityContext } from '../api/generated/types.ts';
import { ConfigError } from './config-objects.ts';
import type { ContainerSpec } from './runtime/container-runtime.ts';

type Confinement = Pick<ContainerSpec, 'seccomp' | 'appArmor' | 'seLinux' | 'unmaskedProc'>;
type Privileges = Confinement & Pick<ContainerSpec, 'user' | 'groups' | 'privileged' | 'readOnlyRootFilesystem' | 'capabilities' | 'noNewPrivileges'>;

/** `imageUser` is the USER of the image. */
export function privileges(pod: Pod, container: Container, imageUser: string): Privileges {
  const ofPod = pod.spec?.securityContext ?? {};
  const own = container.securityContext ?? {};
  const runAsUser = own.runAsUser ?? ofPod.runAsUser;
  const runAsGroup = own.runAsGroup ?? ofPod.runAsGroup;
  if (own.runAsNonRoot ?? ofPod.runAsNonRoot) checkNonRoot(pod, container, { runAsUser, imageUser });
  const user = userText({ runAsUser, runAsGroup, imageUser });
  const groups = [...(ofPod.supplementalGroups ?? []), ...(ofPod.fsGroup === undefined ? [] : [ofPod.fsGroup])].map(String);
  const { add = [], drop = [] } = own.capabilities ?? {};
  return {
    ...(user === undefined ? {} : { user }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(own.privileged === true ? { privileged: true } : {}),
    ...(own.readOnlyRootFilesystem === true ? { readOnlyRootFilesystem: true } : {}),
    ...(add.length + drop.length === 0 ? {} : { capabilities: { add, drop } }),
    ...(own.allowPrivilegeEscalation === false ? { noNewPrivileges: true } : {}),
    ...confinement(pod, own),
  };
}

/** A container's own profile goes before the Pod's; RuntimeDefault is what the engine does by itself. */
function confinement({ spec }: Pod, own: SecurityContext): Confinement {
  const ofPod = spec?.securityContext ?? {};
  const seccomp = own.seccompProfile ?? ofPod.seccompProfile;
  const appArmor = own.appArmorProfile ?? ofPod.appArmorProfile;
  const seLinux = own.seLinuxOptions ?? ofPod.seLinuxOptions;
  return {
    ...(seccomp?.type === 'Unconfined' ? { seccomp: 'unconfined' } : {}),
    ...(appArmor === undefined || appArmor.type === 'RuntimeDefault' ? {} : { appArmor: appArmor.type === 'Localhost' ? (appArmor.localhostProfile ?? '') : 'unconfined' }),
    ...(seLinux === undefined ? {} : { seLinux }),
    ...(own.procMount === 'Unmasked' ? { unmaskedProc: true } : {}),
  };
}

function userText(who: { runAsUser: number | undefined; runAsGroup: number | undefined; imageUser: string }): string | undefined {
  if (who.runAsGroup === undefined) return who.runAsUser === undefined ? undefined : String(who.runAsUser);
  const user = who.runAsUser ?? (who.imageUser.split(':')[0] || '0');
  return `${user}:${who.runAsGroup}`;
}

function checkNonRoot(pod: Pod, container: Container, who: { runAsUser: number | undefined; imageUser: string }): void {
  const { name, namespace, uid } = pod.metadata ?? {};
  const where = `(pod: "${name}_${namespace}(${uid})", container: ${container.name})`;
  if (who.runAsUser === 0) throw new ConfigError(`container's runAsUser breaks non-root policy ${where}`);
  if (who.runAsUser !== undefined) return;
  const [user = ''] = who.imageUser.split(':');
  if (user === '' || user === '0' || user === 'root') throw new ConfigError(`container has runAsNonRoot and image will run as root ${where}`);
  if (!/^\d+$/.test(user)) {
    throw new ConfigError(`container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`);
  }
}
