// pure: what a Pod's spec must be, wherever it stands: in a Pod or in a template.
import { checkLabel, checkSubdomain } from '../dns-name.ts';
import { child, duplicate, forbidden, index, invalid, notSupported, required, tooMany, type FieldError } from '../field-errors.ts';
import type { PodSpec, Toleration } from '../generated/types.ts';
import { validateContainers } from './validate-containers.ts';
import { validateVolumes } from './validate-volumes.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const MAX_INT32 = 2 ** 31 - 1;

export function validatePodSpec(spec: PodSpec, path: string): FieldError[] {
  const at = (name: string): string => child(path, name);
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  return [
    ...validateVolumes(spec.volumes ?? [], at('volumes')),
    ...validateContainers(spec, { path, volumes }),
    ...oneOf(spec.restartPolicy, RESTART_POLICIES, at('restartPolicy')),
    ...oneOf(spec.dnsPolicy, DNS_POLICIES, at('dnsPolicy')),
    ...validateTimes(spec, at),
    ...validateNames(spec, at),
    ...validateDns(spec, at),
    ...validateHostSettings(spec, at),
    ...(spec.hostAliases ?? []).flatMap(({ ip, hostnames = [] }, row) => [
      ...(isAddress(ip ?? '') ? [] : [invalid(child(index(at('hostAliases'), row), 'ip'), ip ?? '', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]),
      ...hostnames.flatMap((name, item) => checkSubdomain(name).map((problem) => invalid(index(child(index(at('hostAliases'), row), 'hostnames'), item), name, problem))),
    ]),
    ...(spec.tolerations ?? []).flatMap((toleration, row) => validateToleration(toleration, index(at('tolerations'), row))),
  ];
}

type At = (name: string) => string;

/** Absent is Required, another value is Unsupported. */
export function oneOf(value: string | undefined, supported: readonly string[], field: string): FieldError[] {
  if (value === undefined || value === '') return [required(field)];
  return supported.includes(value) ? [] : [notSupported(field, value, supported)];
}

export function notNegative(value: number | undefined, field: string): FieldError[] {
  return value !== undefined && value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : [];
}

function validateTimes(spec: PodSpec, at: At): FieldError[] {
  const { activeDeadlineSeconds, terminationGracePeriodSeconds } = spec;
  return [
    ...(activeDeadlineSeconds !== undefined && (activeDeadlineSeconds < 1 || activeDeadlineSeconds > MAX_INT32)
      ? [invalid(at('activeDeadlineSeconds'), activeDeadlineSeconds, `must be between 1 and ${MAX_INT32}, inclusive`)]
      : []),
    ...notNegative(terminationGracePeriodSeconds, at('terminationGracePeriodSeconds')),
  ];
}

function validateNames(spec: PodSpec, at: At): FieldError[] {
  const problems = (value: string | undefined, check: (text: string) => string[], field: string): FieldError[] =>
    value === undefined || value === '' ? [] : check(value).map((problem) => invalid(at(field), value, problem));
  return [
    ...problems(spec.serviceAccountName, checkSubdomain, 'serviceAccountName'),
    ...problems(spec.nodeName, checkSubdomain, 'nodeName'),
    ...problems(spec.hostname, checkLabel, 'hostname'),
    ...problems(spec.subdomain, checkLabel, 'subdomain'),
    ...problems(spec.priorityClassName, checkSubdomain, 'priorityClassName'),
    ...problems(spec.runtimeClassName, checkSubdomain, 'runtimeClassName'),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name = '' }, row) => (name === '' ? [required(child(index(at('imagePullSecrets'), row), 'name'))] : [])),
  ];
}

function validateDns({ dnsPolicy, dnsConfig }: PodSpec, at: At): FieldError[] {
  const servers = dnsConfig?.nameservers ?? [];
  const path = child(at('dnsConfig'), 'nameservers');
  return [
    ...(dnsPolicy === 'None' && servers.length === 0 ? [required(path, `must provide at least one DNS nameserver when \`dnsPolicy\` is None`)] : []),
    ...(servers.length > 3 ? [tooMany(path, servers.length, 3)] : []),
    ...servers.flatMap((server, row) => (isAddress(server) ? [] : [invalid(index(path, row), server, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')])),
    ...((dnsConfig?.searches ?? []).length > 32 ? [tooMany(child(at('dnsConfig'), 'searches'), dnsConfig!.searches!.length, 32)] : []),
    ...(dnsConfig?.options ?? []).flatMap(({ name = '' }, row) => (name === '' ? [required(index(child(at('dnsConfig'), 'options'), row), 'must not be empty')] : [])),
  ];
}

function validateHostSettings(spec: PodSpec, at: At): FieldError[] {
  return [
    ...(spec.hostPID === true && spec.shareProcessNamespace === true ? [invalid(at('shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled')] : []),
    ...(spec.setHostnameAsFQDN === true && spec.hostNetwork === true ? [invalid(at('setHostnameAsFQDN'), true, 'may not be set when hostNetwork is set')] : []),
    ...((spec.ephemeralContainers ?? []).length > 0 ? [forbidden(at('ephemeralContainers'), 'cannot be set on create')] : []),
    ...duplicates((spec.imagePullSecrets ?? []).map(({ name }) => name ?? ''), at('imagePullSecrets')),
  ];
}

function validateToleration({ key = '', operator = 'Equal', value = '', effect = '', tolerationSeconds }: Toleration, path: string): FieldError[] {
  return [
    ...(operator === 'Equal' || operator === 'Exists' ? [] : [notSupported(child(path, 'operator'), operator, ['Equal', 'Exists'])]),
    ...(operator === 'Exists' && value !== '' ? [invalid(path, operator, "value must be empty when `operator` is 'Exists'")] : []),
    ...(key === '' && operator !== 'Exists' ? [invalid(child(path, 'operator'), operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"')] : []),
    ...(effect === '' || ['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect) ? [] : [notSupported(child(path, 'effect'), effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute'])]),
    ...(tolerationSeconds !== undefined && effect !== 'NoExecute' ? [invalid(child(path, 'effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")] : []),
  ];
}

export function duplicates(values: readonly string[], path: string, field?: string): FieldError[] {
  const seen = new Set<string>();
  return values.flatMap((value, row) => {
    if (value === '' || !seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [duplicate(field === undefined ? index(path, row) : child(index(path, row), field), value)];
  });
}

function isAddress(text: string): boolean {
  const octets = text.split('.');
  if (octets.length === 4) return octets.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return /^[0-9a-fA-F:]+(?:\d+\.\d+\.\d+\.\d+)?$/.test(text) && text.includes(':');
}
