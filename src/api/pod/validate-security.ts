// pure: what the security contexts of Pods and containers must be.
import { child, duplicate, invalid, required, tooLong, type FieldError } from '../field-errors.ts';
import { eachItem, inRange, MAX_INT32, optionalOneOf } from '../field-rules.ts';
import type { AppArmorProfile, PodSecurityContext, PodSpec, SeccompProfile, SecurityContext } from '../generated/types.ts';
import { validateLocalPath } from './validate-paths.ts';

const IDS = [0, MAX_INT32] as const;
const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

export function validatePodSecurity(spec: PodSpec, path: string): FieldError[] {
  const context = spec.securityContext ?? {};
  const at = child(path, 'securityContext');
  return [
    ...(['fsGroup', 'runAsUser', 'runAsGroup'] as const).flatMap((name) => inRange(context[name], IDS, child(at, name))),
    ...eachItem(context.supplementalGroups, child(at, 'supplementalGroups'), (group, field) => inRange(group, IDS, field)),
    ...(spec.hostPID === true && spec.shareProcessNamespace === true
      ? [invalid(child(at, 'shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled')]
      : []),
    ...validateSysctls(spec, context.sysctls, child(at, 'sysctls')),
    ...optionalOneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], child(at, 'fsGroupChangePolicy')),
    ...validateSeccomp(context.seccompProfile, child(at, 'seccompProfile')),
    ...validateAppArmor(context.appArmorProfile, child(at, 'appArmorProfile')),
    ...optionalOneOf(context.supplementalGroupsPolicy, ['Merge', 'Strict'], child(at, 'supplementalGroupsPolicy')),
  ];
}

export function validateContainerSecurity(context: SecurityContext | undefined, path: string): FieldError[] {
  if (context === undefined) return [];
  const isConfined = context.allowPrivilegeEscalation === false;
  const addsAdmin = (context.capabilities?.add ?? []).includes('CAP_SYS_ADMIN');
  return [
    ...(['runAsUser', 'runAsGroup'] as const).flatMap((name) => inRange(context[name], IDS, child(path, name))),
    ...optionalOneOf(context.procMount, ['Default', 'Unmasked'], child(path, 'procMount')),
    ...validateSeccomp(context.seccompProfile, child(path, 'seccompProfile')),
    ...(isConfined && context.privileged === true ? [invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true')] : []),
    ...(isConfined && addsAdmin ? [invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN')] : []),
    ...validateAppArmor(context.appArmorProfile, child(path, 'appArmorProfile')),
  ];
}

function validateSeccomp(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type = '', localhostProfile } = profile;
  const field = child(path, 'localhostProfile');
  return [
    ...(type === '' ? [required(child(path, 'type'), 'type is required when seccompProfile is set')] : optionalOneOf(type, PROFILE_TYPES, child(path, 'type'))),
    ...(type === 'Localhost' && localhostProfile === undefined ? [required(field, 'must be set when seccomp type is Localhost')] : []),
    ...(type === 'Localhost' && localhostProfile !== undefined ? validateLocalPath(localhostProfile, field) : []),
    ...(type !== 'Localhost' && localhostProfile !== undefined ? [invalid(field, profile, 'can only be set when seccomp type is Localhost')] : []),
  ];
}

const LONGEST_PROFILE = 4095;

function validateAppArmor(profile: AppArmorProfile | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type = '', localhostProfile } = profile;
  const field = child(path, 'localhostProfile');
  if (type === '') return [required(child(path, 'type'), 'type is required when appArmorProfile is set')];
  if (type !== 'Localhost') {
    const known = optionalOneOf(type, PROFILE_TYPES, child(path, 'type'));
    return known.length > 0 || localhostProfile === undefined ? known : [invalid(field, localhostProfile, 'can only be set when AppArmor type is Localhost')];
  }
  if (localhostProfile === undefined || localhostProfile === '') return [required(field, 'must be set when AppArmor type is Localhost')];
  return [
    ...(localhostProfile.trim() === localhostProfile ? [] : [invalid(field, localhostProfile, 'must not be padded with whitespace')]),
    ...(localhostProfile.length > LONGEST_PROFILE ? [tooLong(field, LONGEST_PROFILE)] : []),
  ];
}

const SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL = `^(${SEGMENT}[\\./])*${SEGMENT}$`;
const LONGEST_SYSCTL = 253;

function validateSysctls(spec: PodSpec, sysctls: PodSecurityContext['sysctls'], path: string): FieldError[] {
  const seen = new Set<string>();
  return eachItem(sysctls, path, ({ name = '' }, at) => {
    const field = child(at, 'name');
    const again = seen.has(name);
    seen.add(name);
    return [...sysctlName(name, field, again), ...sysctlScope(spec, name, field)];
  });
}

function sysctlName(name: string, field: string, again: boolean): FieldError[] {
  if (name === '') return [required(field)];
  if (name.length > LONGEST_SYSCTL || !new RegExp(SYSCTL).test(name)) return [invalid(field, name, `must have at most ${LONGEST_SYSCTL} characters and match regex ${SYSCTL}`)];
  return again ? [duplicate(field, name)] : [];
}

/** A namespace that the Pod shares with the host is not the Pod's to tune. */
function sysctlScope({ hostNetwork, hostIPC }: PodSpec, name: string, field: string): FieldError[] {
  const dotted = name.replaceAll('/', '.');
  if (hostNetwork === true && dotted.startsWith('net.')) return [invalid(field, name, "may not be specified when 'hostNetwork' is true")];
  const isIpc = /^(?:kernel\.(?:shm|msg|sem)|fs\.mqueue\.)/.test(dotted);
  return hostIPC === true && isIpc ? [invalid(field, name, "may not be specified when 'hostIPC' is true")] : [];
}
