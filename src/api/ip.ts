// pure: IP addresses and ranges of both families as numbers, and back.

export type IpFamily = 'IPv4' | 'IPv6';

export interface IpAddress {
  readonly family: IpFamily;
  readonly value: bigint;
}

/** A range in CIDR notation: the addresses that share the first `prefix` bits. */
export interface IpRange {
  readonly family: IpFamily;
  /** Its lowest address, whatever address it was written with. */
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
}

const BITS = { IPv4: 32, IPv6: 128 } as const;

/** undefined: no address. Leading zeros are refused: some read them as octal. */
export function parseIp(text: string): IpAddress | undefined {
  const four = parseIpv4(text);
  if (four !== undefined) return { family: 'IPv4', value: four };
  const six = parseIpv6(text);
  return six === undefined ? undefined : { family: 'IPv6', value: six };
}

/** "10.0.0.0/8", "fd00::/64"; undefined: no range. */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const length = text.slice(slash + 1);
  const address = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  if (address === undefined || !/^(?:0|[1-9]\d{0,2})$/.test(length) || Number(length) > BITS[address.family]) return undefined;
  const hostBits = BigInt(BITS[address.family] - Number(length));
  const first = (address.value >> hostBits) << hostBits;
  return { family: address.family, first, last: first + (1n << hostBits) - 1n, prefix: Number(length) };
}

export function inIpRange(range: IpRange, { family, value }: IpAddress): boolean {
  return family === range.family && value >= range.first && value <= range.last;
}

/** Of an IPv4 address. */
export function ipv4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}

/** Of IPv4: "10.0.0.0/8". */
export function rangeText({ first, prefix }: IpRange): string {
  return `${ipv4Text(first)}/${prefix}`;
}

function parseIpv4(text: string): bigint | undefined {
  const octets = text.split('.');
  const good = octets.length === 4 && octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256);
  return good ? octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n) : undefined;
}

/** Eight groups of four hex digits; one run of them may be "::", the last two may be an IPv4 address. */
function parseIpv6(text: string): bigint | undefined {
  const [head = '', tail, ...more] = withoutEmbedded(text)?.split('::') ?? [];
  if (more.length > 0 || !text.includes(':')) return undefined;
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const all = [...before, ...after];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) || (tail === undefined ? all.length !== 8 : all.length > 7)) return undefined;
  const whole = [...before, ...Array.from({ length: 8 - all.length }, () => '0'), ...after];
  return whole.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':');
}

/** An IPv4 address at the end as the two groups that it stands for. */
function withoutEmbedded(text: string): string | undefined {
  const embedded = /:([\d.]+\.[\d.]+)$/.exec(text)?.[1];
  if (embedded === undefined) return text;
  const value = parseIpv4(embedded);
  if (value === undefined) return undefined;
  return `${text.slice(0, -embedded.length)}${(value >> 16n).toString(16)}:${(value & 65_535n).toString(16)}`;
}
