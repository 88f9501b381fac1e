// pure: which Pods are the Job's, which it adopts, which it lets go.
import type { Job, Pod } from '../../api/generated/types.ts';
import { labelSelectorToRequirements, matchesLabels } from '../../api/label-selector.ts';
import { controllerOf } from '../../api/object.ts';
import { isBeingDeleted } from './pod-facts.ts';

export interface Claim {
  readonly owned: readonly Pod[];
  readonly adopt: readonly Pod[];
  readonly release: readonly Pod[];
}

/** `pods`: those that the Job controls and those of its namespace that nobody controls. */
export function claimPods(job: Job, pods: readonly Pod[]): Claim {
  const uid = job.metadata?.uid;
  const controlled = pods.filter((pod) => controllerOf(pod)?.uid === uid);
  if (job.metadata?.deletionTimestamp !== undefined) return { owned: controlled, adopt: [], release: [] };
  const free = pods.filter((pod) => controllerOf(pod) === undefined && !isBeingDeleted(pod));
  return {
    owned: controlled.filter((pod) => jobSelects(job, pod)),
    adopt: free.filter((pod) => jobSelects(job, pod)),
    release: controlled.filter((pod) => !jobSelects(job, pod)),
  };
}

/** An empty selector selects nothing. */
export function jobSelects(job: Job, pod: Pod): boolean {
  const requirements = labelSelectorToRequirements(job.spec?.selector ?? {});
  return requirements.length > 0 && matchesLabels(requirements, pod.metadata?.labels ?? {});
}
