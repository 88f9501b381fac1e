// From one plan to the next as commands for nft, to be applied at once: only what has changed. Packets for or from an
// isolated Pod are looked up by address, and jump to the chain of what is let through.
import { ipv4Text, type IpRange } from '../../api/ip.ts';
import { LAST_PORT, type PortRange } from '../../api/networkpolicy/rule-match.ts';
import type { PlanPeers, PlanRule, PolicyPlan } from './policy-plan.ts';

/** What the kernel has, under which names. */
export interface Ruleset {
  readonly plan: PolicyPlan;
  /** Numbers of sets and chains, by their keys in the plan. */
  readonly sets: ReadonlyMap<string, number>;
  readonly chains: ReadonlyMap<string, number>;
  /** Numbers are never used again. */
  readonly next: number;
}

/** Behind the translation of Service addresses, before the engine's own rules. */
const PRIORITY = 'filter - 5';
const MAPS = { egress: 'policy-egress', ingress: 'policy-ingress' } as const;

/**
 * `table`: "ip minik-0123"; `before` undefined: the table has nothing of policies. `dnsIp` is the one address of this host
 * that policies are asked about. Commands: none when nothing has changed.
 */
export function planRuleset(before: Ruleset | undefined, plan: PolicyPlan, { table, dnsIp }: { readonly table: string; readonly dnsIp?: string }): { readonly commands: readonly string[]; readonly after: Ruleset } {
  const old = before ?? { plan: { sets: new Map(), chains: new Map(), ingress: new Map(), egress: new Map() }, sets: new Map(), chains: new Map(), next: 0 };
  let next = old.next;
  const number = (keys: Iterable<string>, known: ReadonlyMap<string, number>): Map<string, number> => new Map([...keys].map((key) => [key, known.get(key) ?? next++]));
  const sets = number(plan.sets.keys(), old.sets);
  const chains = number(plan.chains.keys(), old.chains);
  const after: Ruleset = { plan, sets, chains, next };
  const commands = [
    ...(before === undefined ? frame(table, dnsIp) : []),
    ...setCommands(table, old, after),
    ...chainCommands(table, old, after),
    ...mapCommands(table, old, { after, direction: 'egress' }),
    ...mapCommands(table, old, { after, direction: 'ingress' }),
    // Chains before the sets that they use.
    ...gone(old.chains, chains).flatMap((id) => [`flush chain ${table} policy-chain-${id}`, `delete chain ${table} policy-chain-${id}`]),
    ...gone(old.sets, sets).map((id) => `delete set ${table} policy-set-${id}`),
  ];
  return { commands, after };
}

/** Replies and what was allowed before pass; a Pod reaches itself, by way of a Service too. */
function frame(table: string, dnsIp: string | undefined): string[] {
  const hook = (chain: string, name: string): string => `add chain ${table} ${chain} { type filter hook ${name} priority ${PRIORITY}; policy accept; }`;
  const established = 'ct state established,related accept';
  return [
    ...Object.values(MAPS).map((map) => `add map ${table} ${map} { type ipv4_addr : verdict; }`),
    `add set ${table} policy-itself { type ipv4_addr . ipv4_addr; }`,
    hook('policy-forward', 'forward'),
    `add rule ${table} policy-forward ${established}`,
    `add rule ${table} policy-forward ip saddr . ip daddr @policy-itself accept`,
    `add rule ${table} policy-forward ip saddr vmap @${MAPS.egress}`,
    `add rule ${table} policy-forward ip daddr vmap @${MAPS.ingress}`,
    ...(dnsIp === undefined
      ? []
      : [hook('policy-input', 'input'), `add rule ${table} policy-input ${established}`, `add rule ${table} policy-input ip daddr ${dnsIp} ip saddr vmap @${MAPS.egress}`]),
  ];
}

