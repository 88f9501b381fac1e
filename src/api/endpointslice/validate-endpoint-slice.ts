// pure: upstream's defaults of EndpointSlices, and what they must be.
import { checkLabel, checkLabelValue, checkQualifiedName, checkSubdomain } from '../dns-name.ts';
import { child, duplicate, immutable, invalid, required, tooMany, type FieldError } from '../field-errors.ts';
import { eachItem, named, oneOf, optionalName } from '../field-rules.ts';
import type { Endpoint, EndpointHints, EndpointSlice, EndpointSlicePort } from '../generated/types.ts';
import { parseIp } from '../ip.ts';
import { validateLabels, validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { PROTOCOLS } from '../service/validate-ports.ts';
import { validateEndpointIp } from '../validate-ip.ts';

const MAX = { endpoints: 1_000, addresses: 100, ports: 20_000, topologyLabels: 16, hints: 8 } as const;

export function defaultEndpointSlice(slice: EndpointSlice): EndpointSlice {
  const ports = slice.ports?.map((port) => ({ ...port, name: port.name ?? '', protocol: port.protocol ?? 'TCP' }));
  return ports === undefined ? slice : { ...slice, ports };
}

export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  return [...validateMeta(slice.metadata, checkSubdomain), ...validateContent(slice)];
}

export function validateEndpointSliceUpdate(next: EndpointSlice, old: EndpointSlice): FieldError[] {
  return [
    ...validateMetaUpdate(next.metadata),
    ...validateContent(next),
    ...(next.addressType === old.addressType ? [] : [immutable('addressType', next.addressType)]),
  ];
}

export function endpointSliceWarnings({ addressType }: EndpointSlice): string[] {
  return addressType === 'FQDN' ? ['addressType: FQDN endpoints are deprecated'] : [];
}

function validateContent({ addressType, endpoints, ports }: EndpointSlice): FieldError[] {
  return [
    ...oneOf(addressType, ['FQDN', 'IPv4', 'IPv6'], 'addressType'),
    ...eachOf(endpoints, 'endpoints', MAX.endpoints, (endpoint, at) => validateEndpoint(endpoint, addressType, at)),
    ...eachOf(ports, 'ports', MAX.ports, (port, at, row) => validatePort(port, at, ports!.slice(0, row))),
  ];
}

/** What is too many is not looked at one by one. */
function eachOf<T>(items: readonly T[] | undefined, path: string, max: number, validate: (item: T, at: string, row: number) => readonly FieldError[]): FieldError[] {
  const { length } = items ?? [];
  return length > max ? [tooMany(path, length, max)] : eachItem(items, path, validate);
}

function validateEndpoint(endpoint: Endpoint, addressType: string, path: string): FieldError[] {
  const { addresses = [], nodeName, deprecatedTopology, hostname, hints } = endpoint;
  const [field, topology] = [child(path, 'addresses'), child(path, 'deprecatedTopology')];
  const labels = Object.keys(deprecatedTopology ?? {}).length;
  return [
    ...(addresses.length === 0 ? [required(field, 'must contain at least 1 address')] : []),
    ...(addresses.length > MAX.addresses ? [tooMany(field, addresses.length, MAX.addresses)] : []),
    ...eachItem(addresses, field, (address, at) => validateAddress(address, addressType, at)),
    ...(nodeName === undefined ? [] : named(nodeName, checkSubdomain, child(path, 'nodeName'))),
    ...(labels > MAX.topologyLabels ? [tooMany(topology, labels, MAX.topologyLabels)] : []),
    ...validateLabels(deprecatedTopology, topology),
    ...(hostname === undefined ? [] : named(hostname, checkLabel, child(path, 'hostname'))),
    ...validateHints(hints ?? {}, child(path, 'hints')),
  ];
}

function validateAddress(address: string, addressType: string, field: string): FieldError[] {
  switch (addressType) {
    case 'IPv4':
    case 'IPv6': {
      const isOfType = parseIp(address)?.family === addressType;
      return isOfType ? validateEndpointIp(address, field) : [invalid(field, address, `must be a valid ${addressType} address`)];
    }
    case 'FQDN':
      return validateDomain(address, field);
    default:
      return [];
  }
}

function validateDomain(address: string, field: string): FieldError[] {
  const name = address.endsWith('.') ? address.slice(0, -1) : address;
  const problems = checkSubdomain(name);
  if (name === '') return [required(field)];
  if (problems.length > 0) return [invalid(field, name, problems.join(','))];
  return name.includes('.') ? [] : [invalid(field, name, 'should be a domain with at least two segments separated by dots')];
}

function validateHints({ forZones, forNodes }: EndpointHints, path: string): FieldError[] {
  const list = (name: 'forZones' | 'forNodes', check: (text: string) => readonly string[]): FieldError[] => {
    const hints: readonly { readonly name: string }[] | undefined = name === 'forZones' ? forZones : forNodes;
    return eachOf(hints, child(path, name), MAX.hints, (hint, at, row) => [
      ...(hints!.slice(0, row).some((other) => other.name === hint.name) ? [duplicate(child(at, 'name'), hint.name)] : []),
      ...named(hint.name, check, child(at, 'name')),
    ]);
  };
  return [...list('forZones', checkLabelValue), ...list('forNodes', checkSubdomain)];
}

function validatePort({ name = '', protocol, appProtocol }: EndpointSlicePort, path: string, earlier: readonly EndpointSlicePort[]): FieldError[] {
  return [
    ...optionalName(name, checkLabel, child(path, 'name')),
    ...(earlier.some((other) => (other.name ?? '') === name) ? [duplicate(child(path, 'name'), name)] : []),
    ...oneOf(protocol, PROTOCOLS, child(path, 'protocol')),
    ...(appProtocol === undefined ? [] : named(appProtocol, checkQualifiedName, child(path, 'appProtocol'))),
  ];
}
