// pure: which address families a Service is of, on a cluster whose Services have IPv4 addresses only. What was left out is
// filled in; what the cluster cannot give is refused.
import { child, index, invalid, type FieldError } from '../field-errors.ts';
import type { ServiceSpec } from '../generated/types.ts';
import { parseIp, type IpFamily } from '../ip.ts';
import { hasSelector, isHeadless, needsClusterIp, NO_CLUSTER_IP } from './service-facts.ts';

export type WithFamilies = { readonly spec: ServiceSpec; readonly errors: readonly FieldError[] };

const CLUSTER_FAMILY: IpFamily = 'IPv4';
const POLICY = 'spec.ipFamilyPolicy';

export function withIpFamilies(next: ServiceSpec, old: ServiceSpec | undefined): WithFamilies {
  if (!needsClusterIp(next)) return { spec: next, errors: [] };
  const policy = next.ipFamilyPolicy ?? old?.ipFamilyPolicy ?? (isHeadless(next) && !hasSelector(next) ? 'RequireDualStack' : 'SingleStack');
  const single = policy === 'SingleStack' && old !== undefined ? onlyFirst(next, old) : next;
  const errors = [...releaseErrors(single, old, policy), ...manyErrors(single, policy), ...strangeIps(single)];
  const spec: ServiceSpec = { ...single, ipFamilyPolicy: policy, ipFamilies: withInferred(single) };
  if (errors.length > 0) return { spec, errors };
  return isHeadless(spec) && !hasSelector(spec) ? { spec: withBoth(spec), errors: [] } : { spec: withDefault(spec), errors: unconfigured(spec) };
}

/** A Service that becomes single-stack gives up its second family by that alone. */
function onlyFirst(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  const [ips, families] = [next.clusterIPs ?? [], next.ipFamilies ?? []];
  return {
    ...next,
    ...(ips.length > 1 && ips.join() === (old.clusterIPs ?? []).join() ? { clusterIPs: ips.slice(0, 1) } : {}),
    ...(families.length > 1 && families.join() === (old.ipFamilies ?? []).join() ? { ipFamilies: families.slice(0, 1) } : {}),
  };
}

function releaseErrors(next: ServiceSpec, old: ServiceSpec | undefined, policy: string): FieldError[] {
  if (old === undefined || policy === 'SingleStack') return [];
  const reduced = (field: 'clusterIPs' | 'ipFamilies'): boolean => (next[field] ?? []).length > 0 && next[field]!.length < (old[field] ?? []).length;
  return [
    ...(reduced('clusterIPs') ? [invalid(POLICY, policy, "must be 'SingleStack' to release the secondary cluster IP")] : []),
    ...(reduced('ipFamilies') ? [invalid(POLICY, policy, "must be 'SingleStack' to release the secondary IP family")] : []),
  ];
}

function manyErrors({ clusterIPs = [], ipFamilies = [] }: ServiceSpec, policy: string): FieldError[] {
  if (policy !== 'SingleStack') return [];
  const must = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  return [
    ...(clusterIPs.length === 2 ? [invalid(POLICY, policy, `${must} cluster IPs are specified`)] : []),
    ...(ipFamilies.length === 2 ? [invalid(POLICY, policy, `${must} IP families are specified`)] : []),
  ];
}

/** An address of a family that the cluster has none of, where no family was asked for. */
function strangeIps({ clusterIPs = [], ipFamilies = [] }: ServiceSpec): FieldError[] {
  return clusterIPs.flatMap((ip, at) => {
    const family = parseIp(ip)?.family ?? CLUSTER_FAMILY;
    const isStrange = at >= ipFamilies.length && family !== CLUSTER_FAMILY;
    return isStrange ? [invalid(index(child('spec', 'clusterIPs'), at), clusterIPs, `${family} is not configured on this cluster`)] : [];
  });
}

function withInferred({ clusterIPs = [], ipFamilies = [] }: ServiceSpec): string[] {
  const inferred = clusterIPs.slice(ipFamilies.length).filter((ip) => ip !== NO_CLUSTER_IP && parseIp(ip)?.family === CLUSTER_FAMILY);
  return [...ipFamilies, ...inferred.map(() => CLUSTER_FAMILY)];
}

/** Who lists its endpoints by hand may list them of both families. */
function withBoth(spec: ServiceSpec): ServiceSpec {
  const [first = CLUSTER_FAMILY, ...more] = spec.ipFamilies ?? [];
  const other = first === 'IPv4' ? 'IPv6' : 'IPv4';
  return { ...spec, ipFamilies: more.length > 0 || spec.ipFamilyPolicy === 'SingleStack' ? [first, ...more] : [first, other] };
}

function withDefault(spec: ServiceSpec): ServiceSpec {
  return (spec.ipFamilies ?? []).length > 0 ? spec : { ...spec, ipFamilies: [CLUSTER_FAMILY] };
}

function unconfigured({ ipFamilyPolicy, ipFamilies = [] }: ServiceSpec): FieldError[] {
  return [
    ...(ipFamilyPolicy === 'RequireDualStack' ? [invalid(POLICY, ipFamilyPolicy, 'this cluster is not configured for dual-stack services')] : []),
    ...ipFamilies.flatMap((family, at) => (family === CLUSTER_FAMILY ? [] : [invalid(index('spec.ipFamilies', at), family, 'not configured on this cluster')])),
  ];
}
