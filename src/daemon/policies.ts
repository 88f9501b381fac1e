// NetworkPolicies on this host: who asks about them, and how they reach the kernel.
import { NAMESPACES, NETWORK_POLICIES, PODS, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { EventRecorder } from '../client/event-recorder-contract.ts';
import type { Informer } from '../client/informer-contract.ts';
import { KernelError } from '../network/kernel/kernel-error.ts';
import type { KernelAccess } from '../network/kernel/kernel-access.ts';
import type { KernelSession } from '../network/kernel/kernel-session.ts';
import { createPolicyEnforcer, type PolicyEnforcer } from '../network/policy/policy-enforcer.ts';

export interface DaemonPoliciesOptions {
  readonly of: <T extends KubeObject>(resource: Resource<T>) => Informer<T>;
  readonly dnsIp: string;
  readonly kernel: KernelAccess;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
}

export function startPolicies({ of, dnsIp, kernel, recorder, clock, log }: DaemonPoliciesOptions): PolicyEnforcer {
  return createPolicyEnforcer({
    informers: { policies: of(NETWORK_POLICIES), namespaces: of(NAMESPACES), pods: of(PODS) },
    openSession: () => openSession(kernel),
    dnsIp,
    recorder,
    clock,
    log: log.with({ component: 'network-policy' }),
  });
}

/** What goes from Pod to Pod over the bridge passes the packet filter only where the kernel is told so. */
async function openSession(kernel: KernelAccess): Promise<KernelSession> {
  const { facts } = await kernel.routed();
  if (!facts.bridgeFiltered) throw new KernelError('packets between Pods do not pass the packet filter of this host: the module br_netfilter is missing', 'sudo modprobe br_netfilter, then minik stop and minik start');
  return kernel.session();
}
