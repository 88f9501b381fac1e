// pure: when a Pod has to leave its node for taints that do not only keep Pods away.
import type { Node, Pod } from '../../api/generated/types.ts';
import { toleratedBy } from '../../api/node/tolerations.ts';

export type TaintEviction =
  | { readonly type: 'stay' }
  /** Milliseconds after the Pod and its taints were first seen together; 0: at once. */
  | { readonly type: 'leave'; readonly afterMs: number };

const STAY: TaintEviction = { type: 'stay' };

export function planTaintEviction(pod: Pod, node: Node | undefined): TaintEviction {
  const taints = (node?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
  const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  if (taints.length === 0 || isOver || pod.metadata?.deletionTimestamp !== undefined) return STAY;
  const tolerations = pod.spec?.tolerations ?? [];
  const used = taints.map((taint) => tolerations.filter((toleration) => toleratedBy(toleration, taint)));
  if (used.some((each) => each.length === 0)) return { type: 'leave', afterMs: 0 };
  // kube: the shortest of all that apply; one without a time is for ever.
  const seconds = used.flat().flatMap(({ tolerationSeconds }) => (tolerationSeconds === undefined ? [] : [Math.max(0, tolerationSeconds)]));
  return seconds.length === 0 ? STAY : { type: 'leave', afterMs: Math.min(...seconds) * 1_000 };
}
