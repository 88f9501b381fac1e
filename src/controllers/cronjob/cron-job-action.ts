// pure: what a CronJob's planner may ask for.
import type { CronJobStatus, Job } from '../../api/generated/types.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';

export type CronJobAction =
  | { readonly type: 'create-job'; readonly job: Job }
  /** Its Pods follow in the background. */
  | { readonly type: 'delete-job'; readonly job: Job }
  /** `annotations` are added to those that are there. */
  | { readonly type: 'write-status'; readonly status: CronJobStatus; readonly annotations?: Readonly<Record<string, string>> }
  | { readonly type: 'record-event'; readonly event: EventText };

export interface CronJobPlan {
  /** In the order in which they must happen. */
  readonly actions: readonly CronJobAction[];
  /** Come back after this long even if nothing changes. */
  readonly requeueAfterMs?: number;
  /** False while a time that is due has still to be started: what was missed before is told of together with its start. */
  readonly isCaughtUp: boolean;
}
