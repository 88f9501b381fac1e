// pure: the Endpoints of a Service with a selector: the older form of its slices, in one object.
import { ENDPOINTS_CONTROLLER, ENDPOINTS_MANAGED_BY_LABEL, OVER_CAPACITY_ANNOTATION, TRUNCATED } from '../../api/endpoints/endpoints-labels.ts';
import { LAST_CHANGE_ANNOTATION } from '../../api/endpointslice/slice-labels.ts';
import { sameValue } from '../../api/equality.ts';
import type { EndpointAddress, EndpointPort, Endpoints, EndpointSubset, Pod, Service } from '../../api/generated/types.ts';
import { isPodReady } from '../../api/pod/is-pod-ready.ts';
import { isHeadless, specOf } from '../../api/service/service-facts.ts';
import { HEADLESS_LABEL } from '../../api/service/service-labels.ts';
import { endpointHostname, hasManagedEndpoints, isEndpoint } from '../../api/service/selected-pods.ts';
import { targetPortIn } from '../../api/service/target-port.ts';
import { newestChange } from './newest-change.ts';
import { repackSubsets } from '../../api/endpoints/repack-subsets.ts';
import { truncateSubsets } from './truncate-subsets.ts';

export type EndpointsAction =
  | { readonly type: 'create-endpoints'; readonly endpoints: Endpoints }
  | { readonly type: 'update-endpoints'; readonly endpoints: Endpoints }
  | { readonly type: 'delete-endpoints'; readonly endpoints: Endpoints };

export interface ObservedEndpoints {
  /** Undefined: it is gone. */
  readonly service: Service | undefined;
  /** Those that its selector selects. */
  readonly pods: readonly Pod[];
  readonly endpoints: Endpoints | undefined;
}

export function planEndpoints({ service, pods, endpoints }: ObservedEndpoints): readonly EndpointsAction[] {
  if (service === undefined || (service.spec?.type === 'ExternalName' && isOurs(endpoints))) return endpoints === undefined ? [] : [{ type: 'delete-endpoints', endpoints }];
  if (!hasManagedEndpoints(service)) return [];
  const members = pods.filter((pod) => isEndpoint(pod, { terminating: service.spec?.publishNotReadyAddresses === true }));
  const { subsets, truncated } = truncateSubsets(repackSubsets(members.flatMap((pod) => subsetsOf(service, pod))));
  const labels = labelsOf(service);
  const isCurrent =
    endpoints !== undefined &&
    sameValue(subsets, endpoints.subsets ?? []) &&
    sameValue(labels, endpoints.metadata?.labels ?? {}) &&
    truncated === (endpoints.metadata?.annotations?.[OVER_CAPACITY_ANNOTATION] === TRUNCATED);
  if (isCurrent) return [];
  const { [OVER_CAPACITY_ANNOTATION]: _, ...kept } = endpoints?.metadata?.annotations ?? {};
  const annotations = { ...kept, [LAST_CHANGE_ANNOTATION]: newestChange(service, members), ...(truncated ? { [OVER_CAPACITY_ANNOTATION]: TRUNCATED } : {}) };
  const { namespace, name } = service.metadata ?? {};
  const metadata = { ...endpoints?.metadata, namespace, name, labels, annotations };
  const next: Endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata, ...(subsets.length === 0 ? {} : { subsets }) };
  return [{ type: endpoints === undefined ? 'create-endpoints' : 'update-endpoints', endpoints: next }];
}

function isOurs(endpoints: Endpoints | undefined): boolean {
  return endpoints?.metadata?.labels?.[ENDPOINTS_MANAGED_BY_LABEL] === ENDPOINTS_CONTROLLER;
}

/** One for each port that the Pod has for the Service. */
function subsetsOf(service: Service, pod: Pod): EndpointSubset[] {
  const address = addressOf(service, pod);
  const part = service.spec?.publishNotReadyAddresses === true || isPodReady(pod) ? 'addresses' : 'notReadyAddresses';
  const wanted = service.spec?.ports ?? [];
  if (wanted.length === 0) return isHeadless(specOf(service)) ? [{ [part]: [address] }] : [];
  return wanted.flatMap((servicePort) => {
    const port = targetPortIn(pod, servicePort);
    if (port === undefined) return [];
    const { name = '', protocol = 'TCP', appProtocol } = servicePort;
    const named: EndpointPort = { ...(name === '' ? {} : { name }), port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) };
    return [{ [part]: [address], ports: [named] }];
  });
}

function addressOf(service: Service, pod: Pod): EndpointAddress {
  const { namespace, name, uid } = pod.metadata ?? {};
  const hostname = endpointHostname(pod, service);
  const nodeName = pod.spec?.nodeName;
  return {
    ip: pod.status?.podIP ?? '',
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

function labelsOf(service: Service): Record<string, string> {
  const { [HEADLESS_LABEL]: _, ...labels } = service.metadata?.labels ?? {};
  return { ...labels, ...(isHeadless(specOf(service)) ? { [HEADLESS_LABEL]: '' } : {}), [ENDPOINTS_MANAGED_BY_LABEL]: ENDPOINTS_CONTROLLER };
}
