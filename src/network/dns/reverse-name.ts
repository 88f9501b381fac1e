// pure: the names under which DNS is asked whose an address is: 4.3.2.1.in-addr.arpa for 1.2.3.4.

const IPV4_ZONE = '.in-addr.arpa';
const IPV6_ZONE = '.ip6.arpa';

/** undefined: not the name of a whole address. `name` in lower case. */
export function addressOfReverseName(name: string): string | undefined {
  if (name.endsWith(IPV4_ZONE)) {
    const octets = name.slice(0, -IPV4_ZONE.length).split('.').reverse();
    return octets.length === 4 && octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256) ? octets.join('.') : undefined;
  }
  if (!name.endsWith(IPV6_ZONE)) return undefined;
  const digits = name.slice(0, -IPV6_ZONE.length).split('.').reverse();
  if (digits.length !== 32 || !digits.every((digit) => /^[0-9a-f]$/.test(digit))) return undefined;
  return shortIpv6(digits.join('').match(/.{4}/g)!);
}

/** The one form in which an address is written: no leading zeros, the longest run of zeros as "::". */
function shortIpv6(groups: readonly string[]): string {
  const text = groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':');
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(([run]) => run);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return text;
  return text.replace(longest, ':').replace(/^:(?!:)/, '::').replace(/:$/, '::').replace(/:{3,}/, '::');
}
