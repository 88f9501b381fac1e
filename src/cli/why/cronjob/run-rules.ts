// pure: CronJobs that start their Jobs in time, but whose Jobs are in trouble, fail, or take too long.
import { humanDuration } from '../../../api/duration-text.ts';
import { fact, type Diagnosis } from '../diagnosis.ts';
import { dueTimes, endOf, isActive, isEnded, jobsEvidence, tookMs, whenText, type CronJobFacts } from './cron-job-facts.ts';

export function runInTrouble(facts: CronJobFacts): Diagnosis | undefined {
  const { name, jobs, diagnoses } = facts;
  for (const { metadata } of jobs.filter(isActive)) {
    const diagnosis = diagnoses.get(metadata?.name ?? '');
    if (diagnosis?.health !== 'trouble') continue;
    return { ...diagnosis, verdict: `cronjob/${name} has started its run, but ${diagnosis.verdict}`, evidence: [...diagnosis.evidence, ...jobsEvidence(facts)] };
  }
  return undefined;
}

export function lastRunFailed(facts: CronJobFacts): Diagnosis | undefined {
  const { name, jobs, diagnoses, now } = facts;
  const last = jobs.filter(isEnded).at(-1);
  const end = last === undefined ? undefined : endOf(last);
  if (last === undefined || end?.type !== 'failed') return undefined;
  const diagnosis = diagnoses.get(last.metadata?.name ?? '');
  const next = dueTimes(facts)?.next;
  return {
    rule: 'last-failed',
    health: 'trouble',
    verdict: `the last run of cronjob/${name} failed: ${diagnosis?.verdict ?? `job/${last.metadata?.name}: ${end.reason}`}`,
    evidence: [...(diagnosis?.evidence ?? []), ...jobsEvidence(facts), ...(next === undefined ? [] : [fact(`the next run is due ${whenText(next, now)}`)])],
    suggestions: [...(diagnosis?.suggestions ?? []), `minik trigger cronjob/${name}    # once it is mended: a run right now`],
  };
}

export function tooSlow(facts: CronJobFacts): Diagnosis | undefined {
  const { cronJob, name, jobs, now } = facts;
  const intervalMs = dueTimes(facts)?.intervalMs;
  const slowest = jobs.map((job) => ({ job, took: tookMs(job, now) ?? 0 })).sort((a, b) => a.took - b.took).at(-1);
  if (intervalMs === undefined || slowest === undefined || slowest.took <= intervalMs) return undefined;
  const verb = isActive(slowest.job) ? 'has been running for' : 'took';
  return {
    rule: 'too-slow',
    health: 'trouble',
    verdict: `cronjob/${name} is due every ${humanDuration(intervalMs)}, but job/${slowest.job.metadata?.name} ${verb} ${humanDuration(slowest.took)}`,
    evidence: [fact(consequence(cronJob.spec.concurrencyPolicy)), ...jobsEvidence(facts)],
    suggestions: ['let it run less often (spec.schedule), make the work shorter, or give the Job activeDeadlineSeconds'],
  };
}

function consequence(policy: string | undefined): string {
  switch (policy) {
    case 'Forbid':
      return 'concurrencyPolicy Forbid: runs that come due meanwhile are skipped';
    case 'Replace':
      return 'concurrencyPolicy Replace: each run is ended by the next one, and none may ever be complete';
    default:
      return 'concurrencyPolicy Allow: more and more runs go on side by side';
  }
}
