// Which Pods belong to which Services, both ways, from the informers' indexes: a change of one Pod costs as many look-ups as
// it has labels, however many Pods and Services there are.
import type { Pod, Service } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import { isPodReady } from '../../api/pod/is-pod-ready.ts';
import { sameValue } from '../../api/equality.ts';
import { hasManagedEndpoints, isEndpoint, podLabels, selectorLabels, selectsPod } from '../../api/service/selected-pods.ts';
import type { Indexes, Informer } from '../../client/informer-contract.ts';

const BY_LABEL = 'endpoint-label';
const BY_SELECTOR = 'selector-label';

/** Pods that are over, as most of a busy machine's are, weigh nothing. */
export const endpointPodIndexes: Indexes<Pod> = { [BY_LABEL]: (pod) => (isEndpoint(pod, { terminating: true }) ? podLabels(pod) : []) };

/** Under one of the labels it asks for: a Pod that has them all has that one. */
export const endpointServiceIndexes: Indexes<Service> = { [BY_SELECTOR]: (service) => (hasManagedEndpoints(service) ? selectorLabels(service).slice(0, 1) : []) };

export interface ServicePodsOptions {
  /** With the indexes above. */
  readonly services: Informer<Service>;
  readonly pods: Informer<Pod>;
}

/** The Pods with an address that the Service selects. */
export function podsOf(service: Service, { pods }: ServicePodsOptions): readonly Pod[] {
  const found = selectorLabels(service).map((label) => ({ label, count: pods.countByIndex(BY_LABEL, label) }));
  if (found.length === 0) return [];
  const rarest = found.reduce((best, each) => (each.count < best.count ? each : best));
  return pods.byIndex(BY_LABEL, rarest.label).filter((pod) => selectsPod(service, pod));
}

/** Calls back with the keys of the Services whose endpoints a change of the Pod may change. */
export function onServicePods({ services, pods }: ServicePodsOptions, enqueue: (serviceKey: string) => void): () => void {
  return pods.onChange(({ before, after }) => {
    if (before !== undefined && after !== undefined && sameValue(factsOf(before), factsOf(after))) return;
    for (const key of new Set([before, after].flatMap((pod) => (pod === undefined ? [] : serviceKeysOf(pod, services))))) enqueue(key);
  });
}

function serviceKeysOf(pod: Pod, services: Informer<Service>): string[] {
  return podLabels(pod).flatMap((label) => services.byIndex(BY_SELECTOR, label).filter((service) => selectsPod(service, pod)).map(keyOf));
}

/** All that endpoints are made from; a Pod's status changes far more often. */
function factsOf(pod: Pod): unknown {
  const { uid, labels, deletionTimestamp } = pod.metadata ?? {};
  const { nodeName, hostname, subdomain } = pod.spec ?? {};
  return [uid, deletionTimestamp, labels, nodeName, hostname, subdomain, pod.status?.podIP, isEndpoint(pod, { terminating: true }), isPodReady(pod)];
}
