// pure: the whole status of a Pod as this kubelet sees it, on top of what the API server and others put there.
import type { PodStatus } from '../api/generated/types.ts';
import { toTime } from '../api/time.ts';
import { containerStatuses } from './container-status.ts';
import { podConditions } from './pod-conditions.ts';
import { podPhase } from './pod-phase.ts';
import type { PodView } from './pod-view.ts';
import { podIpOf } from './sandbox-rule.ts';
import { isTerminalPhase } from './verdict.ts';

export function podStatus(view: PodView): PodStatus {
  const { seen, containers, verdict } = view;
  const { pod, memory } = seen;
  // A phase that the API has as terminal is settled, down to the last message: nothing is left to learn.
  if (isTerminalPhase(pod.status?.phase) && !containers.some(({ phase }) => phase === 'running') && isComplete(pod.status)) return { ...pod.status, ...addresses(view) };
  const phase = podPhase(view);
  const { app, init, ephemeral } = containerStatuses(view, phase);
  const failure = isTerminalPhase(phase) && verdict.type === 'stop' ? verdict.failed : undefined;
  const reason = failure?.reason ?? pod.status?.reason ?? memory.published.reason;
  const message = failure?.message ?? pod.status?.message ?? memory.published.message;
  return {
    ...kept(pod.status ?? {}),
    phase,
    conditions: podConditions(view, { phase, app, init }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...addresses(view),
    startTime: pod.status?.startTime ?? memory.published.startTime ?? toTime(memory.acceptedAt),
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: app,
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral }),
    ...(pod.metadata?.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
  };
}

function isComplete(status: PodStatus | undefined): boolean {
  return (status?.containerStatuses ?? []).length > 0 && status!.containerStatuses!.every(({ state }) => state?.running === undefined);
}

/** Fields that the kubelet passes on as it finds them: qosClass, nominatedNodeName, resize, ... */
function kept(status: PodStatus): PodStatus {
  const { phase: _phase, conditions: _conditions, reason: _reason, message: _message, initContainerStatuses: _init, containerStatuses: _app, ephemeralContainerStatuses: _ephemeral, ...rest } = status;
  return rest;
}

/** A Pod keeps the address it had, also when it is over. */
function addresses({ seen, sandbox }: PodView): Pick<PodStatus, 'hostIP' | 'hostIPs' | 'podIP' | 'podIPs'> {
  const { hostIp } = seen.node;
  const { published, lastIp } = seen.memory;
  const podIp = podIpOf(seen, sandbox) ?? published.podIP ?? seen.pod.status?.podIP ?? (lastIp.type === 'read' && lastIp.ip !== '' ? lastIp.ip : undefined);
  return {
    ...(hostIp === '' ? {} : { hostIP: hostIp, hostIPs: [{ ip: hostIp }] }),
    ...(podIp === undefined ? {} : { podIP: podIp, podIPs: [{ ip: podIp }] }),
  };
}
