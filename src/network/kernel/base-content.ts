// pure: the part of the table that does not depend on Services: where packets come in, and the maps that they are looked up in.
//
// Hooks lie a little before the usual ones, so that whoever else translates addresses, the engine above all, sees packets as they would
// be without Services. Only two kinds of packets are ever translated: those that this host sends, and those from the bridge.
import { rangeText } from '../../api/ip.ts';
import type { KernelFacts } from './kernel-facts.ts';
import type { ChainDefinition, SetDefinition, SetElement, TableContent } from './table-content.ts';

export const SERVICE_ADDRESSES = 'service-addresses';
export const NODE_PORTS = 'node-ports';
export const LOOPBACK_PORTS = 'loopback-ports';
export const UNSERVED_ADDRESSES = 'unserved-addresses';
export const UNSERVED_PORTS = 'unserved-ports';
export const UNSERVED_LOOPBACK = 'unserved-loopback-ports';
export const FIREWALLED = 'firewalled-addresses';
export const OWN_BACKENDS = 'own-backends';
export const REFUSE = 'refuse';
const SOCKETS = 'sockets';

const BY_ADDRESS: SetDefinition = { kind: 'map', properties: 'type ipv4_addr . inet_proto . inet_service : verdict;' };
const BY_PORT: SetDefinition = { kind: 'map', properties: 'type inet_proto . inet_service : verdict;' };

const FROM_HOST = '127.0.0.1';

export function baseContent(facts: KernelFacts): TableContent {
  return {
    sets: new Map<string, SetDefinition>([
      [SERVICE_ADDRESSES, BY_ADDRESS],
      [NODE_PORTS, BY_PORT],
      [LOOPBACK_PORTS, BY_PORT],
      [UNSERVED_ADDRESSES, BY_ADDRESS],
      [UNSERVED_PORTS, BY_PORT],
      [UNSERVED_LOOPBACK, BY_PORT],
      [FIREWALLED, BY_ADDRESS],
      [OWN_BACKENDS, { kind: 'set', properties: 'type ipv4_addr . ipv4_addr;' }],
      [SOCKETS, { kind: 'set', properties: 'type ipv4_addr . inet_proto . inet_service;' }],
    ]),
    chains: new Map<string, ChainDefinition>([...lookups(facts), ...hooks(facts)]),
    elements: new Map(socketElements(facts).map((element) => [`${element.set} ${element.key}`, element])),
  };
}

function lookups({ bridge, serviceCidr, udp }: KernelFacts): [string, ChainDefinition][] {
  return [
    // At once, and in the words of the protocol, as if nobody listened.
    [REFUSE, { rules: ['meta l4proto tcp reject with tcp reset', 'meta l4proto { udp, sctp } reject'] }],
    [
      'services',
      {
        rules: [
          `ip daddr . meta l4proto . th dport vmap @${SERVICE_ADDRESSES}`,
          `ip daddr ${bridge.gateway} meta l4proto . th dport vmap @${NODE_PORTS}`,
          `ip daddr ${FROM_HOST} meta l4proto . th dport vmap @${LOOPBACK_PORTS}`,
        ],
      },
    ],
    [
      'unserved',
      {
        rules: [
          `ip daddr . meta l4proto . th dport vmap @${UNSERVED_ADDRESSES}`,
          `ip daddr ${bridge.gateway} meta l4proto . th dport vmap @${UNSERVED_PORTS}`,
          `ip daddr ${FROM_HOST} meta l4proto . th dport vmap @${UNSERVED_LOOPBACK}`,
          // Whatever listens on every address of this host has no business on those of Services.
          `${udp ? '' : 'meta l4proto tcp '}ip daddr ${serviceCidr} ip daddr . meta l4proto . th dport != @${SOCKETS} goto ${REFUSE}`,
        ],
      },
    ],
  ];
}

function hooks({ bridge, serviceCidr, bridgeFiltered }: KernelFacts): [string, ChainDefinition][] {
  const fromBridge = `iifname "${bridge.name}"`;
  const filter = (hook: string, priority: number, rule: string): ChainDefinition => ({ hook: `type filter hook ${hook} priority ${priority};`, rules: [rule] });
  const nat = (hook: string, priority: number, rules: readonly string[]): ChainDefinition => ({ hook: `type nat hook ${hook} priority ${priority};`, rules });
  const unserved = 'ct state new jump unserved';
  return [
    ['firewall-in', filter('prerouting', -110, `ct state new ip daddr . meta l4proto . th dport vmap @${FIREWALLED}`)],
    ['firewall-out', filter('output', -110, `ct state new ip daddr . meta l4proto . th dport vmap @${FIREWALLED}`)],
    ['services-in', nat('prerouting', -105, [`${fromBridge} jump services`])],
    ['services-out', nat('output', -105, ['jump services'])],
    ['unserved-in', filter('input', -5, unserved)],
    ['unserved-forward', filter('forward', -5, unserved)],
    ['unserved-out', filter('output', -5, unserved)],
    [
      'own-source',
      nat('postrouting', 95, [
        `ct status dnat ip saddr . ip daddr @${OWN_BACKENDS} masquerade`,
        // What this host sends to an address of a Service, or of its own loopback, carries that as its source.
        `oifname != "lo" ct status dnat ip saddr { ${serviceCidr}, 127.0.0.0/8 } masquerade`,
        ...(bridgeFiltered ? [] : [`oifname "${bridge.name}" ct status dnat ip saddr ${rangeText(bridge.range)} ip saddr != ${bridge.gateway} masquerade`]),
      ]),
    ],
  ];
}

function socketElements({ listeners }: KernelFacts): SetElement[] {
  return listeners.map(({ ip, port, protocol }) => ({ set: SOCKETS, key: `${ip} . ${protocol.toLowerCase()} . ${port}` }));
}
