// pure: the EndpointSlices of Endpoints that somebody wrote by hand: those who read slices are to see them, too.
import { ENDPOINTS_CONTROLLER, ENDPOINTS_MANAGED_BY_LABEL, SKIP_MIRROR_LABEL } from '../../api/endpoints/endpoints-labels.ts';
import { LAST_CHANGE_ANNOTATION, MIRRORING_CONTROLLER, SLICE_MANAGED_BY_LABEL } from '../../api/endpointslice/slice-labels.ts';
import type { Endpoint, EndpointAddress, Endpoints, EndpointSlice, EndpointSlicePort, EndpointSubset, Service } from '../../api/generated/types.ts';
import { parseIp, type IpFamily } from '../../api/ip.ts';
import { LAST_APPLIED } from '../../api/meta/last-applied.ts';
import { hasSelector, specOf } from '../../api/service/service-facts.ts';
import { SERVICE_NAME_LABEL } from '../../api/service/service-labels.ts';
import { planSlices, portsKey } from './plan-slices.ts';
import type { SliceAction, SliceContents, SliceTemplate } from './slice-action.ts';

/** Of each subset; as many as the controller of Endpoints puts into one. */
const MAX_ADDRESSES_PER_SUBSET = 1_000;
const FAMILIES: readonly IpFamily[] = ['IPv4', 'IPv6'];
/** Endpoints were once what leaders were elected by. */
const LEADER_ANNOTATION = 'control-plane.alpha.kubernetes.io/leader';

export interface ObservedMirror {
  readonly endpoints: Endpoints | undefined;
  /** The Service of that name. */
  readonly service: Service | undefined;
  /** The slices that mirror them, without those that are being deleted. */
  readonly slices: readonly EndpointSlice[];
}

export function planMirror({ endpoints, service, slices }: ObservedMirror): readonly SliceAction[] {
  if (endpoints === undefined || service === undefined || hasSelector(specOf(service)) || !isMirrored(endpoints)) return slices.map((slice) => ({ type: 'delete-slice', slice }));
  return FAMILIES.flatMap((family) =>
    planSlices({
      template: templateOf(endpoints, family),
      contents: contentsOf(endpoints.subsets ?? [], family),
      existing: slices.filter(({ addressType }) => addressType === family),
      placeholder: false,
      maxEndpoints: MAX_ADDRESSES_PER_SUBSET,
    }),
  );
}

function isMirrored({ metadata }: Endpoints): boolean {
  const { annotations = {}, labels = {} } = metadata ?? {};
  return labels[SKIP_MIRROR_LABEL] !== 'true' && labels[ENDPOINTS_MANAGED_BY_LABEL] !== ENDPOINTS_CONTROLLER && annotations[LEADER_ANNOTATION] === undefined;
}

/** Subsets with the same ports are told of together. */
function contentsOf(subsets: readonly EndpointSubset[], family: IpFamily): SliceContents[] {
  const parts = subsets.map((subset) => ({ ports: portsOf(subset), endpoints: endpointsOf(subset, family) })).filter(({ endpoints }) => endpoints.length > 0);
  return [...Map.groupBy(parts, ({ ports }) => portsKey(ports)).values()].map((same) => ({ ports: same[0]!.ports, endpoints: same.flatMap(({ endpoints }) => endpoints) }));
}

function portsOf({ ports = [] }: EndpointSubset): EndpointSlicePort[] {
  return ports.map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({ name, port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }));
}

function endpointsOf({ addresses = [], notReadyAddresses = [] }: EndpointSubset, family: IpFamily): Endpoint[] {
  const all = [...addresses.map((address) => endpointOf(address, true)), ...notReadyAddresses.map((address) => endpointOf(address, false))];
  return all.slice(0, MAX_ADDRESSES_PER_SUBSET).filter((endpoint) => parseIp(endpoint.addresses[0] ?? '')?.family === family);
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  };
}

const NOT_COPIED: ReadonlySet<string> = new Set([LAST_CHANGE_ANNOTATION, LAST_APPLIED]);

function templateOf({ metadata }: Endpoints, addressType: IpFamily): SliceTemplate {
  const { annotations = {}, labels = {}, name = '', namespace = '', uid = '' } = metadata ?? {};
  return {
    addressType,
    ownsAnnotations: true,
    metadata: {
      namespace,
      generateName: `${name}-`,
      labels: { ...labels, [SERVICE_NAME_LABEL]: name, [SLICE_MANAGED_BY_LABEL]: MIRRORING_CONTROLLER },
      annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => !NOT_COPIED.has(key))),
      ownerReferences: [{ apiVersion: 'v1', kind: 'Endpoints', name, uid, controller: true, blockOwnerDeletion: true }],
    },
  };
}
