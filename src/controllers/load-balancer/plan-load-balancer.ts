// pure: what is to be done until a Service of type LoadBalancer has its address, and one that is none any more has none.
import type { LoadBalancerIngress, PortStatus, Service } from '../../api/generated/types.ts';
import { sameValue } from '../../api/equality.ts';
import { asksAws } from '../../api/service/aws-load-balancer.ts';
import { isOwnLoadBalancer } from '../../api/service/load-balancer-class.ts';
import { specOf } from '../../api/service/service-facts.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';
import type { PickedAddress } from './pick-address.ts';

export const LOAD_BALANCER_FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';

export type LoadBalancerAction =
  | { readonly type: 'add-finalizer' }
  | { readonly type: 'remove-finalizer' }
  | { readonly type: 'write-ingress'; readonly ingress: readonly LoadBalancerIngress[] }
  | { readonly type: 'record-event'; readonly event: EventText };

export interface ObservedLoadBalancer {
  readonly service: Service;
  readonly picked: PickedAddress;
  /** Ports of its address that could not be opened on this host, and why, in one UpperCamelCase word. */
  readonly problems: readonly PortStatus[];
}

/** Whether the Service is to have an address of ours. */
export function wantsLoadBalancer(service: Service): boolean {
  return isOwnLoadBalancer(specOf(service)) && service.metadata?.deletionTimestamp === undefined;
}

export function planLoadBalancer({ service, picked, problems }: ObservedLoadBalancer): readonly LoadBalancerAction[] {
  const hasFinalizer = (service.metadata?.finalizers ?? []).includes(LOAD_BALANCER_FINALIZER);
  if (!wantsLoadBalancer(service)) return hasFinalizer ? cleanUp(service) : [];
  if (picked.ip === undefined) return [warning('SyncLoadBalancerFailed', 'Error syncing load balancer: failed to ensure load balancer: every address for load balancers is in use')];
  const ingress = ingressOf(service, { ip: picked.ip, problems });
  const current = service.status?.loadBalancer?.ingress ?? [];
  const isWritten = sameValue(current, ingress);
  if (hasFinalizer && isWritten) return [];
  // Ports come and go without a load balancer being made: that is told of by who opens them.
  const isNew = !hasFinalizer || current[0]?.ip !== picked.ip;
  return [
    ...(isNew ? [normal('EnsuringLoadBalancer', 'Ensuring load balancer')] : []),
    ...(hasFinalizer ? [] : [{ type: 'add-finalizer' } as const]),
    ...(isWritten ? [] : [{ type: 'write-ingress', ingress } as const]),
    ...(isNew && picked.refused !== undefined
      ? [warning('LoadBalancerIPIgnored', `The load balancer cannot have the address ${service.spec?.loadBalancerIP}: ${picked.refused}. It has ${picked.ip}`)]
      : []),
    ...(isNew ? [normal('EnsuredLoadBalancer', 'Ensured load balancer')] : []),
  ];
}

/** The type is another, or the Service is being deleted and waits for this. */
function cleanUp({ status }: Service): LoadBalancerAction[] {
  return [
    normal('DeletingLoadBalancer', 'Deleting load balancer'),
    ...((status?.loadBalancer?.ingress ?? []).length === 0 ? [] : [{ type: 'write-ingress', ingress: [] } as const]),
    { type: 'remove-finalizer' },
    normal('DeletedLoadBalancer', 'Deleted load balancer'),
  ];
}

function ingressOf(service: Service, { ip, problems }: { readonly ip: string; readonly problems: readonly PortStatus[] }): LoadBalancerIngress[] {
  const { name, namespace } = service.metadata ?? {};
  return [
    {
      ip,
      ipMode: 'VIP',
      // On AWS a load balancer has a name. Names of .localhost lead to this machine everywhere: there, to the node port.
      ...(asksAws(service) ? { hostname: `${name}.${namespace}.localhost` } : {}),
      ...(problems.length === 0 ? {} : { ports: [...problems] }),
    },
  ];
}

function normal(reason: string, message: string): LoadBalancerAction {
  return { type: 'record-event', event: { type: 'Normal', reason, message } };
}

function warning(reason: string, message: string): LoadBalancerAction {
  return { type: 'record-event', event: { type: 'Warning', reason, message } };
}
