// pure: a Pod's containers with their status and role, in the order in which they start.
import type { ContainerStatus, Pod } from '../../../api/generated/types.ts';
import { containersOfPod } from '../../../api/pod/pod-containers.ts';
import { rolesOf, type ContainerRole } from '../../runs/container-run.ts';

export interface SeenContainer {
  readonly name: string;
  readonly role: ContainerRole;
  readonly status: ContainerStatus | undefined;
}

export function containersOf(pod: Pod): SeenContainer[] {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return rolesOf(pod).map(({ name, role }) => ({ name, role, status: statuses.find((status) => status.name === name) }));
}

export interface WaitingContainer {
  readonly name: string;
  readonly reason: string;
  readonly message: string;
  readonly status: ContainerStatus;
}

/** The first container that waits for one of these reasons. */
export function waitingFor(pod: Pod, reasons: RegExp): WaitingContainer | undefined {
  for (const { name, status } of containersOf(pod)) {
    const waiting = status?.state?.waiting;
    if (status !== undefined && waiting?.reason !== undefined && reasons.test(waiting.reason)) {
      return { name, reason: waiting.reason, message: waiting.message ?? '', status };
    }
  }
  return undefined;
}

export function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export function imageOf(pod: Pod, container: string): string {
  const all = containersOfPod(pod);
  return all.find(({ name }) => name === container)?.image ?? '';
}
