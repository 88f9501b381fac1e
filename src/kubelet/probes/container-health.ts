// pure: whether a running container has started, is ready, or must be killed, by its probes and its postStart hook.
import type { Container, ContainerStatus } from '../../api/generated/types.ts';
import type { PodMemory } from '../pod-memory.ts';

export interface ContainerHealth {
  /** Its postStart hook has returned and its startup probe has passed. */
  readonly isStarted: boolean;
  readonly isReady: boolean;
  /** What it is to be killed for. */
  readonly failed?: 'startup' | 'liveness' | 'hook';
}

export const NOT_UP: ContainerHealth = { isStarted: false, isReady: false };

/** `published`: the status of this very container that was told last; a restarted kubelet goes on from it. */
export function containerHealth(memory: Pick<PodMemory, 'probes' | 'hooks'>, spec: Container, { id, published }: { readonly id: string; readonly published: ContainerStatus | undefined }): ContainerHealth {
  const hook = memory.hooks.get(id);
  if (hook !== undefined) return hook === 'failed' ? { ...NOT_UP, failed: 'hook' } : NOT_UP;
  const probes = memory.probes.get(id) ?? {};
  const startup = spec.startupProbe === undefined || (probes.startup?.verdict ?? published?.started === true);
  const readiness = spec.readinessProbe === undefined || (probes.readiness?.verdict ?? published?.ready === true);
  const failed = probes.startup?.verdict === false ? 'startup' : probes.liveness?.verdict === false ? 'liveness' : undefined;
  return { isStarted: startup, isReady: startup && readiness, ...(failed === undefined ? {} : { failed }) };
}
