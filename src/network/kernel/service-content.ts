// pure: what one forwarding rule puts into the table: chains that choose a backend, and the addresses that lead to them.
import { inIpRange, parseIp, parseIpRange, rangeText } from '../../api/ip.ts';
import type { Backend, ForwardingRule } from '../forwarding/forwarding-table.ts';
import { FIREWALLED, NODE_PORTS, LOOPBACK_PORTS, OWN_BACKENDS, REFUSE, SERVICE_ADDRESSES, UNSERVED_ADDRESSES, UNSERVED_LOOPBACK, UNSERVED_PORTS } from './base-content.ts';
import type { KernelFacts } from './kernel-facts.ts';
import type { ChainDefinition, SetDefinition, SetElement } from './table-content.ts';

export interface RuleContent {
  readonly sets: readonly (readonly [name: string, set: SetDefinition])[];
  readonly chains: readonly (readonly [name: string, chain: ChainDefinition])[];
  readonly elements: readonly SetElement[];
}

/** `isReserved`: the node port is held by this home, so that packets for it may be taken away from the port. */
export function contentOfRule(rule: ForwardingRule, { facts, isReserved }: { readonly facts: KernelFacts; readonly isReserved: boolean }): RuleContent {
  const internal = chainOf('internal', rule, rule.internal);
  const external = sameBackends(rule.internal, rule.external) ? internal : chainOf('external', rule, rule.external);
  const targets: Targets = { internal: internal?.name, external: external?.name, loopback: facts.loopback && rule.external.every((backend) => isOnBridge(backend, facts.bridge)) ? external?.name : undefined };
  const usesExternal = isReserved || rule.externalIps.length > 0 || rule.loadBalancerIps.length > 0;
  const choosers = [...new Set([internal, ...(usesExternal ? [external] : [])])].filter((chooser) => chooser !== undefined);
  const backends = choosers.flatMap((chooser) => chooser.backends);
  const sources = firewall(rule);
  return {
    sets: affinitySets(rule, backends),
    chains: [...choosers.map(({ name, rules }) => [name, { rules }] as const), ...backendChains(rule, backends), ...sources.chains],
    elements: [...addresses(rule, targets, isReserved), ...sources.elements, ...ownBackends(backends, facts)],
  };
}

/** Names of chains; undefined where there is no backend, or none that can be reached. */
interface Targets {
  readonly internal: string | undefined;
  readonly external: string | undefined;
  /** Packets from 127.0.0.1 leave this host on no interface but the bridge. */
  readonly loopback: string | undefined;
}

interface Chooser {
  readonly name: string;
  readonly rules: readonly string[];
  readonly backends: readonly Backend[];
}

function chainOf(side: 'internal' | 'external', rule: ForwardingRule, backends: readonly Backend[]): Chooser | undefined {
  if (backends.length === 0) return undefined;
  const name = `${side}/${nameOf(rule)}`;
  return { name, backends, rules: rule.affinityMs === undefined ? [spread(rule, backends)] : choosePreferred(rule, backends) };
}

/** Every backend as likely as the other, for each connection. */
function spread({ protocol }: ForwardingRule, backends: readonly Backend[]): string {
  const match = `meta l4proto ${protocol.toLowerCase()}`;
  const [only] = backends;
  if (only !== undefined && backends.length === 1) return `${match} dnat ip to ${only.ip}:${only.port}`;
  const choices = backends.map(({ ip, port }, at) => `${at} : ${ip} . ${port}`).join(', ');
  return `${match} dnat ip addr . port to numgen random mod ${backends.length} map { ${choices} }`;
}

/** The backend that remembers the client; any for a client that is new, or has been away for too long. */
function choosePreferred(rule: ForwardingRule, backends: readonly Backend[]): string[] {
  const choices = backends.map((backend, at) => `${at} : goto ${backendChain(rule, backend)}`).join(', ');
  return [
    ...backends.map((backend) => `ip saddr @${clientSet(rule, backend)} goto ${backendChain(rule, backend)}`),
    `numgen random mod ${backends.length} vmap { ${choices} }`,
  ];
}

function backendChains(rule: ForwardingRule, backends: readonly Backend[]): [string, ChainDefinition][] {
  if (rule.affinityMs === undefined) return [];
  return backends.map((backend) => [backendChain(rule, backend), { rules: [`update @${clientSet(rule, backend)} { ip saddr }`, spread(rule, [backend])] }]);
}

