// pure: nodes that have no room: for one more Pod, or for what it asks for.
import { resourceAmount } from '../../../api/pod/pod-resources.ts';
import { claimedRequests } from '../../../api/pod/resized-resources.ts';
import type { Filter, Problem } from '../filter.ts';

export const resources: Filter = ({ pod }, { node, pods }) => {
  const allocatable = node.status?.allocatable ?? {};
  const problems: Problem[] = [];
  if (allocatable['pods'] !== undefined && pods.length + 1 > resourceAmount('pods', allocatable['pods'])) problems.push({ reason: 'Too many pods', isFinal: false });
  for (const [name, wanted] of Object.entries(claimedRequests(pod))) {
    if (wanted === 0) continue;
    const room = resourceAmount(name, allocatable[name] ?? '0');
    const taken = pods.reduce((sum, other) => sum + (claimedRequests(other)[name] ?? 0), 0);
    if (taken + wanted > room) problems.push({ reason: `Insufficient ${name}`, isFinal: false });
  }
  return problems;
};
