// pure: nodes on which one more Pod would make a group of Pods lopsided.
import type { Pod, TopologySpreadConstraint } from '../../../api/generated/types.ts';
import { labelSelectorToRequirements, matchesLabels } from '../../../api/label-selector.ts';
import { OK, type Filter, type SchedulingObserved } from '../filter.ts';

export const topologySpread: Filter = (observed, { node }) => {
  for (const constraint of observed.pod.spec?.topologySpreadConstraints ?? []) {
    if (constraint.whenUnsatisfiable !== 'DoNotSchedule') continue;
    const domain = node.metadata?.labels?.[constraint.topologyKey];
    if (domain === undefined) return [{ reason: "node(s) didn't match pod topology spread constraints (missing required label)", isFinal: true }];
    const counts = countByDomain(observed, constraint);
    const fewest = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values());
    const own = isCounted(observed.pod, constraint, observed.pod) ? 1 : 0;
    if ((counts.get(domain) ?? 0) + own - fewest > constraint.maxSkew) return [{ reason: "node(s) didn't match pod topology spread constraints", isFinal: false }];
  }
  return OK;
};

function countByDomain({ pod, candidates }: SchedulingObserved, constraint: TopologySpreadConstraint): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { node, pods } of candidates) {
    const domain = node.metadata?.labels?.[constraint.topologyKey];
    if (domain !== undefined) counts.set(domain, (counts.get(domain) ?? 0) + pods.filter((other) => isCounted(pod, constraint, other)).length);
  }
  return counts;
}

function isCounted(owner: Pod, { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint, pod: Pod): boolean {
  if (labelSelector === undefined || pod.metadata?.namespace !== owner.metadata?.namespace) return false;
  const labels = pod.metadata?.labels ?? {};
  const own = owner.metadata?.labels ?? {};
  return matchLabelKeys.every((key) => own[key] === undefined || labels[key] === own[key]) && matchesLabels(labelSelectorToRequirements(labelSelector), labels);
}
