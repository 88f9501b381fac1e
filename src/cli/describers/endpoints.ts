// pure: minik describe endpoints, and endpointslices.
import type { Endpoint, EndpointAddress, Endpoints, EndpointSlice, EndpointSubset } from '../../api/generated/types.ts';
import { metaLines, renderParts } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';

const UNSET = '<unset>';

export const describeEndpoints: Describe<Endpoints> = (endpoints, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  return renderParts([...metaLines(endpoints.metadata), 'Subsets:', ...(endpoints.subsets ?? []).flatMap(subsetLines), ...inline], block);
};

function subsetLines({ addresses, notReadyAddresses, ports = [] }: EndpointSubset): string[] {
  const ips = (list: readonly EndpointAddress[] | undefined): string => (list ?? []).map(({ ip }) => ip).join(',') || '<none>';
  const rows = ports.map(({ name, port, protocol }) => `    ${name || UNSET}\t${port}\t${protocol}`);
  return [
    `  Addresses:\t${ips(addresses)}`,
    `  NotReadyAddresses:\t${ips(notReadyAddresses)}`,
    ...(rows.length === 0 ? [] : ['  Ports:', '    Name\tPort\tProtocol', '    ----\t----\t--------', ...rows]),
    '',
  ];
}

export const describeEndpointSlice: Describe<EndpointSlice> = (slice, { events, now }) => {
  const { inline, block } = eventParts(events, now);
  const { metadata, addressType, ports = [], endpoints = [] } = slice;
  const rows = ports.map(({ name, port, protocol }) => `  ${name || UNSET}\t${port ?? UNSET}\t${protocol}`);
  return renderParts(
    [
      ...metaLines(metadata),
      `AddressType:\t${addressType}`,
      ...(rows.length === 0 ? ['Ports: <unset>'] : ['Ports:', '  Name\tPort\tProtocol', '  ----\t----\t--------', ...rows]),
      ...(endpoints.length === 0 ? ['Endpoints: <none>'] : ['Endpoints:', ...endpoints.flatMap(endpointLines)]),
      ...inline,
    ],
    block,
  );
};

function endpointLines({ addresses, conditions, hostname, targetRef, nodeName, zone }: Endpoint): string[] {
  return [
    `  - Addresses:\t${addresses.join(', ') || '<none>'}`,
    '    Conditions:',
    `      Ready:\t${conditions?.ready ?? UNSET}`,
    `    Hostname:\t${hostname ?? UNSET}`,
    ...(targetRef === undefined ? [] : [`    TargetRef:\t${targetRef.kind}/${targetRef.name}`]),
    `    NodeName:\t${nodeName ?? UNSET}`,
    `    Zone:\t${zone ?? UNSET}`,
  ];
}
