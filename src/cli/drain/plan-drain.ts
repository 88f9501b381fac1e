// pure: which Pods of a node a drain takes away, which it leaves, and which forbid it, in upstream's order and words.
import type { Pod } from '../../api/generated/types.ts';
import { controllerOf } from '../../api/object.ts';
import { fromTime } from '../../api/time.ts';

export interface DrainRules {
  readonly ignoreDaemonSets: boolean;
  readonly force: boolean;
  readonly deleteEmptyDirData: boolean;
  /** Pods that are being deleted for longer than this are left alone; 0: none. */
  readonly skipDeletedAfterMs: number;
  /** Why the DaemonSet that controls a Pod cannot be read; undefined when it can. */
  readonly daemonSetTrouble: (pod: Pod) => { readonly message: string; readonly isGone: boolean } | undefined;
}

export interface DrainPlan {
  readonly leaving: readonly Pod[];
  /** Sentences, one a reason; '' for none. */
  readonly warning: string;
  /** Why nothing may be taken away; none when it may. */
  readonly errors: readonly string[];
}

type Verdict = { readonly leaves: boolean; readonly warning?: string } | { readonly error: string };

const LEAVES: Verdict = { leaves: true };
const STAYS: Verdict = { leaves: false };
/** Upstream says it twice, as it puts "cannot delete" before every reason. */
const UNMANAGED = 'cannot delete Pods that declare no controller (use --force to override)';
const MIRROR = 'kubernetes.io/config.mirror';

export function planDrain(pods: readonly Pod[], rules: DrainRules, now: number): DrainPlan {
  const leaving: Pod[] = [];
  const [warnings, errors] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const pod of pods) {
    const verdict = judge(pod, rules, now);
    const name = `${pod.metadata?.namespace}/${pod.metadata?.name}`;
    if ('error' in verdict) {
      gather(errors, verdict.error, name);
      continue;
    }
    if (verdict.warning !== undefined) gather(warnings, verdict.warning, name);
    if (verdict.leaves) leaving.push(pod);
  }
  return { leaving, warning: sentences(warnings).join('; '), errors: sentences(errors).map((text) => `cannot delete ${text}`) };
}

/** The first rule that keeps the Pod decides, else the last: a warning of one before is not heard, as with upstream. */
function judge(pod: Pod, rules: DrainRules, now: number): Verdict {
  let verdict = LEAVES;
  for (const rule of [beingDeleted, ofDaemonSet, mirror, withLocalData, unmanaged]) {
    verdict = rule(pod, rules, now);
    if ('error' in verdict || !verdict.leaves) return verdict;
  }
  return verdict;
}

function beingDeleted({ metadata }: Pod, { skipDeletedAfterMs }: DrainRules, now: number): Verdict {
  const since = fromTime(metadata?.deletionTimestamp);
  return skipDeletedAfterMs > 0 && since !== undefined && now - since > skipDeletedAfterMs ? STAYS : LEAVES;
}

function ofDaemonSet(pod: Pod, { daemonSetTrouble, force, ignoreDaemonSets }: DrainRules): Verdict {
  if (controllerOf(pod)?.kind !== 'DaemonSet' || isOver(pod)) return LEAVES;
  const trouble = daemonSetTrouble(pod);
  if (trouble !== undefined) return trouble.isGone && force ? { leaves: true, warning: trouble.message } : { error: trouble.message };
  if (!ignoreDaemonSets) return { error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' };
  return { leaves: false, warning: 'ignoring DaemonSet-managed Pods' };
}

function mirror({ metadata }: Pod): Verdict {
  return metadata?.annotations?.[MIRROR] === undefined ? LEAVES : STAYS;
}

function withLocalData(pod: Pod, { deleteEmptyDirData }: DrainRules): Verdict {
  const hasData = pod.spec?.volumes?.some(({ emptyDir }) => emptyDir !== undefined) === true;
  if (!hasData || isOver(pod)) return LEAVES;
  return deleteEmptyDirData ? { leaves: true, warning: 'deleting Pods with local storage' } : { error: 'Pods with local storage (use --delete-emptydir-data to override)' };
}

function unmanaged(pod: Pod, { force }: DrainRules): Verdict {
  if (isOver(pod) || controllerOf(pod) !== undefined) return LEAVES;
  return force ? { leaves: true, warning: 'deleting Pods that declare no controller' } : { error: UNMANAGED };
}

function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function gather(into: Map<string, string[]>, text: string, name: string): void {
  into.set(text, [...(into.get(text) ?? []), name]);
}

function sentences(found: ReadonlyMap<string, readonly string[]>): string[] {
  return [...found].map(([text, names]) => `${text}: ${names.join(', ')}`);
}
