// What nft would hold after commands of plan-ruleset.ts, with sets and chains by their content instead of their numbers.
// Fails, as nft does, on what is used before it is there or goes while it is used.

interface Table {
  readonly sets: Map<string, Set<string>>;
  readonly chains: Map<string, string[]>;
}

/** Chains by hook or content, and the elements of maps with what they lead to. */
export function tableAfter(commands: readonly string[]): unknown {
  const table: Table = { sets: new Map(), chains: new Map() };
  for (const command of commands) run(table, command);
  const content = (chain: string): string => rulesOf(table, chain).join('; ');
  const numbered = (name: string): boolean => name.startsWith('policy-chain-');
  const maps = [...table.sets].filter(([name]) => !name.startsWith('policy-set-'));
  return {
    hooks: [...table.chains.keys()].filter((name) => !numbered(name)).map((name) => [name, content(name)]),
    chains: [...table.chains.keys()].filter(numbered).map(content).sort(),
    maps: maps.map(([name, elements]) => [name, [...elements].map((element) => element.replace(/policy-chain-\d+/, content)).sort()]),
  };
}

function rulesOf({ chains, sets }: Table, chain: string): string[] {
  const rules = chains.get(chain);
  if (rules === undefined) throw new Error(`no chain ${chain}`);
  return rules.map((rule) =>
    rule.replace(/policy-set-\d+/g, (name) => {
      const elements = sets.get(name);
      if (elements === undefined) throw new Error(`no set ${name}`);
      return `{${[...elements].sort().join(',')}}`;
    }),
  );
}

function run({ sets, chains }: Table, command: string): void {
  const [, verb = '', what = '', name = '', rest = ''] = /^(\w+) (\w+) ip t (\S+) ?(.*)$/.exec(command) ?? [];
  const inBraces = (/^\{ (.*) \}$/.exec(rest)?.[1] ?? '').split(', ');
  if (verb === 'add' && (what === 'set' || what === 'map')) sets.set(name, new Set());
  else if (verb === 'add' && what === 'chain') chains.set(name, []);
  else if (verb === 'add' && what === 'rule') there(chains, name).push(rest);
  else if (verb === 'add' && what === 'element') {
    for (const element of inBraces) {
      const key = element.split(' : ')[0]!;
      if ([...there(sets, name)].some((known) => known.split(' : ')[0] === key)) throw new Error(`${key} is in ${name} already`);
      there(sets, name).add(element);
    }
  } else if (verb === 'delete' && what === 'element') {
    for (const key of inBraces) {
      const element = [...there(sets, name)].find((known) => known.split(' : ')[0] === key);
      if (element === undefined || !there(sets, name).delete(element)) throw new Error(`${key} is not in ${name}`);
    }
  } else if (verb === 'flush' && what === 'chain') there(chains, name).length = 0;
  else if (verb === 'delete' && what === 'chain') {
    if ([...sets.values()].some((elements) => [...elements].some((element) => element.endsWith(` ${name}`)))) throw new Error(`${name} is still jumped to`);
    there(chains, name);
    chains.delete(name);
  } else if (verb === 'delete' && (what === 'set' || what === 'map')) {
    if ([...chains.values()].some((rules) => rules.some((rule) => rule.split(' ').includes(`@${name}`)))) throw new Error(`${name} is still used`);
    there(sets, name);
    sets.delete(name);
  } else throw new Error(`not understood: ${command}`);
}

function there<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}
