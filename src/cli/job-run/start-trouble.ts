// pure: Pods that cannot start, and for how long: a Job counts no failure for them and would wait for ever.
import type { ContainerStatus, Pod } from '../../api/generated/types.ts';

export interface StartTrouble {
  readonly pod: string;
  /** '' when it is the Pod as a whole: no node takes it. */
  readonly container: string;
  readonly reason: string;
  readonly message: string;
}

export interface LastingTrouble {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** As it was first seen: "ErrImagePull: ..." says more than the back-off that follows. */
  readonly first: StartTrouble;
}

/** By the uid of the Pod. */
export type Troubles = ReadonlyMap<string, LastingTrouble>;

const REASONS = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
];
/** Nothing but another manifest will help. */
const LASTING = ['InvalidImageName'];

export function startTrouble(pod: Pod): StartTrouble | undefined {
  const { metadata, status } = pod;
  if (metadata?.deletionTimestamp !== undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed') return undefined;
  const name = metadata?.name ?? '';
  const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find(isInTrouble);
  if (waiting !== undefined) {
    const { reason = '', message = '' } = waiting.state?.waiting ?? {};
    return { pod: name, container: waiting.name, reason, message };
  }
  const unscheduled = status?.conditions?.find((condition) => condition.type === 'PodScheduled' && condition.status === 'False' && condition.reason === 'Unschedulable');
  return unscheduled === undefined ? undefined : { pod: name, container: '', reason: 'Unschedulable', message: unscheduled.message ?? '' };
}

function isInTrouble({ state }: ContainerStatus): boolean {
  return REASONS.includes(state?.waiting?.reason ?? '');
}

/** A Pod that got going, or that went away, is out of trouble. */
export function trackTroubles(before: Troubles, pods: readonly Pod[], now: number): Troubles {
  const after = new Map<string, LastingTrouble>();
  for (const pod of pods) {
    const uid = pod.metadata?.uid ?? '';
    const trouble = startTrouble(pod);
    const known = before.get(uid);
    if (trouble !== undefined) after.set(uid, known === undefined || known.first.container !== trouble.container ? { since: now, first: trouble } : known);
  }
  return after;
}

/** The trouble that has lasted too long, or in how many milliseconds the next one will have. `limitMs` 0: none ever. */
export function overdueTrouble(troubles: Troubles, limitMs: number, now: number): { readonly trouble?: StartTrouble; readonly inMs?: number } {
  if (limitMs === 0 || troubles.size === 0) return {};
  const all = [...troubles.values()];
  const overdue = all.find(({ since, first }) => LASTING.includes(first.reason) || now - since >= limitMs);
  if (overdue !== undefined) return { trouble: overdue.first };
  return { inMs: Math.min(...all.map(({ since }) => since)) + limitMs - now };
}
