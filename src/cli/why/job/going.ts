// pure: Jobs on their way: waiting to try again, held up by a Pod in trouble, waiting for Pods to go, running, starting.
import { ageText, humanDuration } from '../../../api/duration-text.ts';
import type { Job } from '../../../api/generated/types.ts';
import { fromTime } from '../../../api/time.ts';
import { fact, type Diagnosis, type Evidence } from '../diagnosis.ts';
import { attemptEvidence, logEvidence } from '../evidence.ts';
import type { JobFacts } from '../facts.ts';
import { howItEnded } from '../how-it-ended.ts';
import { pendingRetries, type Retry } from '../job-retry.ts';
import { diagnosePod } from '../pod/pod-rules.ts';
import { failedRunOf } from '../pod/over.ts';
import { activePods, failedPods, many, progressText, terminatingPods, troubledPods } from './job-pods.ts';

/** What never ends by itself does not count as a failure: no backoffLimit ever stops it. */
const NEVER_FAILS = /^(image|config|mount|creation|unschedulable|other-scheduler|scheduling-gates)$/;

export function podsInTrouble(facts: JobFacts): Diagnosis | undefined {
  const { job, name, now } = facts;
  const troubled = troubledPods(facts);
  const first = troubled[0];
  if (job === undefined || first === undefined) return undefined;
  const { diagnosis } = first;
  const others = troubled.length - 1;
  return {
    rule: diagnosis.rule,
    health: diagnosis.health,
    verdict: `job/${name} is held up: ${diagnosis.verdict}${others > 0 ? ` (and ${many(others, 'other Pod')} in trouble)` : ''}`,
    evidence: [...diagnosis.evidence, ...(NEVER_FAILS.test(diagnosis.rule) ? [endlessFact(job, now)] : backoffFact(job, diagnosis.rule)), fact(`so far: ${progressText(job)}`)],
    suggestions: [...diagnosis.suggestions, ...(NEVER_FAILS.test(diagnosis.rule) && job.spec?.activeDeadlineSeconds === undefined ? ['set spec.activeDeadlineSeconds, so that such a Job fails instead of waiting for ever'] : [])],
  };
}

function endlessFact({ spec, status }: Job, now: number): Evidence {
  const start = fromTime(status?.startTime);
  if (spec?.activeDeadlineSeconds === undefined) return fact('Waiting is no failure: backoffLimit does not count it, and without activeDeadlineSeconds the Job waits for ever.');
  const left = start === undefined ? undefined : start + spec.activeDeadlineSeconds * 1_000 - now;
  return fact(`Waiting is no failure, backoffLimit does not count it; activeDeadlineSeconds ${spec.activeDeadlineSeconds} ends the Job${left === undefined || left < 0 ? '' : ` in ${humanDuration(left)}`}.`);
}

function backoffFact({ spec }: Job, rule: string): Evidence[] {
  if (rule !== 'crash-loop') return [];
  return [fact(`restarts in place count towards backoffLimit ${spec?.backoffLimit ?? 6}`)];
}

export function waitingToRetry(facts: JobFacts): Diagnosis | undefined {
  const { job, name, runs, logs, now } = facts;
  if (job === undefined) return undefined;
  const [next, ...later] = pendingRetries(job, facts.pods.map(({ pod }) => pod), now);
  const failed = failedPods(facts).at(-1);
  if (next === undefined || failed === undefined || isBusy(facts, job)) return undefined;
  const run = failedRunOf(next.index === undefined ? runs : runs.filter(({ index }) => index === next.index));
  const ending = run === undefined ? undefined : howItEnded(run, { pod: failed.pod, job, events: failed.events });
  const who = next.index === undefined ? '' : `index ${next.index} of `;
  return {
    rule: 'back-off',
    health: 'trouble',
    verdict: `${who}job/${name} tries again in ${humanDuration(next.dueAt - now + 999)}${ending === undefined ? '' : `: its last container ${ending.phrase}`}`,
    evidence: [
      ...logEvidence(logs, run),
      ...attemptEvidence(runs),
      ...(ending?.facts ?? []).map(fact),
      fact(limitText(job, next)),
      ...(later.length > 0 ? [fact(`${many(later.length, 'other index')} waits too`.replace('indexs waits', 'indexes wait'))] : []),
    ],
    suggestions: [...(ending?.suggestions ?? []), `minik logs job/${name}`],
  };
}