function affinitySets(rule: ForwardingRule, backends: readonly Backend[]): [string, SetDefinition][] {
  if (rule.affinityMs === undefined) return [];
  const properties = `type ipv4_addr; flags dynamic,timeout; timeout ${rule.affinityMs}ms;`;
  return backends.map((backend) => [clientSet(rule, backend), { kind: 'set', properties }]);
}

function addresses(rule: ForwardingRule, { internal, external, loopback }: Targets, isReserved: boolean): SetElement[] {
  const protocol = rule.protocol.toLowerCase();
  const at = (ip: string): string => `${ip} . ${protocol} . ${rule.port}`;
  const served = (set: string, key: string, chain: string): SetElement => ({ set, key, value: `goto ${chain}` });
  const unserved = (set: string, key: string, without: ForwardingRule['withoutExternal']): SetElement => ({ set, key, value: without === 'drop' ? 'drop' : `goto ${REFUSE}` });
  const outside = (ip: string, chain: string | undefined): SetElement[] => {
    if (chain !== undefined) return [served(SERVICE_ADDRESSES, at(ip), chain)];
    return rule.external.length > 0 ? [] : [unserved(UNSERVED_ADDRESSES, at(ip), rule.withoutExternal)];
  };
  const elements: SetElement[] = [];
  if (internal !== undefined) elements.push(served(SERVICE_ADDRESSES, at(rule.clusterIp), internal));
  // To be refused is the lot of every cluster address that leads nowhere.
  else if (rule.withoutInternal === 'drop') elements.push(unserved(UNSERVED_ADDRESSES, at(rule.clusterIp), 'drop'));
  elements.push(...rule.externalIps.filter(isIpv4).flatMap((ip) => outside(ip, external)));
  elements.push(...rule.loadBalancerIps.filter(isIpv4).flatMap((ip) => outside(ip, ip.startsWith('127.') ? loopback : external)));
  if (rule.nodePort === undefined || !isReserved) return elements;
  const key = `${protocol} . ${rule.nodePort}`;
  if (rule.external.length === 0) return [...elements, unserved(UNSERVED_PORTS, key, rule.withoutExternal), unserved(UNSERVED_LOOPBACK, key, rule.withoutExternal)];
  if (external !== undefined) elements.push(served(NODE_PORTS, key, external));
  if (loopback !== undefined) elements.push(served(LOOPBACK_PORTS, key, loopback));
  return elements;
}

function firewall(rule: ForwardingRule): Pick<RuleContent, 'chains' | 'elements'> {
  if (rule.sourceRanges.length === 0 || rule.loadBalancerIps.length === 0) return { chains: [], elements: [] };
  const chain = `sources/${nameOf(rule)}`;
  const ranges = rule.sourceRanges.flatMap((text) => parseIpRange(text) ?? []).filter(({ family }) => family === 'IPv4');
  return {
    chains: [[chain, { rules: [...ranges.map((range) => `ip saddr ${rangeText(range)} return`), 'drop'] }]],
    elements: rule.loadBalancerIps.filter(isIpv4).map((ip) => ({ set: FIREWALLED, key: `${ip} . ${rule.protocol.toLowerCase()} . ${rule.port}`, value: `goto ${chain}` })),
  };
}

/** A Pod that reaches itself through its Service would see its own address on both ends: such packets get this host's. */
function ownBackends(backends: readonly Backend[], { bridge }: KernelFacts): SetElement[] {
  return backends.filter((backend) => backend.ip !== bridge.gateway && isOnBridge(backend, bridge)).map(({ ip }) => ({ set: OWN_BACKENDS, key: `${ip} . ${ip}` }));
}

function isOnBridge({ ip }: Backend, { range }: KernelFacts['bridge']): boolean {
  const address = parseIp(ip);
  return address !== undefined && inIpRange(range, address);
}

const isIpv4 = (ip: string): boolean => parseIp(ip)?.family === 'IPv4';

function sameBackends(a: readonly Backend[], b: readonly Backend[]): boolean {
  return a.length === b.length && a.every(({ ip, port }, at) => ip === b[at]?.ip && port === b[at]?.port);
}

/** "default/web/http/TCP": nft knows no colon in names. */
function nameOf({ key }: ForwardingRule): string {
  return key.replaceAll(':', '/');
}

function backendChain(rule: ForwardingRule, { ip, port }: Backend): string {
  return `backend/${nameOf(rule)}/${rule.affinityMs}/${ip}/${port}`;
}

/** The time-out is part of the name: a set cannot be given another one. */
function clientSet(rule: ForwardingRule, { ip, port }: Backend): string {
  return `clients/${nameOf(rule)}/${rule.affinityMs}/${ip}/${port}`;
}