function setCommands(table: string, old: Ruleset, { plan, sets }: Ruleset): string[] {
  const itself = changes(pairsOf(old.plan), pairsOf(plan));
  return [
    ...elementCommands(`${table} policy-itself`, itself),
    ...[...sets].flatMap(([key, id]) => {
      const name = `${table} policy-set-${id}`;
      const made = old.sets.has(key) ? [] : [`add set ${name} { type ipv4_addr; }`];
      return [...made, ...elementCommands(name, changes(old.plan.sets.get(key) ?? [], plan.sets.get(key) ?? []))];
    }),
  ];
}

function pairsOf({ egress, ingress }: PolicyPlan): string[] {
  return [...new Set([...egress.keys(), ...ingress.keys()])].map((ip) => `${ip} . ${ip}`);
}

function chainCommands(table: string, old: Ruleset, { plan, sets, chains }: Ruleset): string[] {
  return [...chains].flatMap(([key, id]) => {
    if (old.chains.has(key)) return [];
    const name = `${table} policy-chain-${id}`;
    const side = key.startsWith('egress') ? 'daddr' : 'saddr';
    const rules = plan.chains.get(key)!.flatMap((rule) => ruleTexts(rule, { side, sets }));
    return [`add chain ${name}`, ...rules.map((rule) => `add rule ${name} ${rule} return`), `add rule ${name} drop`];
  });
}

function ruleTexts({ peers, ports }: PlanRule, { side, sets }: { readonly side: 'saddr' | 'daddr'; readonly sets: ReadonlyMap<string, number> }): string[] {
  const who = peerText(peers, side, sets);
  if (who === undefined) return [];
  if (ports === 'all') return [who.join(' ')];
  return [...Map.groupBy(ports, ({ protocol }) => protocol)].map(([protocol, ranges]) => [...who, portText(protocol.toLowerCase(), ranges)].join(' '));
}

/** Undefined: no address that Pods have here. */
function peerText(peers: PlanPeers, side: 'saddr' | 'daddr', sets: ReadonlyMap<string, number>): string[] | undefined {
  if (peers.type === 'everyone') return [];
  if (peers.type === 'set') return [`ip ${side} @policy-set-${sets.get(peers.set)}`];
  if (peers.range.family !== 'IPv4') return undefined;
  const except = peers.except.filter(({ family }) => family === 'IPv4').map((range) => `ip ${side} != ${rangeText(range)}`);
  return [...(peers.range.prefix === 0 ? [] : [`ip ${side} ${rangeText(peers.range)}`]), ...except];
}

function rangeText({ first, prefix }: IpRange): string {
  return `${ipv4Text(first)}/${prefix}`;
}

function portText(protocol: string, ranges: readonly PortRange[]): string {
  if (ranges.some(({ from, to }) => from === 0 && to === LAST_PORT)) return `meta l4proto ${protocol}`;
  return `${protocol} dport { ${ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ')} }`;
}

function mapCommands(table: string, old: Ruleset, { after, direction }: { readonly after: Ruleset; readonly direction: keyof typeof MAPS }): string[] {
  const elements = ({ plan, chains }: Ruleset): string[] => [...plan[direction]].map(([ip, chain]) => `${ip} : jump policy-chain-${chains.get(chain)}`);
  return elementCommands(`${table} ${MAPS[direction]}`, changes(elements(old), elements(after)));
}

interface Changes {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** What is removed goes first: an address has one place in a map. */
function elementCommands(name: string, { removed, added }: Changes): string[] {
  return [
    ...(removed.length === 0 ? [] : [`delete element ${name} { ${removed.join(', ')} }`]),
    ...(added.length === 0 ? [] : [`add element ${name} { ${added.join(', ')} }`]),
  ];
}

function changes(before: readonly string[], after: readonly string[]): Changes {
  const had = new Set(before);
  const has = new Set(after);
  return { removed: before.filter((each) => !has.has(each)), added: after.filter((each) => !had.has(each)) };
}

function gone(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number[] {
  return [...before].filter(([key]) => !after.has(key)).map(([, id]) => id);
}
