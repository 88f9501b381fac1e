// pure: Jobs that do not move because somebody or something holds them: deleted, managed elsewhere, suspended, told to run
// nothing, refused by the API server.
import { humanDuration } from '../../../api/duration-text.ts';
import { jobCondition } from '../../../api/job/conditions.ts';
import { fromTime } from '../../../api/time.ts';
import { fact, type Diagnosis } from '../diagnosis.ts';
import { attemptEvidence, eventEvidence, eventsWith, logEvidence, timeOfEvent } from '../evidence.ts';
import type { JobFacts } from '../facts.ts';
import { howItEnded } from '../how-it-ended.ts';
import { heldByFinalizers, lastFailure } from '../pod/over.ts';
import { activePods, many, progressText } from './job-pods.ts';

const BUILT_IN_CONTROLLER = 'kubernetes.io/job-controller';

/** The archive remembers the attempts of a Job that is gone. */
export function jobGone({ job, name, runs, logs, podEvents }: JobFacts): Diagnosis | undefined {
  if (job !== undefined) return undefined;
  const failed = lastFailure(runs);
  const last = runs.at(-1);
  const told = failed ?? last;
  const pods = new Set(runs.map(({ podUid }) => podUid)).size;
  const ending = failed === undefined ? undefined : howItEnded(failed, { events: podEvents.get(failed.podUid) ?? [] });
  const outcome = failed === undefined ? 'every attempt that the archive has of it succeeded' : failed === last ? `the last of its attempts ${ending?.phrase}` : `one of its attempts ${howItEnded(failed, { events: [] }).phrase}, a later one ${last?.exitCode === 0 ? 'succeeded' : 'did not tell'}`;
  return {
    rule: 'deleted',
    health: failed === undefined || last?.exitCode === 0 ? 'complete' : 'trouble',
    verdict: `job/${name} is not there any more; ${outcome}`,
    evidence: [
      ...logEvidence(logs, told),
      ...attemptEvidence(runs),
      fact(`the archive has ${many(runs.length, 'attempt')} in ${many(pods, 'Pod')} of it; what became of the Job itself is not kept`),
      ...(ending?.facts ?? []).map(fact),
    ],
    suggestions: [`minik logs job/${name} --archived`, `minik timeline job/${name}`],
  };
}

export function jobDeleting({ job, name, now, pods }: JobFacts): Diagnosis | undefined {
  const { deletionTimestamp, finalizers = [] } = job?.metadata ?? {};
  if (deletionTimestamp === undefined) return undefined;
  const held = heldByFinalizers(`job/${name}`, finalizers, humanDuration(Math.max(now - (fromTime(deletionTimestamp) ?? now), 0)));
  const left = pods.map(({ pod }) => pod.metadata?.name);
  return left.length === 0 ? held : { ...held, evidence: [fact(`${many(left.length, 'Pod')} of it still there: ${left.join(', ')}`), ...held.evidence] };
}

export function managedElsewhere({ job, name }: JobFacts): Diagnosis | undefined {
  const manager = job?.spec?.managedBy ?? BUILT_IN_CONTROLLER;
  if (manager === BUILT_IN_CONTROLLER) return undefined;
  return {
    rule: 'managed-by',
    health: 'waiting',
    verdict: `job/${name} is left to "${manager}" (spec.managedBy): minik starts no Pods for it`,
    evidence: [fact('managedBy cannot be changed on a Job that is there.')],
    suggestions: ['start the controller of that name, or create the Job again without spec.managedBy'],
  };
}

export function jobSuspended({ job, name, now }: JobFacts): Diagnosis | undefined {
  if (job?.spec?.suspend !== true) return undefined;
  const since = fromTime(jobCondition(job, 'Suspended')?.lastTransitionTime);
  return {
    rule: 'suspended',
    health: 'waiting',
    verdict: `job/${name} is suspended${since === undefined ? '' : ` (for ${humanDuration(now - since)})`}: it starts no Pods until it is resumed`,
    evidence: [
      fact(`so far: ${progressText(job)}`),
      ...(job.status?.startTime === undefined ? [] : [fact('what ran was ended when it was suspended, and did not count as failed')]),
      ...(job.spec.activeDeadlineSeconds === undefined ? [] : [fact(`activeDeadlineSeconds ${job.spec.activeDeadlineSeconds} begins to count when it is resumed`)]),
    ],
    suggestions: [`minik resume job/${name}`],
  };
}

export function zeroParallelism({ job, name }: JobFacts): Diagnosis | undefined {
  if (job === undefined || job.spec?.parallelism !== 0) return undefined;
  return {
    rule: 'parallelism',
    health: 'waiting',
    verdict: `job/${name} runs nothing because spec.parallelism is 0`,
    evidence: [fact(`so far: ${progressText(job)}`)],
    suggestions: [`minik patch job ${name} -p '{"spec":{"parallelism":1}}'`],
  };
}

export function creationRefused(facts: JobFacts): Diagnosis | undefined {
  const { job, name, events } = facts;
  const refused = eventsWith(events, /^FailedCreate$/).at(-1);
  const created = eventsWith(events, /^SuccessfulCreate$/).at(-1);
  if (job === undefined || refused === undefined || activePods(facts).length >= (job.spec?.parallelism ?? 1)) return undefined;
  const [refusedAt, createdAt] = [fromTime(timeOfEvent(refused)) ?? 0, created === undefined ? -1 : (fromTime(timeOfEvent(created)) ?? 0)];
  if (createdAt > refusedAt) return undefined;
  const message = (refused.message ?? '').replace(/^Error creating: /, '').trim();
  return {
    rule: 'create-refused',
    health: 'trouble',
    verdict: `job/${name} cannot start its Pods: the API server refuses them: ${message}`,
    evidence: eventEvidence(events, /^FailedCreate$/, 1),
    suggestions: suggestions(message, name),
  };
}

function suggestions(message: string, name: string): string[] {
  if (/exceeded quota/.test(message)) return ['free what other Pods use, raise the ResourceQuota, or ask for less in resources.requests'];
  if (/serviceaccount/.test(message)) return ['minik create serviceaccount NAME, or correct spec.template.spec.serviceAccountName'];
  return [`a Job's template cannot be changed: minik get job ${name} -o yaml, delete it, correct it, create it again`];
}
