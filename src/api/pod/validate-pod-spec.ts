// pure: what a Pod's spec must be, wherever it stands: in a Pod or in a template.
import { checkLabel, checkSubdomain } from '../dns-name.ts';
import { child, index, invalid, required, type FieldError } from '../field-errors.ts';
import { eachItem, inRange, MAX_INT32, oneOf, optionalName, optionalOneOf } from '../field-rules.ts';
import type { PodSpec } from '../generated/types.ts';
import { validateContainers } from './validate-containers.ts';
import { validateEphemeralContainers } from './validate-ephemeral-containers.ts';
import { validateDns } from './validate-dns.ts';
import { validateScheduling } from './validate-scheduling.ts';
import { validatePodSecurity } from './validate-security.ts';
import { validateVolumes } from './validate-volumes.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const NAMES = [
  ['serviceAccountName', checkSubdomain],
  ['nodeName', checkSubdomain],
  ['hostname', checkLabel],
  ['subdomain', checkLabel],
  ['priorityClassName', checkSubdomain],
  ['runtimeClassName', checkSubdomain],
] as const;

export function validatePodSpec(spec: PodSpec, path: string): FieldError[] {
  return [
    ...validateVolumes(spec.volumes ?? [], child(path, 'volumes')),
    ...validateContainers(spec, path),
    ...validateEphemeralContainers(spec, path),
    ...validateHostNetwork(spec, path),
    ...oneOf(spec.restartPolicy, RESTART_POLICIES, child(path, 'restartPolicy')),
    ...validatePodSecurity(spec, path),
    ...validateDns(spec, path),
    ...validateScheduling(spec, path),
    ...NAMES.flatMap(([name, check]) => optionalName(spec[name], check, child(path, name))),
    ...inRange(spec.activeDeadlineSeconds, [1, MAX_INT32], child(path, 'activeDeadlineSeconds')),
    ...optionalOneOf(spec.preemptionPolicy, ['Never', 'PreemptLowerPriority'], child(path, 'preemptionPolicy')),
    ...(spec.os === undefined ? [] : validateOs(spec.os.name, child(path, 'os'))),
  ];
}

function validateOs(name: string | undefined, path: string): FieldError[] {
  return (name ?? '') === '' ? [required(child(path, 'name'), 'cannot be empty')] : optionalOneOf(name, ['linux', 'windows'], path);
}

/** On the host's network a port of the container is that port of the host. */
function validateHostNetwork(spec: PodSpec, path: string): FieldError[] {
  if (spec.hostNetwork !== true) return [];
  return (spec.containers ?? []).flatMap((container, row) =>
    eachItem(container.ports, child(index(child(path, 'containers'), row), 'ports'), ({ hostPort = 0, containerPort }, at) =>
      hostPort === containerPort ? [] : [invalid(child(at, 'hostPort'), hostPort, 'must match `containerPort` when `hostNetwork` is true')],
    ),
  );
}
