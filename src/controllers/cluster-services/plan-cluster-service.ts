// pure: what is to be done until a Service of the cluster, and what tells who answers for it, are as they are to be. What
// others added is left alone, unless it changes where the Service leads.
import type { Endpoints, EndpointSlice, Service, ServicePort } from '../../api/generated/types.ts';
import { sameValue } from '../../api/equality.ts';
import type { KubeObject } from '../../api/object.ts';
import type { ClusterService } from './cluster-service.ts';

export type ClusterServiceAction =
  | { readonly type: 'create-service'; readonly service: Service }
  | { readonly type: 'update-service'; readonly service: Service }
  | { readonly type: 'delete-service'; readonly service: Service }
  | { readonly type: 'create-endpoints'; readonly endpoints: Endpoints }
  | { readonly type: 'update-endpoints'; readonly endpoints: Endpoints }
  | { readonly type: 'create-slice'; readonly slice: EndpointSlice }
  | { readonly type: 'update-slice'; readonly slice: EndpointSlice }
  | { readonly type: 'delete-slice'; readonly slice: EndpointSlice };

export interface ObservedClusterService {
  readonly service: Service | undefined;
  readonly endpoints: Endpoints | undefined;
  readonly slice: EndpointSlice | undefined;
}

export function planClusterService(wanted: ClusterService, observed: ObservedClusterService): readonly ClusterServiceAction[] {
  const service = wanted.endpoints === undefined ? leadingWhereItDid(wanted.service, observed.service) : wanted.service;
  return [...planService(service, observed.service), ...planEndpoints(wanted.endpoints, observed.endpoints), ...planSlice(wanted.slice, observed.slice)];
}

/** Nobody answers just now, as while a daemon starts: no reason to lead elsewhere. */
function leadingWhereItDid(wanted: Service, present: Service | undefined): Service {
  const before = new Map((present?.spec?.ports ?? []).map(({ name, targetPort }) => [name, targetPort]));
  const ports = (wanted.spec?.ports ?? []).map((port) => ({ ...port, targetPort: before.get(port.name) ?? port.targetPort }));
  return { ...wanted, spec: { ...wanted.spec, ports } };
}

function planService(wanted: Service, present: Service | undefined): ClusterServiceAction[] {
  if (present === undefined) return [{ type: 'create-service', service: wanted }];
  // Addresses of Services do not change: it is made again once it is gone.
  if (present.spec?.clusterIP !== wanted.spec?.clusterIP) return present.metadata?.deletionTimestamp === undefined ? [{ type: 'delete-service', service: present }] : [];
  const isSame = hasLabels(present, wanted) && present.spec?.type === 'ClusterIP' && present.spec.selector === undefined && sameValue(portsOf(present), portsOf(wanted));
  if (isSame) return [];
  const { selector: _, ...spec } = present.spec ?? {};
  return [{ type: 'update-service', service: { ...withLabels(present, wanted), spec: { ...spec, type: 'ClusterIP', ports: wanted.spec?.ports } } }];
}

function portsOf({ spec }: Service): readonly ServicePort[] {
  return (spec?.ports ?? []).map(({ name, port, protocol, targetPort }) => ({ name, port, protocol, targetPort }));
}

/** Who is not known may come back where it was: what is there stays. */
function planEndpoints(wanted: Endpoints | undefined, present: Endpoints | undefined): ClusterServiceAction[] {
  if (wanted === undefined) return [];
  if (present === undefined) return [{ type: 'create-endpoints', endpoints: wanted }];
  if (sameValue(present.subsets, wanted.subsets) && hasLabels(present, wanted)) return [];
  return [{ type: 'update-endpoints', endpoints: { ...withLabels(present, wanted), subsets: wanted.subsets } }];
}

function planSlice(wanted: EndpointSlice | undefined, present: EndpointSlice | undefined): ClusterServiceAction[] {
  if (wanted === undefined) return [];
  if (present === undefined) return [{ type: 'create-slice', slice: wanted }];
  if (present.addressType !== wanted.addressType) return [{ type: 'delete-slice', slice: present }];
  if (sameValue(present.endpoints, wanted.endpoints) && sameValue(present.ports, wanted.ports) && hasLabels(present, wanted)) return [];
  return [{ type: 'update-slice', slice: { ...withLabels(present, wanted), endpoints: wanted.endpoints, ports: wanted.ports } }];
}

function hasLabels(present: KubeObject, wanted: KubeObject): boolean {
  return Object.entries(wanted.metadata?.labels ?? {}).every(([key, value]) => present.metadata?.labels?.[key] === value);
}

function withLabels<T extends KubeObject>(present: T, wanted: T): T {
  return { ...present, metadata: { ...present.metadata, labels: { ...present.metadata?.labels, ...wanted.metadata?.labels } } };
}
