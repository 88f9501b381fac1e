// pure: whether a Pod gets the cpu and memory that it has come to ask for, and upstream's words when it does not.
import type { Pod } from '../../api/generated/types.ts';
import { podResources } from '../../api/pod/pod-resources.ts';
import { withGivenSizes } from '../../api/pod/resized-resources.ts';
import type { NodeRoom, PodSeen } from '../pod-seen.ts';

export interface PendingResize {
  readonly reason: 'Deferred' | 'Infeasible';
  readonly message: string;
}

export interface ResizeGrant {
  readonly asked: Pod;
  /** The Pod with the sizes that its containers are to have now. */
  readonly granted: Pod;
  readonly pending?: PendingResize;
  /** What it asks for has been granted, and no status tells of it yet. */
  readonly isNew: boolean;
}

export function grantResize({ pod: asked, memory, room }: Pick<PodSeen, 'pod' | 'memory' | 'room'>): ResizeGrant {
  const given = withGivenSizes(asked, memory.published);
  if (given === asked) return { asked, granted: asked, isNew: false };
  const pending = room && whyPending(asked, given, room);
  return pending === undefined ? { asked, granted: asked, isNew: true } : { asked, granted: given, pending, isNew: false };
}

/** Memory first, as upstream. */
const NAMES = ['memory', 'cpu'] as const;

/** Who asks for no more than before is never kept waiting. */
function whyPending(pod: Pod, given: Pod, { allocatable, taken }: NodeRoom): PendingResize | undefined {
  const [asked, had] = [podResources(pod.spec!, 'requests'), podResources(given.spec!, 'requests')];
  const grown = NAMES.filter((name) => (asked[name] ?? 0) > (had[name] ?? 0));
  for (const name of grown) {
    if (asked[name]! > allocatable[name]) return { reason: 'Infeasible', message: `Node didn't have enough capacity: ${name}, requested: ${asked[name]}, capacity: ${allocatable[name]}` };
  }
  for (const name of grown) {
    const used = taken[name] ?? 0;
    if (asked[name]! + used > allocatable[name]) return { reason: 'Deferred', message: `Node didn't have enough resource: ${name}, requested: ${asked[name]}, used: ${used}, capacity: ${allocatable[name]}` };
  }
  return undefined;
}
