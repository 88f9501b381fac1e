// pure: what the addresses and families of a Service must be, and that they stay once it has them.
import { checkIpAddress } from '../dns-name.ts';
import { index, invalid, required, type FieldError } from '../field-errors.ts';
import { eachItem, named, optionalOneOf, unique } from '../field-rules.ts';
import type { ServiceSpec } from '../generated/types.ts';
import { parseIp } from '../ip.ts';
import { isHeadless, needsClusterIp, NO_CLUSTER_IP } from './service-facts.ts';

const IPS = 'spec.clusterIPs';
const FAMILIES = 'spec.ipFamilies';
const POLICY = 'spec.ipFamilyPolicy';
const SET = 'may not change once set';

export function validateClusterIps(spec: ServiceSpec): FieldError[] {
  if (!needsClusterIp(spec)) return [];
  const { clusterIPs = [], ipFamilies = [] } = spec;
  const each = eachItem(clusterIPs, IPS, (ip, at, row) => (row === 0 && ip === NO_CLUSTER_IP ? [] : named(ip, checkIpAddress, at)));
  const noneAmongOthers = clusterIPs[0] === NO_CLUSTER_IP && clusterIPs.length > 1 ? [invalid(IPS, clusterIPs, "'None' must be the first and only value")] : [];
  const single = [
    ...validateFirst(spec),
    ...eachItem(ipFamilies, FAMILIES, (family, at) => optionalOneOf(family, ['IPv4', 'IPv6'], at)),
    ...unique(ipFamilies, (row) => index(FAMILIES, row)),
    ...optionalOneOf(spec.ipFamilyPolicy, ['PreferDualStack', 'RequireDualStack', 'SingleStack'], POLICY),
    ...noneAmongOthers,
    ...each,
    ...(clusterIPs.length > 2 ? [invalid(IPS, clusterIPs, 'may only hold up to 2 values')] : []),
  ];
  // What is no address at all would only be blamed twice.
  return each.length > 0 || noneAmongOthers.length > 0 ? single : [...single, ...validateTogether(spec)];
}

/** clusterIP says the same as the first of clusterIPs. */
function validateFirst({ clusterIP = '', clusterIPs = [] }: ServiceSpec): FieldError[] {
  if (clusterIP === '') return clusterIPs.length === 0 ? [] : [invalid(IPS, clusterIPs, 'must be empty when `clusterIP` is not specified')];
  if (clusterIPs.length === 0) return [required(IPS)];
  return clusterIPs[0] === clusterIP ? [] : [invalid(IPS, clusterIPs, 'first value must match `clusterIP`')];
}

function validateTogether(spec: ServiceSpec): FieldError[] {
  const { clusterIPs = [], ipFamilies = [] } = spec;
  const families = clusterIPs.map((ip) => parseIp(ip)?.family);
  const strange = isHeadless(spec) ? [] : ipFamilies.flatMap((family, at) => (families[at] !== undefined && families[at] !== family ? [at] : []));
  return [
    ...(clusterIPs.length > 1 && new Set(families).size < 2 ? [invalid(IPS, clusterIPs, 'may specify no more than one IP for each IP family')] : []),
    ...strange.map((at) => invalid(index(IPS, at), clusterIPs[at], `expected an ${ipFamilies[at]} value as indicated by \`ipFamilies[${at}]\``)),
  ];
}

export function validateClusterIpsUpdate(next: ServiceSpec, old: ServiceSpec): FieldError[] {
  if (!needsClusterIp(next) || !needsClusterIp(old)) return [];
  const bothHeadless = isHeadless(next) && isHeadless(old);
  return [...(bothHeadless ? [] : validateIpsKept(next, old)), ...(isHeadless(next) || isHeadless(old) ? [] : validateFamiliesKept(next, old))];
}

function validateIpsKept({ clusterIPs = [], ipFamilyPolicy }: ServiceSpec, { clusterIPs: old = [] }: ServiceSpec): FieldError[] {
  const kept = old.length === clusterIPs.length ? old : old.slice(0, 1);
  const isReleased = clusterIPs.length === 1 && old.length > 1;
  return [
    ...(old.length > 0 && clusterIPs.length === 0 ? [invalid(index(IPS, 0), clusterIPs, 'primary clusterIP can not be unset')] : []),
    ...kept.flatMap((ip, at) => (clusterIPs[at] === undefined || clusterIPs[at] === ip ? [] : [invalid(index(IPS, at), clusterIPs, SET)])),
    ...(isReleased && ipFamilyPolicy !== 'SingleStack' ? [invalid(POLICY, ipFamilyPolicy, "must be set to 'SingleStack' when releasing the secondary clusterIP")] : []),
  ];
}

function validateFamiliesKept({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec, { ipFamilies: old = [] }: ServiceSpec): FieldError[] {
  const kept = old.length === ipFamilies.length ? old : old.slice(0, 1);
  const isReleased = ipFamilies.length === 1 && old.length > 1;
  return [
    ...kept.flatMap((family, at) => (ipFamilies[at] === undefined || ipFamilies[at] === family ? [] : [invalid(index(FAMILIES, 0), ipFamilies, SET)])),
    ...(isReleased && ipFamilyPolicy !== 'SingleStack' ? [invalid(POLICY, ipFamilyPolicy, "must be set to 'SingleStack' when releasing the secondary ipFamily")] : []),
  ];
}
