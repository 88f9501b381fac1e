// pure: what DNS knows of an object: a Namespace, a Service or an EndpointSlice reduced to plain, small data that can be
// sent to another thread.
import type { EndpointSlice, Namespace, Service } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import { SERVICE_NAME_LABEL } from '../../api/service/service-labels.ts';

export interface ServicePortFacts {
  readonly name: string;
  /** "tcp" */
  readonly protocol: string;
  readonly port: number;
}

export interface ServiceFacts {
  /** Without any: headless, unless external. */
  readonly ips: readonly string[];
  /** '' where the name is one that DNS cannot carry. */
  readonly externalName?: string;
  readonly publishNotReady: boolean;
  readonly ports: readonly ServicePortFacts[];
}

export interface EndpointFacts {
  readonly ips: readonly string[];
  readonly hostname?: string;
  readonly ready: boolean;
}

export interface SliceFacts {
  /** "namespace/name" of the Service. */
  readonly service: string;
  readonly ports: readonly ServicePortFacts[];
  readonly endpoints: readonly EndpointFacts[];
}

const LONGEST_LABEL = 63;

/** An object as it is now; without facts it is gone, or says nothing to DNS. */
export type ZoneChange =
  | { readonly kind: 'namespace'; readonly key: string; readonly exists: boolean }
  | { readonly kind: 'service'; readonly key: string; readonly facts?: ServiceFacts }
  | { readonly kind: 'slice'; readonly key: string; readonly facts?: SliceFacts };

export function namespaceChange(key: string, namespace: Namespace | undefined): ZoneChange {
  return { kind: 'namespace', key, exists: namespace !== undefined };
}

export function serviceChange(key: string, service: Service | undefined): ZoneChange {
  return service === undefined ? { kind: 'service', key } : { kind: 'service', key, facts: serviceFacts(service) };
}

export function sliceChange(key: string, slice: EndpointSlice | undefined): ZoneChange {
  const facts = slice === undefined ? undefined : sliceFacts(slice);
  return facts === undefined ? { kind: 'slice', key } : { kind: 'slice', key, facts };
}

function serviceFacts({ spec = {} }: Service): ServiceFacts {
  const isExternal = spec.type === 'ExternalName';
  const all = spec.clusterIPs ?? [spec.clusterIP ?? ''];
  return {
    ips: isExternal ? [] : all.filter((ip) => ip !== '' && ip !== 'None'),
    ...(isExternal ? { externalName: carried(spec.externalName ?? '') } : {}),
    publishNotReady: spec.publishNotReadyAddresses === true,
    ports: (spec.ports ?? []).map(({ name = '', protocol = 'TCP', port }) => ({ name: name.toLowerCase(), protocol: protocol.toLowerCase(), port })),
  };
}

/** The API takes longer labels than DNS does. */
function carried(name: string): string {
  return name.split('.').every((label) => label.length <= LONGEST_LABEL) ? name.replace(/\.$/, '') : '';
}

/** Slices whose addresses are names, and those of no Service, are nothing to DNS. */
function sliceFacts(slice: EndpointSlice): SliceFacts | undefined {
  const service = slice.metadata?.labels?.[SERVICE_NAME_LABEL];
  if (service === undefined || slice.addressType === 'FQDN') return undefined;
  return {
    service: keyOf({ ...slice, metadata: { namespace: slice.metadata?.namespace, name: service } }),
    ports: (slice.ports ?? []).flatMap(({ name = '', protocol = 'TCP', port }) => (port === undefined ? [] : [{ name: name.toLowerCase(), protocol: protocol.toLowerCase(), port }])),
    endpoints: (slice.endpoints ?? []).map(({ addresses, hostname, conditions }) => ({
      ips: addresses,
      ...(hostname === undefined || hostname === '' ? {} : { hostname: hostname.toLowerCase() }),
      // kube: what is not said counts as ready.
      ready: conditions?.ready ?? true,
    })),
  };
}
