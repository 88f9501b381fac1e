// pure: the EndpointSlices of a Service with a selector: its Pods, by the ports that they have for it.
import { LAST_CHANGE_ANNOTATION, SLICE_CONTROLLER, SLICE_MANAGED_BY_LABEL } from '../../api/endpointslice/slice-labels.ts';
import type { Endpoint, EndpointSlice, EndpointSlicePort, Pod, Service } from '../../api/generated/types.ts';
import { isPodReady } from '../../api/pod/is-pod-ready.ts';
import { endpointHostname, hasManagedEndpoints, isEndpoint } from '../../api/service/selected-pods.ts';
import { isHeadless, specOf } from '../../api/service/service-facts.ts';
import { HEADLESS_LABEL, SERVICE_NAME_LABEL } from '../../api/service/service-labels.ts';
import { targetPortIn } from '../../api/service/target-port.ts';
import { newestChange } from './newest-change.ts';
import { planSlices, portsKey } from './plan-slices.ts';
import type { SliceAction, SliceContents, SliceTemplate } from './slice-action.ts';

export const MAX_ENDPOINTS_PER_SLICE = 100;

export interface ObservedService {
  readonly service: Service;
  /** Those that its selector selects. */
  readonly pods: readonly Pod[];
  /** Its slices that this controller manages, without those that are being deleted. */
  readonly slices: readonly EndpointSlice[];
  readonly zoneOf: (nodeName: string) => string | undefined;
}

export function planServiceSlices({ service, pods, slices, zoneOf }: ObservedService): readonly SliceAction[] {
  // What becomes of a Service that gave up its Pods is told by its type; without a selector it is somebody else's from now on.
  if (service.spec?.type === 'ExternalName') return slices.map((slice) => ({ type: 'delete-slice', slice }));
  if (!hasManagedEndpoints(service)) return [];
  const members = pods.filter((pod) => isEndpoint(pod, { terminating: true }));
  return planSlices({
    template: templateOf(service, members),
    contents: contentsOf(service, members, zoneOf),
    existing: slices,
    placeholder: true,
    maxEndpoints: MAX_ENDPOINTS_PER_SLICE,
  });
}

function contentsOf(service: Service, pods: readonly Pod[], zoneOf: ObservedService['zoneOf']): SliceContents[] {
  const byPorts = Map.groupBy(pods.map((pod) => ({ ports: portsOf(service, pod), endpoint: endpointOf(service, pod, zoneOf) })), ({ ports }) => portsKey(ports));
  return [...byPorts.values()].map((members) => ({ ports: members[0]!.ports, endpoints: members.map(({ endpoint }) => endpoint) }));
}

/** A Pod that lacks the port of a name is there without it. */
function portsOf(service: Service, pod: Pod): EndpointSlicePort[] {
  return (service.spec?.ports ?? []).flatMap((wanted) => {
    const port = targetPortIn(pod, wanted);
    if (port === undefined) return [];
    const { name = '', protocol = 'TCP', appProtocol } = wanted;
    return [{ name, port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function endpointOf(service: Service, pod: Pod, zoneOf: ObservedService['zoneOf']): Endpoint {
  const { namespace, name, uid, deletionTimestamp } = pod.metadata ?? {};
  const serving = isPodReady(pod);
  const terminating = deletionTimestamp !== undefined;
  const nodeName = pod.spec?.nodeName;
  const zone = nodeName === undefined ? undefined : zoneOf(nodeName);
  const hostname = endpointHostname(pod, service);
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready: service.spec?.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(zone === undefined ? {} : { zone }),
  };
}

const RESERVED: ReadonlySet<string> = new Set([SERVICE_NAME_LABEL, SLICE_MANAGED_BY_LABEL, HEADLESS_LABEL]);

function templateOf(service: Service, members: readonly Pod[]): SliceTemplate {
  const { namespace = '', name = '', uid = '', labels = {} } = service.metadata ?? {};
  return {
    addressType: 'IPv4',
    metadata: {
      namespace,
      generateName: `${name}-`,
      labels: {
        ...Object.fromEntries(Object.entries(labels).filter(([key]) => !RESERVED.has(key))),
        ...(isHeadless(specOf(service)) ? { [HEADLESS_LABEL]: '' } : {}),
        [SERVICE_NAME_LABEL]: name,
        [SLICE_MANAGED_BY_LABEL]: SLICE_CONTROLLER,
      },
      annotations: { [LAST_CHANGE_ANNOTATION]: newestChange(service, members) },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }],
    },
  };
}
