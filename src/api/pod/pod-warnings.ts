// pure: what in a Pod's spec is allowed but hardly meant.
import { checkLabel } from '../dns-name.ts';
import type { Container, PodSpec } from '../generated/types.ts';

/** A name that is good for the object, but not for a host. `usedIn`: "the Pod's hostname". */
export function hostnameWarnings(name: string | undefined, usedIn: string): string[] {
  const problems = checkLabel(name ?? '');
  return problems.length === 0 ? [] : [`metadata.name: this is used in ${usedIn}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`];
}

/** Texts for Warning headers, each with the path of what it is about. */
export function podSpecWarnings(spec: PodSpec, path: string): string[] {
  const grace = spec.terminationGracePeriodSeconds ?? 0;
  return [
    ...(spec.imagePullSecrets ?? []).flatMap(({ name = '' }, row) => (name === '' ? [`${path}.imagePullSecrets[${row}].name: invalid empty name ""`] : [])),
    ...(grace < 0 ? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`] : []),
    ...(['containers', 'initContainers'] as const).flatMap((list) => (spec[list] ?? []).flatMap((container, row) => hiddenVariables(container, `${path}.${list}[${row}]`))),
  ];
}

/** Patches merge variables by name, so of two with one name only one survives. */
function hiddenVariables({ env = [] }: Container, path: string): string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name }, row) => {
    const again = seen.has(name);
    seen.add(name);
    return again ? [`${path}.env[${row}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`] : [];
  });
}
