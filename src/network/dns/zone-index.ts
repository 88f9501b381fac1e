// pure: what the cluster's DNS zone holds, kept up to date change by change. A change costs its own object, however large
// the zone is.
import type { EndpointFacts, ServiceFacts, ServicePortFacts, SliceFacts, ZoneChange } from './zone-facts.ts';

export interface ZoneOptions {
  /** "cluster.local" */
  readonly domain: string;
  /** Where the zone's own server is asked: what its NS record points to. */
  readonly serverIp: string;
}

/** An endpoint that has a name, with the ports it serves. */
export interface NamedEndpoint {
  readonly hostname: string;
  readonly ip: string;
  readonly ports: readonly ServicePortFacts[];
}

interface ServiceEndpoints {
  readonly all: readonly NamedEndpoint[];
  readonly byHostname: ReadonlyMap<string, readonly NamedEndpoint[]>;
}

export class ZoneIndex {
  readonly domain: string;
  readonly serverIp: string;
  readonly #namespaces = new Set<string>();
  readonly #services = new Map<string, ServiceFacts>();
  readonly #slices = new Map<string, SliceFacts>();
  /** Service -> its slices. */
  readonly #slicesOf = new KeySets();
  /** Address -> Services and slices that have it. */
  readonly #servicesAt = new KeySets();
  readonly #slicesAt = new KeySets();
  /** Made when a Service is first asked for, dropped when it changes. */
  readonly #endpoints = new Map<string, ServiceEndpoints>();
  #serial = 1;

  constructor({ domain, serverIp }: ZoneOptions) {
    this.domain = domain.toLowerCase();
    this.serverIp = serverIp;
  }

  /** Grows with every change. */
  get serial(): number {
    return this.#serial;
  }

  apply(change: ZoneChange): void {
    this.#serial = (this.#serial % 0xff_ff_ff_ff) + 1;
    if (change.kind === 'namespace') this.#setNamespace(change.key, change.exists);
    else if (change.kind === 'service') this.#setService(change.key, change.facts);
    else this.#setSlice(change.key, change.facts);
  }

  hasNamespace(name: string): boolean {
    return this.#namespaces.has(name);
  }

  service(key: string): ServiceFacts | undefined {
    return this.#services.get(key);
  }

  /** Those that are to be found: ready, or all where the Service publishes all; by address. */
  endpoints(key: string): readonly NamedEndpoint[] {
    return this.#endpointsOf(key).all;
  }

  endpointsNamed(key: string, hostname: string): readonly NamedEndpoint[] {
    return this.#endpointsOf(key).byHostname.get(hostname) ?? [];
  }

  #endpointsOf(key: string): ServiceEndpoints {
    const known = this.#endpoints.get(key) ?? this.#collect(key);
    this.#endpoints.set(key, known);
    return known;
  }

  #collect(key: string): ServiceEndpoints {
    const publishAll = this.#services.get(key)?.publishNotReady === true;
    const found = new Map<string, NamedEndpoint>();
    for (const sliceKey of this.#slicesOf.get(key)) {
      const { endpoints, ports } = this.#slices.get(sliceKey)!;
      for (const endpoint of endpoints) {
        if (!endpoint.ready && !publishAll) continue;
        for (const ip of endpoint.ips) add(found, { hostname: nameOf(endpoint, ip), ip, ports });
      }
    }
    const all = [...found.values()].sort((left, right) => (left.ip < right.ip ? -1 : left.ip > right.ip ? 1 : 0));
    return { all, byHostname: Map.groupBy(all, ({ hostname }) => hostname) };
  }

  /** Keys of the Services whose own address this is. */
  servicesAt(ip: string): readonly string[] {
    return [...this.#servicesAt.get(ip)].sort();
  }

  /** Keys of the Services that have an endpoint with this address. */
  servicesWithEndpoint(ip: string): readonly string[] {
    return [...new Set([...this.#slicesAt.get(ip)].map((key) => this.#slices.get(key)!.service))].sort();
  }

  #setNamespace(name: string, exists: boolean): void {
    if (exists) this.#namespaces.add(name);
    else this.#namespaces.delete(name);
  }

  #setService(key: string, facts: ServiceFacts | undefined): void {
    for (const ip of this.#services.get(key)?.ips ?? []) this.#servicesAt.remove(ip, key);
    this.#services.delete(key);
    this.#endpoints.delete(key);
    if (facts === undefined) return;
    this.#services.set(key, facts);
    for (const ip of facts.ips) this.#servicesAt.add(ip, key);
  }

  #setSlice(key: string, facts: SliceFacts | undefined): void {
    const before = this.#slices.get(key);
    if (before !== undefined) {
      for (const ip of addresses(before)) this.#slicesAt.remove(ip, key);
      this.#slicesOf.remove(before.service, key);
      this.#endpoints.delete(before.service);
      this.#slices.delete(key);
    }
    if (facts === undefined) return;
    for (const ip of addresses(facts)) this.#slicesAt.add(ip, key);
    this.#slicesOf.add(facts.service, key);
    this.#endpoints.delete(facts.service);
    this.#slices.set(key, facts);
  }
}

/** Sets of keys under a name; one that is empty takes no room. */
class KeySets {
  readonly #sets = new Map<string, Set<string>>();

  get(name: string): ReadonlySet<string> {
    return this.#sets.get(name) ?? NONE;
  }

  add(name: string, key: string): void {
    const set = this.#sets.get(name);
    if (set === undefined) this.#sets.set(name, new Set([key]));
    else set.add(key);
  }

  remove(name: string, key: string): void {
    const set = this.#sets.get(name);
    if (set?.delete(key) === true && set.size === 0) this.#sets.delete(name);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** One endpoint may stand in several slices, with other ports in each. */
function add(found: Map<string, NamedEndpoint>, endpoint: NamedEndpoint): void {
  const key = `${endpoint.hostname}/${endpoint.ip}`;
  const known = found.get(key);
  if (known === undefined) found.set(key, endpoint);
  else found.set(key, { ...known, ports: [...known.ports, ...endpoint.ports] });
}

function addresses({ endpoints }: SliceFacts): readonly string[] {
  return endpoints.flatMap(({ ips }) => ips);
}

/** kube: an endpoint without a host name of its own is called by its address. */
function nameOf({ hostname }: EndpointFacts, ip: string): string {
  return hostname ?? ip.replaceAll(/[.:]/g, '-').toLowerCase();
}
