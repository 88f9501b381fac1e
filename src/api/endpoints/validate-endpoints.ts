// pure: upstream's defaults of Endpoints, and what they must be.
import { checkLabel, checkSubdomain, checkIpAddress } from '../dns-name.ts';
import { child, forbidden, required, type FieldError } from '../field-errors.ts';
import { eachItem, named, oneOf, optionalName } from '../field-rules.ts';
import type { EndpointAddress, EndpointPort, Endpoints, EndpointSubset } from '../generated/types.ts';
import { validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { PROTOCOLS, validatePortNumber } from '../service/validate-ports.ts';
import { validateEndpointIp } from '../validate-ip.ts';

export function defaultEndpoints(endpoints: Endpoints): Endpoints {
  if (endpoints.subsets === undefined) return endpoints;
  return { ...endpoints, subsets: endpoints.subsets.map((subset) => (subset.ports === undefined ? subset : { ...subset, ports: subset.ports.map((port) => ({ ...port, protocol: port.protocol || 'TCP' })) })) };
}

export function validateEndpoints({ metadata, subsets }: Endpoints): FieldError[] {
  return [...validateMeta(metadata, checkSubdomain), ...validateSubsets(subsets, new Map())];
}

export function validateEndpointsUpdate({ metadata, subsets }: Endpoints, old: Endpoints): FieldError[] {
  return [...validateMetaUpdate(metadata), ...validateSubsets(subsets, nodesByIp(old.subsets ?? []))];
}

/** An address does not move from one node to another. */
function nodesByIp(subsets: readonly EndpointSubset[]): ReadonlyMap<string, string> {
  const addresses = subsets.flatMap((subset) => [...(subset.addresses ?? []), ...(subset.notReadyAddresses ?? [])]);
  return new Map(addresses.flatMap(({ ip, nodeName }) => (nodeName === undefined ? [] : [[ip, nodeName] as const])));
}

function validateSubsets(subsets: readonly EndpointSubset[] | undefined, nodes: ReadonlyMap<string, string>): FieldError[] {
  return eachItem(subsets, 'subsets', ({ addresses = [], notReadyAddresses = [], ports = [] }, at) => [
    ...(addresses.length + notReadyAddresses.length === 0 ? [required(at, 'must specify `addresses` or `notReadyAddresses`')] : []),
    ...eachItem(addresses, child(at, 'addresses'), (address, field) => validateAddress(address, nodes, field)),
    ...eachItem(notReadyAddresses, child(at, 'notReadyAddresses'), (address, field) => validateAddress(address, nodes, field)),
    ...eachItem(ports, child(at, 'ports'), (port, field) => validatePort(port, field, { mustBeNamed: ports.length > 1 })),
  ]);
}

function validateAddress({ ip = '', hostname, nodeName }: EndpointAddress, nodes: ReadonlyMap<string, string>, path: string): FieldError[] {
  const before = nodes.get(ip);
  const errors = [
    ...named(ip, checkIpAddress, child(path, 'ip')),
    ...optionalName(hostname, checkLabel, child(path, 'hostname')),
    ...(nodeName === undefined ? [] : named(nodeName, checkSubdomain, child(path, 'nodeName'))),
    ...(nodeName !== undefined && before !== undefined && before !== nodeName ? [forbidden(child(path, 'nodeName'), `Cannot change NodeName for ${ip} to ${nodeName}`)] : []),
  ];
  return errors.length > 0 ? errors : validateEndpointIp(ip, child(path, 'ip'));
}

function validatePort({ name = '', port, protocol }: EndpointPort, path: string, { mustBeNamed }: { readonly mustBeNamed: boolean }): FieldError[] {
  return [
    ...(mustBeNamed && name === '' ? [required(child(path, 'name'))] : []),
    ...optionalName(name, checkLabel, child(path, 'name')),
    ...validatePortNumber(port, child(path, 'port')),
    ...oneOf(protocol, PROTOCOLS, child(path, 'protocol')),
  ];
}
