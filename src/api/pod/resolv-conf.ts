// pure: what a resolv.conf says.

export interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

/** Lines that say nothing, or something else, are passed over, as every resolver does. */
export function parseResolvConf(text: string): ResolvConf {
  const nameservers: string[] = [];
  let searches: readonly string[] = [];
  const options: string[] = [];
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line.replace(/[#;].*$/, '').trim().split(/\s+/);
    const [first] = words;
    if (first === undefined) continue;
    if (keyword === 'nameserver') nameservers.push(first);
    // The last of them counts, and "domain" is a list of one.
    else if (keyword === 'search') searches = words;
    else if (keyword === 'domain') searches = [first];
    else if (keyword === 'options') options.push(...words);
  }
  return { nameservers, searches: searches.map(withoutFinalDot), options };
}

function withoutFinalDot(name: string): string {
  return name.length > 1 && name.endsWith('.') ? name.slice(0, -1) : name;
}
