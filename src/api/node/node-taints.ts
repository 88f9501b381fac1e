// pure: the taints that a node has for what it is told, or tells of itself. All others belong to whoever set them.
import type { Node, Taint } from '../generated/types.ts';
import { toTime } from '../time.ts';

export const UNSCHEDULABLE_TAINT = 'node.kubernetes.io/unschedulable';

/** Key -> whether the node is to have it. */
const CAUSES: Readonly<Record<string, (node: Node) => boolean>> = {
  [UNSCHEDULABLE_TAINT]: ({ spec }) => spec?.unschedulable === true,
  'node.kubernetes.io/disk-pressure': (node) => hasCondition(node, 'DiskPressure'),
  'node.kubernetes.io/memory-pressure': (node) => hasCondition(node, 'MemoryPressure'),
  'node.kubernetes.io/pid-pressure': (node) => hasCondition(node, 'PIDPressure'),
};

function hasCondition({ status }: Node, type: string): boolean {
  return status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

/** The node's taints as they are to be; undefined when they are that already. */
export function wantedTaints(node: Node, now: number): Taint[] | undefined {
  const present = node.spec?.taints ?? [];
  const isOwn = ({ key, effect }: Taint): boolean => effect === 'NoSchedule' && key in CAUSES;
  const kept = present.filter((taint) => !isOwn(taint) || CAUSES[taint.key]!(node));
  const missing = Object.entries(CAUSES).filter(([key, isCause]) => isCause(node) && !present.some((taint) => taint.key === key && isOwn(taint)));
  if (missing.length === 0 && kept.length === present.length) return undefined;
  return [...kept, ...missing.map(([key]) => ({ key, effect: 'NoSchedule', timeAdded: toTime(now) }))];
}
