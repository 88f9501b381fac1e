// The service network: follows Services, their slices and Pods, keeps the forwarding table, and has each part make it live.
//
// A change costs what it touches: only the Services concerned are planned anew, and all changes of one turn are one state.
import type { EndpointSlice, Pod, Service } from '../api/generated/types.ts';
import { OF_SERVICE, serviceKeyOfSlice } from '../api/endpointslice/slice-labels.ts';
import { sameValue } from '../api/equality.ts';
import { keyOf } from '../api/object.ts';
import { OWN_SERVICES } from '../api/service/own-services.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Informer } from '../client/informer-contract.ts';
import { planService } from './forwarding/plan-forwarding.ts';
import type { ForwardingTable } from './forwarding/forwarding-table.ts';
import type { ClusterIpPath, NetworkPart, NetworkState } from './network-part.ts';
import { runPart, type RunningPart } from './run-part.ts';

export interface NetworkOptions {
  readonly services: Informer<Service>;
  /** With sliceIndexes. */
  readonly slices: Informer<EndpointSlice>;
  readonly pods: Informer<Pod>;
  readonly nodeName: string;
  readonly parts: readonly NetworkPart[];
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Network {
  /** The keys of rules whose node port this home holds now. */
  setReserved(keys: ReadonlySet<string>): void;
  /** How packets for cluster addresses get here: not at all, to sockets of this host, or by the kernel's own rules. */
  setClusterIpPath(path: ClusterIpPath): void;
  /** What parts ask for themselves has changed, the node's address for one. */
  refresh(): void;
  stop(): Promise<void>;
}

const FORWARDED: Readonly<Record<ClusterIpPath, NetworkState['kernelForwards']>> = { none: 'none', sockets: 'none', kernel: 'all', 'kernel-but-udp': 'TCP' };
const LISTENERS: Readonly<Record<ClusterIpPath, NetworkState['listenOnClusterIps']>> = { none: 'none', sockets: 'all', kernel: 'none', 'kernel-but-udp': 'UDP' };

export function createNetwork(options: NetworkOptions): Network {
  const { services, slices, pods, clock, log } = options;
  const tables = new Map<string, ForwardingTable>();
  const dirty = new Set<string>();
  let reserved: ReadonlySet<string> = new Set();
  let clusterIpPath: ClusterIpPath = 'none';
  let turn: Timer | undefined;
  let running: readonly RunningPart[] | undefined;

  const state = (): NetworkState => {
    const all = [...tables.values()];
    return {
      rules: byKey(all.flatMap(({ rules }) => rules)),
      healthChecks: byKey(all.flatMap(({ healthChecks }) => healthChecks)),
      reserved,
      listenOnClusterIps: LISTENERS[clusterIpPath],
      kernelForwards: FORWARDED[clusterIpPath],
    };
  };
  const plan = (key: string): void => {
    const service = services.get(key);
    const table = service === undefined ? undefined : planService({ service, slices: slices.byIndex(OF_SERVICE, key), nodeName: options.nodeName });
    if (table === undefined || (table.rules.length === 0 && table.healthChecks.length === 0)) tables.delete(key);
    else tables.set(key, keepUnchanged(tables.get(key), table));
  };
  const catchUp = (): void => {
    turn = undefined;
    if (running === undefined && isNeeded(services, pods)) running = options.parts.map((part) => runPart(part, { state, clock, log }));
    if (running === undefined) return;
    for (const key of dirty) plan(key);
    dirty.clear();
    for (const part of running) part.wake();
  };
  const wake = (): void => {
    turn ??= clock.setTimer(0, catchUp);
  };
  const touch = (key: string | undefined): void => {
    if (key === undefined) return;
    dirty.add(key);
    wake();
  };

  const stops = [
    services.onChange(({ key }) => touch(key)),
    slices.onChange(({ before, after }) => [before, after].forEach((slice) => touch(slice && serviceKeyOfSlice(slice)))),
    pods.onChange(() => {
      if (running === undefined) wake();
    }),
  ];
  for (const service of services.list()) dirty.add(keyOf(service));
  wake();

  return {
    setReserved(keys) {
      if (keys.size === reserved.size && [...keys].every((key) => reserved.has(key))) return;
      reserved = keys;
      wake();
    },
    refresh: wake,
    setClusterIpPath(path) {
      clusterIpPath = path;
      wake();
    },
    async stop() {
      for (const stop of stops) stop();
      turn?.cancel();
      // In reverse: what steers packets goes before what they are steered to.
      for (const part of [...(running ?? [])].reverse()) await part.stop();
      if (running === undefined) for (const part of options.parts) await part.stop();
    },
  };
}

function isNeeded(services: Informer<Service>, pods: Informer<Pod>): boolean {
  return pods.list().length > 0 || services.list().some((service) => !OWN_SERVICES.has(keyOf(service)));
}

function keepUnchanged(before: ForwardingTable | undefined, now: ForwardingTable): ForwardingTable {
  if (before === undefined) return now;
  return { rules: keepSame(before.rules, now.rules), healthChecks: keepSame(before.healthChecks, now.healthChecks) };
}

function keepSame<T extends { readonly key: string }>(before: readonly T[], now: readonly T[]): readonly T[] {
  return now.map((item) => {
    const known = before.find(({ key }) => key === item.key);
    return known !== undefined && sameValue(known, item) ? known : item;
  });
}

function byKey<T extends { readonly key: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.key, item]));
}
