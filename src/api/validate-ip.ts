// pure: what addresses and ranges must be where traffic is to go there or come from there.
import { checkIpAddress } from './dns-name.ts';
import { invalid, type FieldError } from './field-errors.ts';
import { named } from './field-rules.ts';
import { inIpRange, parseIp, parseIpRange, type IpRange } from './ip.ts';

export function checkIpRange(text: string): string[] {
  return parseIpRange(text) !== undefined ? [] : ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
}

const ranges = (...texts: readonly string[]): IpRange[] => texts.map((text) => parseIpRange(text)!);

/** Addresses that mean something else on every machine. */
const SPECIAL: readonly (readonly [ranges: readonly IpRange[], problem: (ip: string) => string])[] = [
  [ranges('0.0.0.0/32', '::/128'), (ip) => `may not be unspecified (${ip})`],
  [ranges('127.0.0.0/8', '::1/128'), () => 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [ranges('169.254.0.0/16', 'fe80::/10'), () => 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [ranges('224.0.0.0/24', 'ff02::/16'), () => 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
];

/** An address outside of this machine, or of a container on it. */
export function validateEndpointIp(text: string, field: string): FieldError[] {
  const ip = parseIp(text);
  if (ip === undefined) return named(text, checkIpAddress, field);
  return SPECIAL.filter(([special]) => special.some((range) => inIpRange(range, ip))).map(([, problem]) => invalid(field, text, problem(text)));
}
