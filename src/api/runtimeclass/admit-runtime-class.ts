// pure: what a Pod's RuntimeClass adds to it: the overhead of its runtime, and where that runtime is to be found.
import { sameValue } from '../equality.ts';
import type { PodSpec, RuntimeClass, Toleration } from '../generated/types.ts';
import type { Admission } from '../priority/admit-priority.ts';

const NO_OVERHEAD = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
const OTHER_OVERHEAD = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/** `found` is the class of that name, where the Pod names one. */
export function admitRuntimeClass(spec: PodSpec, found: RuntimeClass | undefined): Admission {
  const { runtimeClassName, overhead } = spec;
  if (runtimeClassName !== undefined && found === undefined) return refused(`pod rejected: RuntimeClass ${JSON.stringify(runtimeClassName)} not found`);
  const fixed = found?.overhead === undefined ? undefined : (found.overhead.podFixed ?? {});
  if (overhead !== undefined && fixed === undefined) return refused(NO_OVERHEAD);
  if (overhead !== undefined && !sameValue(overhead, fixed)) return refused(OTHER_OVERHEAD);
  const { nodeSelector: wanted = {}, tolerations = [] } = found?.scheduling ?? {};
  const own = spec.nodeSelector ?? {};
  const conflict = Object.entries(wanted).find(([key, value]) => own[key] !== undefined && own[key] !== value);
  if (conflict !== undefined) {
    const [key, value] = conflict;
    return refused(`conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`);
  }
  const nodeSelector = { ...own, ...wanted };
  return {
    type: 'admitted',
    spec: {
      ...spec,
      ...(fixed === undefined ? {} : { overhead: fixed }),
      ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector }),
      ...(tolerations.length === 0 ? {} : { tolerations: merged(spec.tolerations ?? [], tolerations) }),
    },
  };
}

function merged(own: readonly Toleration[], added: readonly Toleration[]): Toleration[] {
  return [...own, ...added.filter((one) => !own.some((other) => sameValue(one, other)))];
}

function refused(why: string): Admission {
  return { type: 'refused', why };
}
