// pure: Jobs that have come to their end: complete, failed, or about to be.
import { humanDuration } from '../../../api/duration-text.ts';
import { jobCondition } from '../../../api/job/conditions.ts';
import { fromTime } from '../../../api/time.ts';
import { hasFailed } from '../../runs/container-run.ts';
import { fact, type Diagnosis } from '../diagnosis.ts';
import { attemptEvidence } from '../evidence.ts';
import type { JobFacts } from '../facts.ts';
import { failureOf } from './failure.ts';
import { many, terminatingPods } from './job-pods.ts';

export function jobComplete({ job, name, runs }: JobFacts): Diagnosis | undefined {
  const complete = job === undefined ? undefined : jobCondition(job, 'Complete');
  if (job === undefined || complete?.status !== 'True') return undefined;
  const start = fromTime(job.status?.startTime);
  const end = fromTime(job.status?.completionTime);
  const took = start === undefined || end === undefined ? '' : ` in ${humanDuration(end - start)}`;
  const failures = job.status?.failed ?? 0;
  const restarts = runs.filter((run) => hasFailed(run) && run.role !== 'sidecar').length;
  const despite = failures > 0 ? `, after ${many(failures, 'failed Pod')}` : restarts > 0 ? `, after ${many(restarts, 'failed start')}` : '';
  const met = complete.reason === 'SuccessPolicy' ? `its success policy was met (${complete.message})` : `${many(job.status?.succeeded ?? 0, 'Pod')} succeeded`;
  return {
    rule: complete.reason === 'SuccessPolicy' ? 'success-policy' : 'complete',
    health: 'complete',
    verdict: `job/${name} is complete: ${met}${took}${despite}`,
    evidence: [
      ...(failures + restarts > 0 ? attemptEvidence(runs) : []),
      ...(complete.reason === 'SuccessPolicy' && job.status?.completedIndexes !== undefined ? [fact(`indexes that succeeded: ${job.status.completedIndexes}`)] : []),
      ...ttlFact(job.spec?.ttlSecondsAfterFinished),
    ],
    suggestions: [`minik logs job/${name}`],
  };
}

export function jobFailed(facts: JobFacts): Diagnosis | undefined {
  const failed = facts.job === undefined ? undefined : jobCondition(facts.job, 'Failed');
  if (facts.job === undefined || failed?.status !== 'True') return undefined;
  const { rule, why, evidence, suggestions } = failureOf(facts, facts.job, { reason: failed.reason ?? '', message: failed.message ?? '' });
  return {
    rule,
    health: 'trouble',
    verdict: `job/${facts.name} failed: ${why}`,
    evidence: [...evidence, ...ttlFact(facts.job.spec?.ttlSecondsAfterFinished)],
    suggestions: [...suggestions, `minik timeline job/${facts.name}`],
  };
}

/** The interim conditions: decided, but Pods are still going down. */
export function jobEnding(facts: JobFacts): Diagnosis | undefined {
  const { job, name } = facts;
  if (job === undefined) return undefined;
  const target = jobCondition(job, 'FailureTarget');
  const met = jobCondition(job, 'SuccessCriteriaMet');
  const decided = target?.status === 'True' ? target : met?.status === 'True' ? met : undefined;
  if (decided === undefined) return undefined;
  const waits = terminatingPods(facts).map(({ pod }) => pod.metadata?.name);
  const until = waits.length === 0 ? 'the last Pods are being counted' : `it waits for ${waits.join(', ')} to stop`;
  if (decided === met) {
    return { rule: 'ending', health: 'healthy', verdict: `job/${name} has succeeded and ends now: ${until}`, evidence: [fact(`${met?.reason}: ${met?.message}`)], suggestions: [] };
  }
  const failure = failureOf(facts, job, { reason: decided.reason ?? '', message: decided.message ?? '' });
  return { ...failure, health: 'trouble', verdict: `job/${name} is failing: ${failure.why}; ${until}` };
}

function ttlFact(seconds: number | undefined): Diagnosis['evidence'] {
  return seconds === undefined ? [] : [fact(`it is deleted ${humanDuration(seconds * 1_000)} after its end (ttlSecondsAfterFinished)`)];
}
