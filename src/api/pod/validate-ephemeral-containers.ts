// pure: what ephemeral containers must be: names of their own, a target that is there, and nothing that a Pod relies upon.
import { child, duplicate, forbidden, notFound, type FieldError } from '../field-errors.ts';
import { eachItem } from '../field-rules.ts';
import type { PodSpec } from '../generated/types.ts';
import { validateContainer } from './validate-containers.ts';

/** Nothing that a Pod relies upon, and nothing that the node must set aside. */
const NOT_ALLOWED = ['lifecycle', 'livenessProbe', 'ports', 'readinessProbe', 'resizePolicy', 'resources', 'restartPolicy', 'restartPolicyRules', 'startupProbe'] as const;
const TEXT = 'cannot be set for an Ephemeral Container';

export function validateEphemeralContainers(spec: PodSpec, path: string): FieldError[] {
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name));
  const taken = new Set(others);
  return eachItem(spec.ephemeralContainers, child(path, 'ephemeralContainers'), (container, at) => {
    const { name, targetContainerName: target = '', volumeMounts } = container;
    const again = taken.has(name);
    taken.add(name);
    return [
      ...validateContainer(spec, container, at),
      ...(again ? [duplicate(child(at, 'name'), name)] : []),
      ...(target === '' || others.has(target) ? [] : [notFound(child(at, 'targetContainerName'), target)]),
      ...NOT_ALLOWED.filter((field) => isSet(container[field])).map((field) => forbidden(child(at, field), TEXT)),
      ...eachItem(volumeMounts, child(at, 'volumeMounts'), (mount, mountAt) =>
        (['subPath', 'subPathExpr'] as const).filter((field) => (mount[field] ?? '') !== '').map((field) => forbidden(child(mountAt, field), TEXT)),
      ),
    ];
  });
}

/** What defaults add, an empty list or object, is as good as nothing. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== '' && !(typeof value === 'object' && Object.keys(value as object).length === 0);
}