/** Parallel siblings go on while the Job waits: that is no waiting Job. */
function isBusy(facts: JobFacts, job: Job): boolean {
  const active = activePods(facts).length;
  return active > 0 && (job.spec?.backoffLimitPerIndex !== undefined || active >= (job.spec?.parallelism ?? 1));
}

function limitText({ spec, status }: Job, { failures, delayMs, index }: Retry): string {
  const wait = `this wait is ${humanDuration(delayMs)}; the waits begin at 10s, double with each failure in a row and end at 10m`;
  if (index !== undefined) return `${many(failures, 'failure')} of this index, backoffLimitPerIndex is ${spec?.backoffLimitPerIndex}; ${wait}`;
  const limit = spec?.backoffLimit ?? 6;
  const left = limit - (status?.failed ?? 0) + 1;
  return `${many(status?.failed ?? failures, 'Pod')} failed of the ${limit + 1} that backoffLimit ${limit} allows${left > 0 ? `, ${left} left` : ''}; ${wait}`;
}

export function waitingForPodsToGo(facts: JobFacts): Diagnosis | undefined {
  const { job, name } = facts;
  const terminating = terminatingPods(facts);
  if (job === undefined || terminating.length === 0 || activePods(facts).length > 0) return undefined;
  const names = terminating.map(({ pod }) => pod.metadata?.name).join(', ');
  return {
    rule: 'terminating',
    health: 'waiting',
    verdict: `job/${name} waits for ${names} to stop before it goes on`,
    evidence: [...(job.spec?.podReplacementPolicy === 'Failed' ? [fact('podReplacementPolicy Failed replaces a Pod only when it has ended')] : []), ...diagnosePod(terminating[0]!).evidence],
    suggestions: diagnosePod(terminating[0]!).suggestions,
  };
}

export function jobRunning(facts: JobFacts): Diagnosis | undefined {
  const { job, name, now, runs } = facts;
  const active = activePods(facts);
  if (job === undefined || active.length === 0) return undefined;
  const failures = job.status?.failed ?? 0;
  const diagnoses = active.map((pod) => diagnosePod(pod));
  const shown = diagnoses.slice(0, 5).map(({ verdict }) => fact(verdict));
  return {
    rule: 'running',
    health: 'healthy',
    verdict: `job/${name} is running: ${progressText(job)}, ${many(active.length, 'Pod')} at work for ${ageText(job.status?.startTime, now)}${failures > 0 ? `, ${failures} failed before` : ''}`,
    evidence: [...shown, ...(active.length > 5 ? [fact(`and ${many(active.length - 5, 'Pod')} more`)] : []), ...(failures > 0 ? attemptEvidence(runs) : []), ...deadlineFact(job, now), ...neverEnding(job)],
    suggestions: [`minik logs job/${name} -f`, `minik timeline job/${name} -w`],
  };
}

function deadlineFact({ spec, status }: Job, now: number): Evidence[] {
  const start = fromTime(status?.startTime);
  if (spec?.activeDeadlineSeconds === undefined || start === undefined) return [];
  const left = start + spec.activeDeadlineSeconds * 1_000 - now;
  return left < 0 ? [] : [fact(`activeDeadlineSeconds ${spec.activeDeadlineSeconds} ends it in ${humanDuration(left)}`)];
}

function neverEnding({ spec, status }: Job): Evidence[] {
  if (spec?.completions !== undefined || (status?.succeeded ?? 0) === 0) return [];
  return [fact('a work queue (no completions) starts nothing more after its first success, and is complete when its other Pods have ended')];
}

export function jobStarting({ job, name, now }: JobFacts): Diagnosis {
  const age = ageText(job?.metadata?.creationTimestamp, now);
  const started = job?.status?.startTime !== undefined;
  return {
    rule: 'starting',
    health: 'healthy',
    verdict: started ? `job/${name} is between Pods: ${job === undefined ? '' : progressText(job)}` : `job/${name} was created ${age} ago and is starting`,
    evidence: [],
    suggestions: [`minik get job ${name} -w`, ...(started ? [] : ['minik status    # does the daemon run?'])],
  };
}
