// pure: upstream's defaults of Jobs, and what depends on the Job's own name and uid.
import type { Job, JobSpec, PodTemplateSpec } from '../generated/types.ts';
import { defaultPodTemplate } from '../pod/defaults.ts';
import { CONTROLLER_UID_LABEL, generatedLabels } from './labels.ts';

const NO_LIMIT = 2 ** 31 - 1;

/** A missing spec or template is an empty one: validation says what it lacks. */
export function defaultJob(job: Job): Job {
  const spec: JobSpec = job.spec ?? { template: {} };
  const bothAbsent = spec.completions === undefined && spec.parallelism === undefined;
  const next: JobSpec = {
    ...spec,
    template: defaultPodTemplate(spec.template ?? {}),
    parallelism: spec.parallelism ?? 1,
    ...(bothAbsent ? { completions: 1 } : {}),
    completionMode: spec.completionMode || 'NonIndexed',
    backoffLimit: spec.backoffLimit ?? (spec.backoffLimitPerIndex === undefined ? 6 : NO_LIMIT),
    suspend: spec.suspend ?? false,
    manualSelector: spec.manualSelector ?? false,
    podReplacementPolicy: spec.podReplacementPolicy || (spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed'),
    ...(spec.podFailurePolicy === undefined ? {} : { podFailurePolicy: defaultFailurePolicy(spec.podFailurePolicy) }),
  };
  return withLabels({ ...job, spec: next });
}

/** Selector and template labels, unless the user selects by hand; a Job without labels of its own shows its template's. */
export function identifyJob(job: Job): Job {
  if (job.spec === undefined || job.spec.manualSelector === true) return job;
  const { name = '', uid = '' } = job.metadata ?? {};
  const { spec } = job;
  const template: PodTemplateSpec = {
    ...spec.template,
    metadata: { ...spec.template?.metadata, labels: { ...generatedLabels(name, uid), ...spec.template?.metadata?.labels } },
  };
  const selector = { ...spec.selector, matchLabels: { [CONTROLLER_UID_LABEL]: uid, ...spec.selector?.matchLabels } };
  return withLabels({ ...job, spec: { ...spec, selector, template } });
}

function withLabels(job: Job): Job {
  const labels = job.spec?.template?.metadata?.labels;
  const own = job.metadata?.labels;
  if ((own !== undefined && Object.keys(own).length > 0) || labels === undefined || Object.keys(labels).length === 0) return job;
  return { ...job, metadata: { ...job.metadata, labels: { ...labels } } };
}

/** A pattern of conditions without a status means True. */
export function defaultFailurePolicy(policy: NonNullable<JobSpec['podFailurePolicy']>): NonNullable<JobSpec['podFailurePolicy']> {
  return {
    ...policy,
    rules: (policy.rules ?? []).map((rule) =>
      rule.onPodConditions === undefined ? rule : { ...rule, onPodConditions: rule.onPodConditions.map((pattern) => ({ ...pattern, status: pattern.status || 'True' })) },
    ),
  };
}
