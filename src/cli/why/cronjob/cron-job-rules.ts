// pure: what can be said of a CronJob, in the order in which it is asked: the first rule that knows an answer gives it.
import { humanDuration } from '../../../api/duration-text.ts';
import { fromTime } from '../../../api/time.ts';
import { fact, firstAnswer, type Diagnosis, type Rule } from '../diagnosis.ts';
import { heldByFinalizers } from '../pod/over.ts';
import { dueTimes, isActive, isEnded, jobsEvidence, whenText, type CronJobFacts } from './cron-job-facts.ts';
import { lastRunFailed, runInTrouble, tooSlow } from './run-rules.ts';
import { creationRefused, forbidden, missedDeadline, neverDue, overdue, unreadable } from './schedule-rules.ts';

function deleting({ cronJob, name, now }: CronJobFacts): Diagnosis | undefined {
  const { deletionTimestamp, finalizers = [] } = cronJob.metadata ?? {};
  if (deletionTimestamp === undefined) return undefined;
  return heldByFinalizers(`cronjob/${name}`, finalizers, humanDuration(Math.max(now - (fromTime(deletionTimestamp) ?? now), 0)));
}

function suspended(facts: CronJobFacts): Diagnosis | undefined {
  const { cronJob, name, jobs } = facts;
  if (cronJob.spec.suspend !== true) return undefined;
  const active = jobs.filter(isActive).map(({ metadata }) => metadata?.name);
  return {
    rule: 'suspended',
    health: 'waiting',
    verdict: `cronjob/${name} is suspended: it starts no Jobs until it is resumed`,
    evidence: [
      ...(active.length === 0 ? [] : [fact(`what had been started runs on: ${active.join(', ')}`)]),
      fact('When it is resumed, the latest run that was missed meanwhile starts at once, unless startingDeadlineSeconds has passed.'),
      ...jobsEvidence(facts),
    ],
    suggestions: [`minik resume cronjob/${name}`],
  };
}

/** To add a rule: a function in a file of its trouble, and its place here. */
const RULES: readonly Rule<CronJobFacts>[] = [deleting, unreadable, suspended, neverDue, creationRefused, forbidden, missedDeadline, overdue, runInTrouble, lastRunFailed, tooSlow];

export function diagnoseCronJob(facts: CronJobFacts): Diagnosis {
  return firstAnswer(RULES, facts) ?? onSchedule(facts);
}

function onSchedule(facts: CronJobFacts): Diagnosis {
  const { cronJob, name, jobs, now } = facts;
  const next = dueTimes(facts)?.next;
  const active = jobs.filter(isActive);
  const ended = jobs.filter(isEnded);
  const last = cronJob.status?.lastScheduleTime;
  const doing = active.length > 0 ? `${active.map(({ metadata }) => metadata?.name).join(', ')} is running` : ended.length > 0 ? 'its last run is complete' : last === undefined ? 'it has not run yet' : 'its last runs have been removed';
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec;
  return {
    rule: 'on-schedule',
    health: 'healthy',
    verdict: `cronjob/${name} is on schedule: ${doing}${next === undefined ? '' : `; the next is due ${whenText(next, now)}`}`,
    evidence: [...jobsEvidence(facts), fact(`kept are the last ${successfulJobsHistoryLimit} complete and ${failedJobsHistoryLimit} failed Jobs (successfulJobsHistoryLimit, failedJobsHistoryLimit)`)],
    suggestions: [...(jobs.length > 0 ? [`minik timeline cronjob/${name}`] : []), `minik trigger cronjob/${name}    # a run right now`],
  };
}
