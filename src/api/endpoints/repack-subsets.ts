// pure: subsets in the one form in which they are stored: addresses that have the same ports share a subset, sorted, each
// once. Where an address is told of twice for a port, not being ready wins.
import type { EndpointAddress, EndpointPort, EndpointSubset } from '../generated/types.ts';

interface Known {
  readonly address: EndpointAddress;
  /** By the port's text; a port of no number stands for an address without any. */
  readonly ready: Map<string, boolean>;
}

const NO_PORT = '';

export function repackSubsets(subsets: readonly EndpointSubset[]): EndpointSubset[] {
  const ports = new Map<string, EndpointPort>();
  const addresses = new Map<string, Known>();
  for (const subset of subsets) {
    const keys = portKeys(subset, ports);
    for (const address of subset.addresses ?? []) note(addresses, address, { keys, ready: true });
    for (const address of subset.notReadyAddresses ?? []) note(addresses, address, { keys, ready: false });
  }
  return packed([...addresses.values()], ports);
}

function portKeys({ ports = [] }: EndpointSubset, all: Map<string, EndpointPort>): readonly string[] {
  if (ports.length === 0) return [NO_PORT];
  return ports.map((port) => {
    const key = portKey(port);
    all.set(key, port);
    return key;
  });
}

/** Sorts as people would sort the ports. */
function portKey({ name = '', port, protocol = 'TCP', appProtocol = '' }: EndpointPort): string {
  return JSON.stringify([String(port).padStart(5, '0'), protocol, name, appProtocol]);
}

function note(addresses: Map<string, Known>, address: EndpointAddress, { keys, ready }: { readonly keys: readonly string[]; readonly ready: boolean }): void {
  const id = `${address.ip} ${address.targetRef?.uid ?? ''}`;
  const known = addresses.get(id) ?? { address, ready: new Map<string, boolean>() };
  addresses.set(id, known);
  for (const key of keys) known.ready.set(key, ready && known.ready.get(key) !== false);
}

interface Group {
  readonly keys: readonly string[];
  readonly addresses: EndpointAddress[];
  readonly notReadyAddresses: EndpointAddress[];
}

/** An address that is ready for one port and not for another is told of in two subsets. */
function packed(known: readonly Known[], ports: ReadonlyMap<string, EndpointPort>): EndpointSubset[] {
  const groups = new Map<string, Group>();
  const byKeys = Map.groupBy(
    known.flatMap(({ address, ready }) =>
      [true, false].map((isReady) => ({ address, isReady, keys: [...ready].filter(([, state]) => state === isReady).map(([key]) => key).sort() })).filter(({ keys }) => keys.length > 0),
    ),
    ({ keys }) => keys.join(),
  );
  for (const [id, members] of byKeys) {
    const group: Group = { keys: members[0]!.keys, addresses: [], notReadyAddresses: [] };
    for (const { address, isReady } of members) (isReady ? group.addresses : group.notReadyAddresses).push(address);
    groups.set(id, group);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, { keys, addresses, notReadyAddresses }]) => ({
      ...(addresses.length === 0 ? {} : { addresses: addresses.sort(byAddress) }),
      ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses: notReadyAddresses.sort(byAddress) }),
      ...(keys[0] === NO_PORT ? {} : { ports: keys.map((key) => ports.get(key)!) }),
    }));
}

function byAddress(a: EndpointAddress, b: EndpointAddress): number {
  return compare(a.ip, b.ip) || compare(a.targetRef?.uid ?? '', b.targetRef?.uid ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
