// pure: what suspending or resuming means for one object: the patch, and what to say when it does nothing.
import type { Job } from '../../api/generated/types.ts';
import { isFinished } from '../../api/job/conditions.ts';
import type { Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';

interface Suspendable extends KubeObject {
  readonly spec?: { readonly suspend?: boolean };
}

/** Jobs and CronJobs have spec.suspend; nothing else does. */
export function canBeSuspended({ group, kind }: Resource): boolean {
  return group === 'batch' && (kind === 'Job' || kind === 'CronJob');
}

export function suspendPatch(suspend: boolean): object {
  return { spec: { suspend } };
}

export function isSuspended(object: KubeObject): boolean {
  return (object as Suspendable).spec?.suspend === true;
}

/** A sentence for stderr when the object will not care. */
export function idleWarning(object: KubeObject, suspend: boolean): string | undefined {
  if (object.kind !== 'Job' || !isFinished(object as Job)) return undefined;
  return `job.batch/${object.metadata?.name} is finished: ${suspend ? 'suspending' : 'resuming'} it changes nothing; minik rerun job/${object.metadata?.name} runs it again`;
}
