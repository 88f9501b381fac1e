// Who has which ClusterIP and which node port. The stored Services are the only truth: what is remembered here says where to
// look, and is believed only if the Service found there still has the address. So there is nothing to give back: an address is
// free as soon as no stored Service has it, whether that was deleted, changed, refused or never written.
import type { Service } from '../../api/generated/types.ts';
import { inIpRange, ipv4Text, parseIp, parseIpRange, type IpRange } from '../../api/ip.ts';
import { SERVICES, type Resource } from '../../api/kinds.ts';
import type { AddressPool } from '../../api/service/allocate.ts';
import { NODE_PORTS, type ClusterNetwork } from '../../api/service/cluster-network.ts';
import { isHeadless, specOf } from '../../api/service/service-facts.ts';
import type { Ids } from '../../base/ids.ts';
import type { Entry, Store } from '../../store/store.ts';
import { decodeEntry, storagePrefix } from '../stored-object.ts';
import { keptAddresses, keptPorts, pickFree, type NumberRange } from './address-range.ts';

export interface ServiceAddressesOptions {
  readonly store: Store;
  readonly ids: Ids;
  readonly network: ClusterNetwork;
}

const RESOURCE = SERVICES as Resource;
const TAKEN = { ip: 'provided IP is already allocated', port: 'provided port is already allocated' } as const;
const PORT_COUNT = NODE_PORTS.last - NODE_PORTS.first + 1;
const PORTS: NumberRange = { ...NODE_PORTS, kept: keptPorts(PORT_COUNT) };

export class ServiceAddresses {
  readonly #options: ServiceAddressesOptions;
  readonly #cidr: IpRange;
  readonly #ips: NumberRange;
  /** Address or port -> key of the Service that had it last. */
  #holders: Map<string, string> | undefined;
  #rollbacks = 0;

  constructor(options: ServiceAddressesOptions) {
    this.#options = options;
    const cidr = parseIpRange(options.network.serviceCidr);
    if (cidr === undefined) throw new Error(`the range of Services is no CIDR: ${options.network.serviceCidr}`);
    this.#cidr = cidr;
    // Neither the network's own address nor the broadcast address.
    const first = Number(cidr.first) + 1;
    const last = Number(cidr.last) - 1;
    this.#ips = { first, last, kept: keptAddresses(last - first + 1) };
  }

  /**
   * A pool for one write of the Service with this key. The write must follow in the same turn: until it is in the store,
   * nothing keeps others from the same addresses. `remember` is false for a dry run.
   */
  poolFor(key: string, { remember }: { readonly remember: boolean }): AddressPool {
    const mine = new Set<string>();
    const read = new Map<string, ReadonlySet<string>>();
    const isTaken = (name: string): boolean => mine.has(name) || this.#isHeld(name, read);
    const take = (name: string): void => {
      mine.add(name);
      if (remember) this.#known().set(name, key);
    };
    const { below } = this.#options.ids;
    return {
      takeIp: (ip) => {
        if (!this.#isUsable(ip)) return `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${this.#options.network.serviceCidr}`;
        if (isTaken(ip)) return TAKEN.ip;
        take(ip);
        return undefined;
      },
      takePort: (port) => {
        if (port < PORTS.first || port > PORTS.last) return `provided port is not in the valid range. The range of valid ports is ${PORTS.first}-${PORTS.last}`;
        if (isTaken(String(port))) return TAKEN.port;
        take(String(port));
        return undefined;
      },
      anyIp: () => {
        const picked = pickFree(this.#ips, (number) => isTaken(ipv4Text(BigInt(number))), below);
        if (picked === undefined) return undefined;
        const ip = ipv4Text(BigInt(picked));
        take(ip);
        return ip;
      },
      anyPort: () => {
        const picked = pickFree(PORTS, (port) => isTaken(String(port)), below);
        if (picked !== undefined) take(String(picked));
        return picked;
      },
    };
  }

  #isUsable(text: string): boolean {
    const ip = parseIp(text);
    return ip !== undefined && inIpRange(this.#cidr, ip) && Number(ip.value) >= this.#ips.first && Number(ip.value) <= this.#ips.last;
  }

  /** `read`: the Services that have been looked at in this turn. */
  #isHeld(name: string, read: Map<string, ReadonlySet<string>>): boolean {
    const holders = this.#known();
    const key = holders.get(name);
    if (key === undefined) return false;
    const names = read.get(key) ?? this.#namesAt(key);
    read.set(key, names);
    if (names.has(name)) return true;
    holders.delete(name);
    return false;
  }

  #namesAt(key: string): ReadonlySet<string> {
    const entry = this.#options.store.peek(key);
    return new Set(entry === undefined ? [] : namesOf(entry));
  }

  /** Read from the store at the first need, and again after a commit that failed: what it undid was remembered, too. */
  #known(): Map<string, string> {
    const { store } = this.#options;
    if (this.#holders !== undefined && this.#rollbacks === store.rollbacks) return this.#holders;
    this.#rollbacks = store.rollbacks;
    this.#holders = new Map(store.peekAll(storagePrefix(RESOURCE, '')).flatMap((entry) => namesOf(entry).map((name) => [name, entry.key] as const)));
    return this.#holders;
  }
}

/** Every address and port that the Service of this entry has. */
function namesOf(entry: Entry): string[] {
  const spec = specOf(decodeEntry(RESOURCE, entry) as Service);
  const ports = [...(spec.ports ?? []).map(({ nodePort }) => nodePort), spec.healthCheckNodePort];
  return [...(isHeadless(spec) ? [] : (spec.clusterIPs ?? [])), ...ports.filter((port) => port).map(String)];
}
