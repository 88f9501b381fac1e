// pure: how the run of a Job can end, in words and as the exit code of the command that followed it.
import type { Job } from '../../api/generated/types.ts';
import { jobCondition } from '../../api/job/conditions.ts';
import { culpritText, findCulprit, type Culprit } from './culprit.ts';
import type { PodRun } from './pod-run.ts';
import type { StartTrouble } from './start-trouble.ts';

export type Ending =
  | { readonly type: 'Complete' }
  | { readonly type: 'Failed'; readonly reason: string; readonly message: string; readonly culprit?: Culprit }
  /** The time that --timeout gave it is over. */
  | { readonly type: 'TimedOut'; readonly message: string }
  /** A Pod could not be started for longer than --start-timeout allows. */
  | { readonly type: 'NotStarted'; readonly trouble: StartTrouble }
  /** Somebody deleted the Job while it was followed. */
  | { readonly type: 'Gone' }
  /** The Job could not be made, or nobody answers: `message` says which. */
  | { readonly type: 'Refused'; readonly message: string }
  | { readonly type: 'Interrupted'; readonly message: string };

export const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'the Job is complete'],
  ['N', "the Job failed, and its failing container exited with N"],
  ['123', 'the Job failed, and no exit code of a container is known'],
  ['124', 'the time was over: activeDeadlineSeconds, or --timeout'],
  ['125', 'minik could not do its part: bad manifest, Job refused or deleted meanwhile, no daemon'],
  ['126', 'a Pod could not be started: its image cannot be pulled, its configuration is missing'],
  ['130', 'interrupted'],
];

export const OWN_FAILURE = 125;
export const INTERRUPTED = 130;

export function exitCodeOf(ending: Ending): number {
  switch (ending.type) {
    case 'Complete':
      return 0;
    case 'Failed':
      return ending.reason === 'DeadlineExceeded' ? 124 : (ending.culprit?.exitCode ?? 123);
    case 'TimedOut':
      return 124;
    case 'NotStarted':
      return 126;
    case 'Gone':
    case 'Refused':
      return OWN_FAILURE;
    case 'Interrupted':
      return INTERRUPTED;
  }
}

/** Undefined while it runs. */
export function endingOfJob(job: Job, pods: readonly PodRun[]): Ending | undefined {
  if (jobCondition(job, 'Complete')?.status === 'True') return { type: 'Complete' };
  const failed = jobCondition(job, 'Failed');
  if (failed?.status !== 'True') return undefined;
  const message = failed.message ?? '';
  const culprit = namedCulprit(message) ?? findCulprit(pods);
  return { type: 'Failed', reason: failed.reason ?? 'Failed', message, ...(culprit === undefined ? {} : { culprit }) };
}

/** A pod failure policy says itself which container it was: `Container main for pod default/x-1 failed with exit code 3 matching ...`. */
function namedCulprit(message: string): Culprit | undefined {
  const match = /^Container (\S+) for pod (?:\S+\/)?(\S+) failed with exit code (\d+) /.exec(message);
  if (match === null || Number(match[3]) === 0) return undefined;
  return { container: match[1]!, pod: match[2]!, exitCode: Number(match[3]) };
}

/** "failed: BackoffLimitExceeded: ...; container main of pod x-1 exited with 3" */
export function endingText(ending: Ending): string {
  switch (ending.type) {
    case 'Complete':
      return 'complete';
    case 'Failed':
      return `failed: ${ending.reason}: ${ending.message}${ending.culprit === undefined ? '' : `; ${culpritText(ending.culprit)}`}`;
    case 'TimedOut':
      return `timed out: ${ending.message}`;
    case 'NotStarted':
      return `did not start: ${troubleText(ending.trouble)}`;
    case 'Gone':
      return 'was deleted while it ran';
    case 'Refused':
      return `could not run: ${ending.message}`;
    case 'Interrupted':
      return `interrupted: ${ending.message}`;
  }
}

function troubleText({ pod, container, reason, message }: StartTrouble): string {
  return `${container === '' ? '' : `container ${container} of `}pod ${pod}: ${reason}${message === '' ? '' : `: ${message}`}`;
}
