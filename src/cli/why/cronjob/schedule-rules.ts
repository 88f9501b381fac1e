// pure: CronJobs whose time does not come, or whose Job is not made although it came.
import { humanDuration } from '../../../api/duration-text.ts';
import { timingOf } from '../../../api/cronjob/timing.ts';
import { fromTime } from '../../../api/time.ts';
import { fact, type Diagnosis } from '../diagnosis.ts';
import { eventEvidence, eventsWith, timeOfEvent } from '../evidence.ts';
import { dueTimes, isActive, jobsEvidence, startOf, whenText, type CronJobFacts } from './cron-job-facts.ts';

/** So long after its time a run may still be about to start. */
const SLACK_MS = 10_000;

export function unreadable({ cronJob, name }: CronJobFacts): Diagnosis | undefined {
  const timing = timingOf(cronJob.spec);
  if (timing.ok) return undefined;
  const isZone = timing.reason === 'UnknownTimeZone';
  return {
    rule: isZone ? 'time-zone' : 'schedule',
    health: 'trouble',
    verdict: `cronjob/${name} never runs: ${isZone ? `nobody knows the time zone "${cronJob.spec.timeZone}"` : `its schedule "${cronJob.spec.schedule}" cannot be read`}`,
    evidence: [fact(timing.message)],
    suggestions: [isZone ? `minik patch cronjob ${name} -p '{"spec":{"timeZone":"Europe/Berlin"}}'    # a name of the IANA list; UTC without the field` : `minik patch cronjob ${name} -p '{"spec":{"schedule":"*/5 * * * *"}}'`],
  };
}

export function neverDue(facts: CronJobFacts): Diagnosis | undefined {
  const { cronJob, name } = facts;
  const due = dueTimes(facts);
  if (due === undefined || due.next !== undefined || due.latest !== undefined) return undefined;
  return {
    rule: 'never-due',
    health: 'trouble',
    verdict: `cronjob/${name} never runs: no day of the next five years fits its schedule "${cronJob.spec.schedule}"`,
    evidence: [fact('The fields are minute, hour, day of month, month, day of week: is there such a day in that month?')],
    suggestions: [`minik patch cronjob ${name} -p '{"spec":{"schedule":"0 0 28 * *"}}'`],
  };
}

export function creationRefused({ name, events, cronJob }: CronJobFacts): Diagnosis | undefined {
  const refused = eventsWith(events, /^FailedCreate$/).at(-1);
  const at = refused === undefined ? undefined : fromTime(timeOfEvent(refused));
  if (refused === undefined || at === undefined || lastCreated(events) > at || (fromTime(cronJob.status?.lastScheduleTime) ?? 0) > at) return undefined;
  return {
    rule: 'create-refused',
    health: 'trouble',
    verdict: `cronjob/${name} cannot start its Job: ${(refused.message ?? '').replace(/^Error creating job: /, '').trim()}`,
    evidence: eventEvidence(events, /^FailedCreate$/, 1),
    suggestions: [`minik edit cronjob ${name}    # what the Job is made from is spec.jobTemplate`],
  };
}

export function forbidden(facts: CronJobFacts): Diagnosis | undefined {
  const { cronJob, name, jobs, now, events } = facts;
  const active = jobs.filter(isActive);
  const latest = dueTimes(facts)?.latest;
  const first = active[0];
  if (cronJob.spec.concurrencyPolicy !== 'Forbid' || first === undefined || latest === undefined) return undefined;
  const since = startOf(first);
  return {
    rule: 'forbid',
    health: 'trouble',
    verdict: `cronjob/${name} has skipped a run: concurrencyPolicy is Forbid and job/${first.metadata?.name} ${since === undefined ? 'is still running' : `has been running for ${humanDuration(now - since)}`}`,
    evidence: [
      fact(`the last run that was skipped was due ${whenText(latest, now)}; it starts as soon as the running Job ends, older ones are lost`),
      ...diagnosisOf(facts, first.metadata?.name),
      ...eventEvidence(events, /^JobAlreadyActive$/, 1),
    ],
    suggestions: [`minik why job/${first.metadata?.name}`, 'give the Job activeDeadlineSeconds, so that no run is longer than the time between two', 'or set concurrencyPolicy to Replace (end the old run) or Allow (run both)'],
  };
}

export function missedDeadline(facts: CronJobFacts): Diagnosis | undefined {
  const { cronJob, name, events, now } = facts;
  const missed = eventsWith(events, /^MissSchedule$/).at(-1);
  const at = missed === undefined ? undefined : fromTime(timeOfEvent(missed));
  if (missed === undefined || at === undefined || lastCreated(events) > at) return undefined;
  const next = dueTimes(facts)?.next;
  const deadline = cronJob.spec.startingDeadlineSeconds;
  return {
    rule: 'missed',
    health: 'trouble',
    verdict: `cronjob/${name} missed a run: it could not start within its startingDeadlineSeconds of ${deadline ?? 'none'}`,
    evidence: [
      ...eventEvidence(events, /^MissSchedule$/, 1),
      fact('A run is missed when nothing could start it in time: minik did not run, the machine slept, or a run before it went on with concurrencyPolicy Forbid.'),
      ...(next === undefined ? [] : [fact(`the next run is due ${whenText(next, now)}`)]),
      ...jobsEvidence(facts),
    ],
    suggestions: ['raise or remove spec.startingDeadlineSeconds: without it the latest missed run starts late', `minik trigger cronjob/${name}    # a run right now`],
  };
}

export function overdue(facts: CronJobFacts): Diagnosis | undefined {
  const { name, now } = facts;
  const latest = dueTimes(facts)?.latest;
  if (latest === undefined || now - latest < SLACK_MS) return undefined;
  return {
    rule: 'overdue',
    health: 'trouble',
    verdict: `cronjob/${name} is overdue: a run was due ${whenText(latest, now)} and was not started`,
    evidence: jobsEvidence(facts),
    suggestions: ['minik status', `minik events --for cronjob/${name}`],
  };
}

export function diagnosisOf({ diagnoses }: CronJobFacts, name: string | undefined): Diagnosis['evidence'] {
  const diagnosis = diagnoses.get(name ?? '');
  return diagnosis === undefined ? [] : [fact(diagnosis.verdict)];
}

function lastCreated(events: CronJobFacts['events']): number {
  const created = eventsWith(events, /^SuccessfulCreate$/).at(-1);
  return created === undefined ? 0 : (fromTime(timeOfEvent(created)) ?? 0);
}
