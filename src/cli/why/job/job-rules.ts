// pure: what can be said of a Job, in the order in which it is asked: the first rule that knows an answer gives it.
import { firstAnswer, type Diagnosis, type Rule } from '../diagnosis.ts';
import type { JobFacts } from '../facts.ts';
import { jobComplete, jobEnding, jobFailed } from './finished.ts';
import { jobRunning, jobStarting, podsInTrouble, waitingForPodsToGo, waitingToRetry } from './going.ts';
import { creationRefused, jobDeleting, jobGone, jobSuspended, managedElsewhere, zeroParallelism } from './held.ts';

/** To add a rule: a function in a file of its trouble, and its place here. */
const RULES: readonly Rule<JobFacts>[] = [
  jobGone,
  jobDeleting,
  jobComplete,
  jobFailed,
  managedElsewhere,
  jobEnding,
  jobSuspended,
  zeroParallelism,
  creationRefused,
  podsInTrouble,
  waitingToRetry,
  waitingForPodsToGo,
  jobRunning,
];

export function diagnoseJob(facts: JobFacts): Diagnosis {
  return firstAnswer(RULES, facts) ?? jobStarting(facts);
}
