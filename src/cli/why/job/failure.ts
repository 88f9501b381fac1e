// pure: why a Job was given up, condition by condition, each with the run that tells most of it.
import type { Job } from '../../../api/generated/types.ts';
import type { ContainerRun } from '../../runs/container-run.ts';
import { fact, type Evidence } from '../diagnosis.ts';
import { attemptEvidence, logEvidence } from '../evidence.ts';
import type { JobFacts } from '../facts.ts';
import { howItEnded, type Ending } from '../how-it-ended.ts';
import { diagnosePod } from '../pod/pod-rules.ts';
import { failedRunOf } from '../pod/over.ts';
import { many } from './job-pods.ts';
import { policyRuleText } from './policy-text.ts';

export interface Failure {
  readonly rule: string;
  readonly why: string;
  readonly evidence: readonly Evidence[];
  readonly suggestions: readonly string[];
}

interface Reason {
  readonly reason: string;
  readonly message: string;
}

export function failureOf(facts: JobFacts, job: Job, cause: Reason): Failure {
  const last = lastEnding(facts, job);
  const common = { evidence: runEvidence(facts, last), suggestions: [...(last?.ending.suggestions ?? []), ...logCommand(facts, last)] };
  switch (cause.reason) {
    case 'BackoffLimitExceeded':
      return { ...common, rule: 'backoff-limit', why: backoffText(job, last) };
    case 'DeadlineExceeded':
      return deadline(facts, job, common);
    case 'PodFailurePolicy':
      return {
        ...common,
        rule: 'pod-failure-policy',
        why: `its podFailurePolicy says so: ${cause.message}`,
        evidence: [...policyRuleText(job, cause.message).map(fact), ...common.evidence],
      };
    case 'FailedIndexes':
    case 'MaxFailedIndexesExceeded':
      return { ...common, rule: 'failed-indexes', why: indexText(job, cause.reason, last), evidence: [...indexFacts(job).map(fact), ...common.evidence] };
    default:
      return { ...common, rule: 'failed', why: [cause.reason, cause.message].filter((text) => text !== '').join(': ') };
  }
}

interface LastEnding {
  readonly run: ContainerRun;
  readonly ending: Ending;
}

function lastEnding({ runs, pods, podEvents }: JobFacts, job: Job): LastEnding | undefined {
  const run = failedRunOf(runs);
  if (run === undefined) return undefined;
  const facts = pods.find(({ pod }) => pod.metadata?.uid === run.podUid);
  return { run, ending: howItEnded(run, { pod: facts?.pod, job, events: podEvents.get(run.podUid) ?? [] }) };
}

function backoffText(job: Job, last: LastEnding | undefined): string {
  const limit = job.spec?.backoffLimit ?? 6;
  const inPlace = job.spec?.template.spec?.restartPolicy === 'OnFailure';
  const failures = job.status?.failed ?? 0;
  const how = last === undefined ? '' : `its ${failures > 1 ? 'last ' : ''}container ${last.ending.phrase}`;
  const count = inPlace ? `it was restarted as often as backoffLimit ${limit} allows` : `${many(failures, 'Pod')} failed and backoffLimit ${limit} allows ${limit === 0 ? 'no retry' : 'no more'}`;
  return how === '' ? count : `${how}; ${count}`;
}

function deadline(facts: JobFacts, job: Job, common: Pick<Failure, 'evidence' | 'suggestions'>): Failure {
  const seconds = job.spec?.activeDeadlineSeconds;
  const stuck = facts.pods.map((pod) => diagnosePod(pod)).find(({ rule }) => /^(image|config|mount|unschedulable|scheduling-gates|creation)$/.test(rule));
  const done = job.spec?.completions === undefined ? '' : ` with ${job.status?.succeeded ?? 0} of ${many(job.spec.completions, 'completion')}`;
  return {
    rule: 'deadline',
    why: `it was still active after its activeDeadlineSeconds of ${seconds}${done}`,
    evidence: [...(stuck === undefined ? [] : [fact(stuck.verdict), ...stuck.evidence]), ...common.evidence],
    suggestions: [...(stuck?.suggestions ?? []), `raise activeDeadlineSeconds above ${seconds}, make the work shorter, or spread it over more Pods (parallelism)`, ...common.suggestions.filter((text) => !text.startsWith('raise activeDeadline'))],
  };
}

function indexText(job: Job, reason: string, last: LastEnding | undefined): string {
  const failed = job.status?.failedIndexes ?? '';
  const which = failed === '' ? 'indexes' : /[,-]/.test(failed) ? `indexes ${failed}` : `index ${failed}`;
  const how = last === undefined ? '' : `; the last run of index ${last.run.index ?? '?'} ${last.ending.phrase}`;
  if (reason === 'FailedIndexes') return `${which} failed for good${how}`;
  return `${which} failed, more than maxFailedIndexes ${job.spec?.maxFailedIndexes} allows${how}`;
}

function indexFacts({ spec, status }: Job): string[] {
  return [
    `failed indexes: ${status?.failedIndexes || 'none'}; succeeded: ${status?.completedIndexes || 'none'}; of ${spec?.completions ?? '?'}`,
    ...(spec?.backoffLimitPerIndex === undefined ? [] : [`backoffLimitPerIndex ${spec.backoffLimitPerIndex}: each index may fail ${spec.backoffLimitPerIndex + 1} ${spec.backoffLimitPerIndex === 0 ? 'time' : 'times'} before it is given up`]),
  ];
}

function runEvidence(facts: JobFacts, last: LastEnding | undefined): Evidence[] {
  if (last === undefined) return facts.runs.length > 0 ? [] : [fact('none of its Pods is left to tell more')];
  return [...logEvidence(facts.logs, last.run), ...attemptEvidence(facts.runs), ...last.ending.facts.map(fact)];
}

function logCommand({ name }: JobFacts, last: LastEnding | undefined): string[] {
  return last === undefined ? [] : [last.run.isArchived ? `minik logs job/${name} --archived` : `minik logs job/${name}`];
}
