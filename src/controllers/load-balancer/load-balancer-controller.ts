// Gives every Service of type LoadBalancer an address of this host's loopback range. Who opens its ports there is the service
// network; what it cannot open is told in the Service's status.
import type { PortStatus, Service } from '../../api/generated/types.ts';
import { SERVICES } from '../../api/kinds.ts';
import { keyOf, objectKey, type KubeObject } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Indexes, Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute, type Executors } from '../runtime/executor.ts';
import { pickAddress } from './pick-address.ts';
import { LOAD_BALANCER_FINALIZER, planLoadBalancer, wantsLoadBalancer, type LoadBalancerAction } from './plan-load-balancer.ts';

const BY_ADDRESS = 'load-balancer-address';

export const loadBalancerIndexes: Indexes<Service> = {
  [BY_ADDRESS]: (service) => (wantsLoadBalancer(service) ? addressesOf(service) : []),
};

/** What the service network could not open. */
export interface UnopenedPorts {
  of(serviceKey: string): readonly PortStatus[];
  /** Calls back with the keys of Services whose answer changed; returns how to stop. */
  onChange(callback: (serviceKey: string) => void): () => void;
}

export interface LoadBalancerOptions {
  readonly client: Client;
  /** With the index above. */
  readonly services: Informer<Service>;
  readonly recorder: EventRecorder;
  /** "127.96.0.0/16" */
  readonly range: string;
  readonly unopened: UnopenedPorts;
}

export function createLoadBalancerController(options: LoadBalancerOptions): Controller {
  const { client, range, recorder, services, unopened } = options;
  /** Addresses that are being written: two Services that are looked at together do not get the same. */
  const givenOut = new Map<string, string>();
  const holderOf = (ip: string, key: string): string | undefined => {
    const given = givenOut.get(ip);
    if (given !== undefined && given !== key) return given;
    const mine = services.get(key);
    return services.byIndex(BY_ADDRESS, ip).filter((other) => keyOf(other) !== key && !isBefore(mine, other)).map(keyOf)[0];
  };
  return {
    name: 'load-balancer',
    connect(enqueue) {
      const isConcerned = (service: Service | undefined): boolean => service?.spec?.type === 'LoadBalancer' || service?.metadata?.finalizers?.includes(LOAD_BALANCER_FINALIZER) === true;
      const stops = [services.onChange(({ key, after }) => isConcerned(after) && enqueue(key)), unopened.onChange((key) => services.get(key) !== undefined && enqueue(key))];
      for (const service of services.list()) if (isConcerned(service)) enqueue(keyOf(service));
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key) {
      const service = services.get(key);
      if (service === undefined) return {};
      const asked = service.spec?.loadBalancerIP === '' ? undefined : service.spec?.loadBalancerIP;
      const picked = wantsLoadBalancer(service) ? pickAddress({ key, range, current: addressesOf(service)[0], asked, holderOf: (ip) => holderOf(ip, key) }) : { ip: undefined };
      if (picked.ip !== undefined) givenOut.set(picked.ip, key);
      try {
        await execute(planLoadBalancer({ service, picked, problems: unopened.of(key) }), executors, { client, service, services, recorder });
        // One may become free without a change of this Service.
        return wantsLoadBalancer(service) && picked.ip === undefined ? { requeueAfterMs: FULL_RETRY_MS } : {};
      } finally {
        if (picked.ip !== undefined) givenOut.delete(picked.ip);
      }
    },
  };
}

const FULL_RETRY_MS = 60_000;

function addressesOf({ status }: Service): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
}

/** Of two that have one address the older keeps it. */
function isBefore(one: Service | undefined, other: Service): boolean {
  return ageText(one) < ageText(other);
}

function ageText(service: KubeObject | undefined): string {
  const { creationTimestamp = '', namespace = '', name = '' } = service?.metadata ?? {};
  return `${creationTimestamp} ${objectKey({ namespace, name })}`;
}

interface Context extends Pick<LoadBalancerOptions, 'client' | 'services' | 'recorder'> {
  readonly service: Service;
}

const executors: Executors<LoadBalancerAction, Context> = {
  'add-finalizer': (_action, context) => patch(context, { metadata: { uid: context.service.metadata?.uid, finalizers: [LOAD_BALANCER_FINALIZER] } }),
  'remove-finalizer': (_action, context) => patch(context, { metadata: { uid: context.service.metadata?.uid, '$deleteFromPrimitiveList/finalizers': [LOAD_BALANCER_FINALIZER] } }),
  'write-ingress': ({ ingress }, context) => patch(context, { status: { loadBalancer: ingress.length === 0 ? null : { ingress } } }, 'status'),
  'record-event': async ({ event }, { recorder, service }) => recorder.event(service, event),
};

/** A Service that is gone needs no change. */
async function patch({ client, service, services }: Context, body: unknown, subresource?: 'status'): Promise<void> {
  const { namespace, name = '' } = service.metadata ?? {};
  const type = subresource === undefined ? 'strategic' : 'merge';
  try {
    services.observe(await client.patch(SERVICES, { namespace, name }, { type, body }, subresource === undefined ? {} : { subresource }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
