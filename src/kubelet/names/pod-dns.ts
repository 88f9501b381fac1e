// pure: the resolver of a Pod's containers by its dnsPolicy and dnsConfig.
import type { Pod, PodDNSConfigOption } from '../../api/generated/types.ts';
import type { ResolvConf } from '../../api/pod/resolv-conf.ts';
import { CLUSTER_DOMAIN } from '../../api/service/cluster-network.ts';
import type { DnsSpec } from '../runtime/container-runtime.ts';

export interface DnsSurroundings {
  /** Whether this cluster has a DNS server of its own, and where. */
  readonly clusterDns: { readonly type: 'unknown' } | { readonly type: 'off' } | { readonly type: 'on'; readonly ip: string };
  /** The host's. */
  readonly resolvConf: ResolvConf;
}

export interface PodDns {
  /** Absent: all as the host has it. */
  readonly dns?: DnsSpec;
  /** Warnings: reason and text. */
  readonly warnings: readonly (readonly [reason: string, message: string])[];
}

const CLUSTER_OPTIONS = ['ndots:5'];
/** What a resolver does without being told: said so that options of the host do not come in where nobody asked for them. */
const NEUTRAL_OPTIONS = ['ndots:1'];
const MOST_SERVERS = 3;
const MOST_SEARCHES = 32;
const MOST_SEARCH_CHARACTERS = 2_048;
const LONGEST_SEARCH = 253;

export function podDns(pod: Pod, { clusterDns, resolvConf }: DnsSurroundings): PodDns {
  const { dnsConfig = {} } = pod.spec ?? {};
  const { nameservers = [], searches = [], options = [] } = dnsConfig;
  const policy = policyOf(pod);
  if (policy === 'none') return within({ servers: nameservers, searches, options: named(merged([], options), resolvConf) });
  if (policy === 'cluster' && clusterDns.type === 'on') {
    return within({
      servers: distinct([clusterDns.ip, ...nameservers]),
      searches: distinct([...clusterSearches(pod), ...resolvConf.searches, ...searches]),
      options: merged(CLUSTER_OPTIONS, options),
    });
  }
  const found = ofHost(resolvConf, { nameservers, searches, options });
  return policy === 'cluster' && clusterDns.type === 'off' ? { ...found, warnings: [missingDns(pod), ...found.warnings] } : found;
}

function policyOf({ spec }: Pod): 'cluster' | 'host' | 'none' {
  const { dnsPolicy = 'ClusterFirst', hostNetwork = false } = spec ?? {};
  if (dnsPolicy === 'None') return 'none';
  return dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork) ? 'cluster' : 'host';
}

function clusterSearches({ metadata }: Pod): readonly string[] {
  return [`${metadata?.namespace ?? ''}.svc.${CLUSTER_DOMAIN}`, `svc.${CLUSTER_DOMAIN}`, CLUSTER_DOMAIN];
}

interface Additions {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly PodDNSConfigOption[];
}

/** What the Pod adds nothing to is left to the engine: it knows what of the host's is of use in a container. */
function ofHost(host: ResolvConf, { nameservers, searches, options }: Additions): PodDns {
  const all = {
    ...(nameservers.length === 0 ? {} : { servers: distinct([...host.nameservers.filter(isReachable), ...nameservers]) }),
    ...(searches.length === 0 ? {} : { searches: distinct([...host.searches, ...searches]) }),
    ...(options.length === 0 ? {} : { options: merged(host.options, options) }),
  };
  return Object.keys(all).length === 0 ? { warnings: [] } : within(all);
}

/** The host's loopback is not the container's. */
function isReachable(server: string): boolean {
  return !server.startsWith('127.') && server !== '::1';
}

function within(dns: DnsSpec): PodDns {
  const warnings: (readonly [string, string])[] = [];
  const servers = dns.servers?.slice(0, MOST_SERVERS);
  if (servers !== undefined && servers.length < dns.servers!.length) {
    warnings.push(['DNSConfigForming', `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${servers.join(' ')}`]);
  }
  const searches = dns.searches && searchesWithin(dns.searches);
  if (searches !== undefined && searches.length < dns.searches!.length) {
    warnings.push(['DNSConfigForming', `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches.join(' ')}`]);
  }
  return { dns: { ...dns, ...(servers === undefined ? {} : { servers }), ...(searches === undefined ? {} : { searches }) }, warnings };
}

function searchesWithin(searches: readonly string[]): readonly string[] {
  let kept = searches.slice(0, MOST_SEARCHES).filter(({ length }) => length <= LONGEST_SEARCH);
  while (kept.join(' ').length > MOST_SEARCH_CHARACTERS) kept = kept.slice(0, -1);
  return kept;
}

/** By name: what the Pod says of an option counts. */
function merged(base: readonly string[], options: readonly PodDNSConfigOption[]): readonly string[] {
  const byName = new Map(base.map((option) => [option.split(':')[0]!, option]));
  for (const { name = '', value = '' } of options) byName.set(name, value === '' ? name : `${name}:${value}`);
  return [...byName.values()];
}

function named(options: readonly string[], host: ResolvConf): readonly string[] {
  return options.length === 0 && host.options.length > 0 ? NEUTRAL_OPTIONS : options;
}

function distinct(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}

function missingDns({ metadata }: Pod): readonly [string, string] {
  const pod = `${metadata?.name ?? ''}_${metadata?.namespace ?? ''}(${metadata?.uid ?? ''})`;
  return ['MissingClusterDNS', `pod: "${pod}". kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. Falling back to "Default" policy.`];
}
