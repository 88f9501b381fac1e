// From a plan to what the kernel's table is to hold. Packets for or from an isolated Pod are looked up by address, and jump to
// the chain of what is let through. Names are numbers that are never used again: a chain is never changed, so every change is
// made by looking an address up elsewhere.
import { rangeText } from '../../api/ip.ts';
import { LAST_PORT, type PortRange } from '../../api/networkpolicy/rule-match.ts';
import { EMPTY_CONTENT, type ChainDefinition, type SetDefinition, type SetElement, type TableContent } from '../kernel/table-content.ts';
import type { PlanPeers, PlanRule, PolicyPlan } from './policy-plan.ts';

export interface Ruleset {
  readonly content: TableContent;
  readonly names: RuleNames;
}

/** Numbers of sets and chains, by their keys in the plan. */
interface RuleNames {
  readonly sets: ReadonlyMap<string, number>;
  readonly chains: ReadonlyMap<string, number>;
  readonly next: number;
}

export const NO_RULES: Ruleset = { content: EMPTY_CONTENT, names: { sets: new Map(), chains: new Map(), next: 0 } };

/** Behind the translation of Service addresses, before the engine's own rules. */
const PRIORITY = -4;
const EGRESS = 'policy-egress';
const INGRESS = 'policy-ingress';
const ITSELF = 'policy-itself';

/** `dnsIp`: the one address of this host that policies are asked about. */
export function planRuleset(before: Ruleset, plan: PolicyPlan, { dnsIp }: { readonly dnsIp?: string } = {}): Ruleset {
  const names = nextNames(before.names, plan);
  if (plan.ingress.size === 0 && plan.egress.size === 0) return { content: EMPTY_CONTENT, names };
  const sets: [string, SetDefinition][] = [...plan.sets.keys()].map((key) => [setName(names, key), { kind: 'set', properties: 'type ipv4_addr;' }]);
  const chains: [string, ChainDefinition][] = [...plan.chains].map(([key, rules]) => [chainName(names, key), { rules: chainRules(rules, { side: key.startsWith('egress') ? 'daddr' : 'saddr', names }) }]);
  const content: TableContent = {
    sets: new Map([...frameSets(), ...sets]),
    chains: new Map([...hooks(dnsIp), ...chains]),
    elements: new Map([...elementsOf(plan, names)].map((element) => [`${element.set} ${element.key}`, element])),
  };
  return { content, names };
}

function nextNames(before: RuleNames, { sets, chains }: PolicyPlan): RuleNames {
  let next = before.next;
  const number = (keys: Iterable<string>, known: ReadonlyMap<string, number>): Map<string, number> => new Map([...keys].map((key) => [key, known.get(key) ?? next++]));
  return { sets: number(sets.keys(), before.sets), chains: number(chains.keys(), before.chains), next };
}

function setName({ sets }: RuleNames, key: string): string {
  return `policy-set-${sets.get(key)}`;
}

function chainName({ chains }: RuleNames, key: string): string {
  return `policy-chain-${chains.get(key)}`;
}

function frameSets(): [string, SetDefinition][] {
  const verdicts: SetDefinition = { kind: 'map', properties: 'type ipv4_addr : verdict;' };
  return [
    [EGRESS, verdicts],
    [INGRESS, verdicts],
    [ITSELF, { kind: 'set', properties: 'type ipv4_addr . ipv4_addr;' }],
  ];
}

/** Replies and what was allowed before pass; a Pod reaches itself, by way of a Service too. */
function hooks(dnsIp: string | undefined): [string, ChainDefinition][] {
  const established = 'ct state established,related accept';
  const chain = (hook: string, rules: readonly string[]): ChainDefinition => ({ hook: `type filter hook ${hook} priority ${PRIORITY};`, rules: [established, ...rules] });
  const forward = chain('forward', [`ip saddr . ip daddr @${ITSELF} accept`, `ip saddr vmap @${EGRESS}`, `ip daddr vmap @${INGRESS}`]);
  if (dnsIp === undefined) return [['policy-forward', forward]];
  return [
    ['policy-forward', forward],
    ['policy-input', chain('input', [`ip daddr ${dnsIp} ip saddr vmap @${EGRESS}`])],
  ];
}

function* elementsOf({ sets, ingress, egress }: PolicyPlan, names: RuleNames): Iterable<SetElement> {
  for (const [key, addresses] of sets) for (const ip of addresses) yield { set: setName(names, key), key: ip };
  for (const [ip, chain] of egress) yield { set: EGRESS, key: ip, value: `jump ${chainName(names, chain)}` };
  for (const [ip, chain] of ingress) yield { set: INGRESS, key: ip, value: `jump ${chainName(names, chain)}` };
  for (const ip of new Set([...egress.keys(), ...ingress.keys()])) yield { set: ITSELF, key: `${ip} . ${ip}` };
}

interface Side {
  /** Where the peer's address is in a packet. */
  readonly side: 'saddr' | 'daddr';
  readonly names: RuleNames;
}

function chainRules(rules: readonly PlanRule[], side: Side): string[] {
  return [...rules.flatMap((rule) => ruleTexts(rule, side)).map((rule) => `${rule} return`.trim()), 'drop'];
}

function ruleTexts({ peers, ports }: PlanRule, side: Side): string[] {
  const who = peerText(peers, side);
  if (who === undefined) return [];
  if (ports === 'all') return [who.join(' ')];
  return [...Map.groupBy(ports, ({ protocol }) => protocol)].map(([protocol, ranges]) => [...who, portText(protocol.toLowerCase(), ranges)].join(' '));
}

/** Undefined: no address that Pods have here. */
function peerText(peers: PlanPeers, { side, names }: Side): string[] | undefined {
  if (peers.type === 'everyone') return [];
  if (peers.type === 'set') return [`ip ${side} @${setName(names, peers.set)}`];
  if (peers.range.family !== 'IPv4') return undefined;
  const except = peers.except.filter(({ family }) => family === 'IPv4').map((range) => `ip ${side} != ${rangeText(range)}`);
  return [...(peers.range.prefix === 0 ? [] : [`ip ${side} ${rangeText(peers.range)}`]), ...except];
}

function portText(protocol: string, ranges: readonly PortRange[]): string {
  if (ranges.some(({ from, to }) => from === 0 && to === LAST_PORT)) return `meta l4proto ${protocol}`;
  return `${protocol} dport { ${ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ')} }`;
}
