// pure: what a Job's planner may ask for.
import type { JobStatus, Pod } from '../../api/generated/types.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';

export type JobAction =
  /** Makes a matching Pod without a controller the Job's own. */
  | { readonly type: 'adopt-pods'; readonly pods: readonly Pod[] }
  /** Lets go of owned Pods whose labels match no more. */
  | { readonly type: 'release-pods'; readonly pods: readonly Pod[] }
  | { readonly type: 'create-pods'; readonly pods: readonly Pod[] }
  /** `uncounted`: stripped of the finalizer first, so that they never count as failures. */
  | { readonly type: 'delete-pods'; readonly pods: readonly Pod[]; readonly uncounted: boolean }
  | { readonly type: 'strip-finalizers'; readonly pods: readonly Pod[] }
  | { readonly type: 'write-status'; readonly status: JobStatus }
  | { readonly type: 'record-event'; readonly event: EventText };

export interface JobPlan {
  /** In the order in which they must happen. */
  readonly actions: readonly JobAction[];
  /** Come back after this long even if nothing changes. */
  readonly requeueAfterMs?: number;
}
