// pure: what a table of the packet filter is to hold, and the commands that lead from one content to the next.
//
// Only what differs is touched, in an order that the kernel accepts within one transaction: what is referred to is made before, and
// removed after, what refers to it.

export interface TableContent {
  /** By name: the rest of `add set` or `add map`, from the brace on. */
  readonly sets: ReadonlyMap<string, SetDefinition>;
  /** By name. */
  readonly chains: ReadonlyMap<string, ChainDefinition>;
  /** By `set key`. */
  readonly elements: ReadonlyMap<string, SetElement>;
}

export interface SetDefinition {
  readonly kind: 'set' | 'map';
  /** "type ipv4_addr; flags dynamic,timeout; timeout 10s;" */
  readonly properties: string;
}

export interface ChainDefinition {
  /** "type nat hook output priority -105;" Absent for chains that others lead to. */
  readonly hook?: string;
  readonly rules: readonly string[];
}

export interface SetElement {
  readonly set: string;
  readonly key: string;
  /** Of maps: "goto chain". */
  readonly value?: string;
}

export const EMPTY_CONTENT: TableContent = { sets: new Map(), chains: new Map(), elements: new Map() };

/** A command a line; '' when nothing differs. `table`: "ip minik-0123". */
export function renderChange(table: string, before: TableContent, after: TableContent): string {
  const sets = compare(before.sets, after.sets, sameSet);
  const chains = compare(before.chains, after.chains, sameChain);
  const elements = compare(before.elements, after.elements, (a, b) => a.value === b.value);
  return [
    ...[...sets.added].map(([name, { kind, properties }]) => `add ${kind} ${table} ${name} { ${properties} }`),
    ...[...chains.added].map(([name, { hook }]) => `add chain ${table} ${name}${hook === undefined ? '' : ` { ${hook} }`}`),
    ...[...chains.changed, ...chains.removed].map(([name]) => `flush chain ${table} ${name}`),
    ...[...chains.added, ...chains.changed].flatMap(([name, { rules }]) => rules.map((rule) => `add rule ${table} ${name} ${rule}`)),
    ...elementCommands(`delete element ${table}`, [...elements.removed, ...elements.changed].map(([, { set, key }]) => ({ set, text: key }))),
    ...elementCommands(`add element ${table}`, [...elements.added, ...elements.changed].map(([, { set, key, value }]) => ({ set, text: value === undefined ? key : `${key} : ${value}` }))),
    ...[...chains.removed].map(([name]) => `delete chain ${table} ${name}`),
    ...[...sets.removed].map(([name, { kind }]) => `delete ${kind} ${table} ${name}`),
  ].join('\n');
}

interface Comparison<T> {
  readonly added: ReadonlyMap<string, T>;
  readonly changed: ReadonlyMap<string, T>;
  readonly removed: ReadonlyMap<string, T>;
}

function compare<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>, isSame: (a: T, b: T) => boolean): Comparison<T> {
  const [added, changed, removed] = [new Map<string, T>(), new Map<string, T>(), new Map<string, T>()];
  for (const [name, item] of after) {
    const known = before.get(name);
    if (known === undefined) added.set(name, item);
    else if (known !== item && !isSame(known, item)) changed.set(name, item);
  }
  for (const [name, item] of before) if (!after.has(name)) removed.set(name, item);
  return { added, changed, removed };
}

/** Sets are never changed in place: whoever needs another one gives it another name. */
function sameSet(a: SetDefinition, b: SetDefinition): boolean {
  if (a.kind === b.kind && a.properties === b.properties) return true;
  throw new Error(`a set cannot be changed in place: ${a.properties} -> ${b.properties}`);
}

function sameChain(a: ChainDefinition, b: ChainDefinition): boolean {
  return a.rules.length === b.rules.length && a.rules.every((rule, at) => rule === b.rules[at]);
}

/** One command a set: a thousand elements in one are added as fast as ten. */
function elementCommands(command: string, items: readonly { readonly set: string; readonly text: string }[]): string[] {
  return [...Map.groupBy(items, ({ set }) => set)].map(([set, group]) => `${command} ${set} { ${group.map(({ text }) => text).join(', ')} }`);
}
