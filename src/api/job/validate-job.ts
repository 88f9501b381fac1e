// pure: what a Job must be when it is created, and what of it may change later.
import { checkLabel, checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { child, immutable, invalid, notSupported, required, type FieldError } from '../field-errors.ts';
import type { Job, JobSpec, PodTemplateSpec } from '../generated/types.ts';
import { labelSelectorToRequirements, matchesLabels } from '../label-selector.ts';
import { validateAnnotations, validateLabels, validateMeta } from '../meta/validate-meta.ts';
import { notNegative } from '../field-rules.ts';
import { validatePodSpec } from '../pod/validate-pod-spec.ts';
import { validateFailurePolicy } from './validate-failure-policy.ts';
import { generatedLabels } from './labels.ts';
import { validateSuccessPolicy } from './validate-success-policy.ts';

const MAX_INDEXES = 100_000;

export function validateJob(job: Job): FieldError[] {
  const meta = validateMeta(job.metadata, checkSubdomain);
  if (job.spec === undefined) return [...meta, required('spec')];
  return [...meta, ...validateGeneratedSelector(job), ...validateSpec(job, job.spec)];
}

export function validateJobUpdate(next: Job, old: Job): FieldError[] {
  const meta = validateMeta(next.metadata, checkSubdomain);
  if (next.spec === undefined || old.spec === undefined) return [...meta, required('spec')];
  return [...meta, ...validateGeneratedSelector(next), ...validateSpec(next, next.spec), ...validateImmutable(next.spec, old)];
}

function validateSpec(job: Job, spec: JobSpec): FieldError[] {
  const counters = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'] as const;
  const template = spec.template;
  return [
    ...counters.flatMap((field) => notNegative(spec[field], `spec.${field}`)),
    ...(spec.manualSelector === true && spec.selector === undefined ? [required('spec.selector')] : []),
    ...validateMode(job, spec),
    ...validateManagedBy(spec.managedBy),
    ...validateReplacement(spec),
    ...(template === undefined ? [required('spec.template')] : validateTemplate(spec, template)),
    ...validateFailurePolicy(spec),
    ...validateSuccessPolicy(spec),
  ];
}

function validateTemplate(spec: JobSpec, template: PodTemplateSpec): FieldError[] {
  const path = 'spec.template';
  const labels = template.metadata?.labels ?? {};
  const matched = spec.selector === undefined || matchesLabels(labelSelectorToRequirements(spec.selector), labels);
  return [
    ...validateLabels(labels, `${path}.metadata.labels`),
    ...validateAnnotations(template.metadata?.annotations, `${path}.metadata.annotations`),
    ...(matched ? [] : [invalid(`${path}.metadata.labels`, labels, '`selector` does not match template `labels`')]),
    ...(template.spec === undefined ? [required(`${path}.spec`)] : [...validatePodSpec(template.spec, `${path}.spec`), ...validateRestartPolicy(spec, template.spec.restartPolicy)]),
  ];
}

/** Upstream sees the default, Always, as "left out". */
function validateRestartPolicy(spec: JobSpec, policy: string | undefined): FieldError[] {
  const field = 'spec.template.spec.restartPolicy';
  if (policy === undefined || policy === '' || policy === 'Always') return [required(field, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(field, policy, ['OnFailure', 'Never'])];
  return spec.podFailurePolicy !== undefined && policy !== 'Never' ? [invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified')] : [];
}

function validateMode(job: Job, spec: JobSpec): FieldError[] {
  const { completionMode = 'NonIndexed', completions, parallelism = 1 } = spec;
  if (completionMode === 'NonIndexed') {
    const indexedOnly = (['backoffLimitPerIndex', 'maxFailedIndexes'] as const).filter((field) => spec[field] !== undefined);
    return indexedOnly.map((field) => invalid(`spec.${field}`, spec[field], 'requires indexed completion mode'));
  }
  if (completionMode !== 'Indexed') return [notSupported('spec.completionMode', completionMode, ['NonIndexed', 'Indexed'])];
  const last = `${job.metadata?.name ?? ''}-${Math.max((completions ?? 1) - 1, 0)}`;
  return [
    ...(completions === undefined ? [required('spec.completions', 'when completion mode is Indexed')] : []),
    ...(parallelism > MAX_INDEXES ? [invalid('spec.parallelism', parallelism, `must be less than or equal to ${MAX_INDEXES} when completion mode is Indexed`)] : []),
    ...(completions !== undefined && checkLabel(last).length > 0 ? [invalid('metadata.name', job.metadata?.name, `will not able to create pod with invalid DNS label: ${last}`)] : []),
    ...validatePerIndex(spec),
  ];
}

function validatePerIndex({ completions = 0, parallelism = 1, backoffLimitPerIndex, maxFailedIndexes }: JobSpec): FieldError[] {
  const field = 'spec.maxFailedIndexes';
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined) return [required('spec.backoffLimitPerIndex', 'when maxFailedIndexes is specified')];
  const many = completions > MAX_INDEXES && backoffLimitPerIndex !== undefined;
  return [
    ...(maxFailedIndexes !== undefined && maxFailedIndexes > completions ? [invalid(field, maxFailedIndexes, 'must be less than or equal to completions')] : []),
    ...(maxFailedIndexes !== undefined && maxFailedIndexes > MAX_INDEXES ? [invalid(field, maxFailedIndexes, `must be less than or equal to ${MAX_INDEXES}`)] : []),
    ...(many && maxFailedIndexes === undefined ? [required(field, `must be specified when completions is above ${MAX_INDEXES}`)] : []),
    ...(many && maxFailedIndexes !== undefined && maxFailedIndexes > 10_000 ? [invalid(field, maxFailedIndexes, `must be less than or equal to 10000 when completions are above ${MAX_INDEXES} and used with backoffLimitPerIndex`)] : []),
    ...(many && parallelism > 10_000 ? [invalid('spec.parallelism', parallelism, `must be less than or equal to 10000 when completions are above ${MAX_INDEXES} and used with backoffLimitPerIndex`)] : []),
  ];
}

function validateManagedBy(managedBy: string | undefined): FieldError[] {
  if (managedBy === undefined) return [];
  const field = 'spec.managedBy';
  const [domain = '', ...path] = managedBy.split('/');
  if (path.join('/') === '' || domain === '') return [invalid(field, managedBy, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  return [
    ...checkSubdomain(domain).map((problem) => invalid(field, managedBy, problem)),
    ...(managedBy.length > 63 ? [{ type: 'FieldValueTooLong' as const, field, body: 'Too long: may not be more than 63 bytes' }] : []),
  ];
}

function validateReplacement({ podReplacementPolicy, podFailurePolicy }: JobSpec): FieldError[] {
  if (podReplacementPolicy === undefined) return [];
  const supported = podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
  return supported.includes(podReplacementPolicy) ? [] : [notSupported('spec.podReplacementPolicy', podReplacementPolicy, supported)];
}

/** With a generated selector, its labels on selector and template are the Job's own. */
function validateGeneratedSelector(job: Job): FieldError[] {
  const { spec, metadata } = job;
  if (spec === undefined || spec.manualSelector === true) return [];
  const expected = generatedLabels(metadata?.name ?? '', metadata?.uid ?? '');
  const labels = spec.template?.metadata?.labels ?? {};
  const wrong = Object.entries(expected).filter(([name, value]) => labels[name] !== value);
  const selected = spec.selector === undefined || matchesLabels(labelSelectorToRequirements(spec.selector), expected);
  return [
    ...wrong.map(([name, value]) => (labels[name] === undefined ? required(`spec.template.metadata.labels[${name}]`, `must be '${value}'`) : invalid(`spec.template.metadata.labels[${name}]`, labels[name], `must be '${value}'`))),
    ...(selected ? [] : [invalid('spec.selector', spec.selector, '`selector` not auto-generated')]),
  ];
}

const IMMUTABLE = ['selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const;

function validateImmutable(next: JobSpec, old: Job): FieldError[] {
  const before = old.spec!;
  const template = sameValue(comparableTemplate(next.template, old), comparableTemplate(before.template, old));
  return [
    ...validateCompletionsChange(next, before),
    ...IMMUTABLE.filter((field) => !sameValue(next[field], before[field])).map((field) => immutable(child('spec', field), next[field])),
    ...(template ? [] : [immutable('spec.template', next.template)]),
  ];
}

function validateCompletionsChange(next: JobSpec, before: JobSpec): FieldError[] {
  if (next.completions === before.completions) return [];
  if (before.completionMode !== 'Indexed') return [immutable('spec.completions', next.completions)];
  return next.completions === next.parallelism ? [] : [invalid('spec.completions', next.completions, 'can only be modified in tandem with spec.parallelism')];
}

/** A Job that was suspended from the start may still be told where to run. */
function comparableTemplate(template: PodTemplateSpec, old: Job): unknown {
  const movable = old.spec?.suspend === true && old.status?.startTime === undefined;
  if (!movable || template?.spec === undefined) return template;
  const { nodeSelector: _node, tolerations: _tolerations, schedulingGates: _gates, affinity, ...spec } = template.spec;
  const { nodeAffinity: _nodeAffinity, ...otherAffinity } = affinity ?? {};
  const { labels: _labels, annotations: _annotations, ...metadata } = template.metadata ?? {};
  return { metadata, spec: { ...spec, ...(Object.keys(otherAffinity).length === 0 ? {} : { affinity: otherAffinity }) } };
}
