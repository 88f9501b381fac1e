// pure: the labels by which a daemon finds its own containers again, and the names derived from them.
import type { ContainerIdentity } from '../container-runtime.ts';

export const CLUSTER_LABEL = 'minik.dev/cluster';
const NAMESPACE_LABEL = 'minik.dev/namespace';
const POD_LABEL = 'minik.dev/pod';
export const POD_UID_LABEL = 'minik.dev/pod-uid';
const CONTAINER_LABEL = 'minik.dev/container';
const ATTEMPT_LABEL = 'minik.dev/attempt';

export function identityLabels(clusterId: string, identity: ContainerIdentity): Readonly<Record<string, string>> {
  return {
    [CLUSTER_LABEL]: clusterId,
    [NAMESPACE_LABEL]: identity.namespace,
    [POD_LABEL]: identity.pod,
    [POD_UID_LABEL]: identity.podUid,
    [CONTAINER_LABEL]: identity.container,
    [ATTEMPT_LABEL]: String(identity.attempt),
  };
}

/** Undefined for a container of another cluster, or one that minik did not make. */
export function readIdentity(clusterId: string, labels: Readonly<Record<string, string>>): ContainerIdentity | undefined {
  const attempt = Number(labels[ATTEMPT_LABEL]);
  if (labels[CLUSTER_LABEL] !== clusterId || !labels[POD_UID_LABEL] || !Number.isInteger(attempt)) return undefined;
  return {
    namespace: labels[NAMESPACE_LABEL] ?? '',
    pod: labels[POD_LABEL] ?? '',
    podUid: labels[POD_UID_LABEL],
    container: labels[CONTAINER_LABEL] ?? '',
    attempt,
  };
}

export function sameIdentity(left: ContainerIdentity, right: ContainerIdentity): boolean {
  return left.podUid === right.podUid && left.container === right.container && left.attempt === right.attempt;
}

const LONGEST_POD_PART = 80;
const LONGEST_PART = 63;

/**
 * The same identity always gets the same name, so that a create repeated after a crash meets the container it made
 * before. uid, container and attempt alone make it unique; pod and namespace are for people and may be cut.
 */
export function containerName(identity: ContainerIdentity): string {
  const parts = [
    'minik',
    identity.container,
    identity.pod.slice(0, LONGEST_POD_PART),
    identity.namespace.slice(0, LONGEST_PART),
    identity.podUid,
    String(identity.attempt),
  ];
  return parts.map((part) => part.replace(/[^a-zA-Z0-9.-]/g, '-')).join('_');
}
