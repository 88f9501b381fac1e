// pure: what a Job must be when it is created, and what of it may change later.
import { checkLabel, checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { child, immutable, invalid, notSupported, required, tooLong, type FieldError } from '../field-errors.ts';
import type { Job, JobSpec, PodTemplateSpec } from '../generated/types.ts';
import { labelSelectorToRequirements, matchesLabels } from '../label-selector.ts';
import { validateLabelSelector } from '../meta/validate-label-selector.ts';
import { validateAnnotations, validateLabels, validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { named, notNegative, optionalOneOf } from '../field-rules.ts';
import { validatePodSpec } from '../pod/validate-pod-spec.ts';
import { validateFailurePolicy } from './validate-failure-policy.ts';
import { generatedLabels } from './labels.ts';
import { validateSuccessPolicy } from './validate-success-policy.ts';

const MAX_INDEXES = 100_000;
const MAX_WHEN_MANY = 10_000;
const COUNTERS = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'] as const;

export function validateJob(job: Job): FieldError[] {
  const meta = validateMeta(job.metadata, checkSubdomain);
  if (job.spec === undefined) return [...meta, required('spec')];
  return [...meta, ...validateGeneratedSelector(job), ...validateSpec(job.spec), ...validateLongestHostname(job)];
}

export function validateJobUpdate(next: Job, old: Job): FieldError[] {
  const meta = validateMetaUpdate(next.metadata);
  if (next.spec === undefined || old.spec === undefined) return [...meta, required('spec')];
  // What was stored is good: only a change can be wrong.
  if (sameValue(next.spec, old.spec)) return meta;
  return [...meta, ...validateGeneratedSelector(next), ...validateSpec(next.spec), ...validateImmutable(next.spec, old)];
}

function validateSpec(spec: JobSpec): FieldError[] {
  const template = spec.template;
  return [
    ...COUNTERS.flatMap((field) => notNegative(spec[field], `spec.${field}`)),
    ...(spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined ? [required('spec.backoffLimitPerIndex', 'when maxFailedIndexes is specified')] : []),
    ...validateManagedBy(spec.managedBy),
    ...validateMode(spec),
    ...validateFailurePolicy(spec),
    ...validateSuccessPolicy(spec),
    ...validateReplacement(spec),
    ...(template === undefined ? [required('spec.template')] : validateTemplate(spec, template)),
    ...(spec.selector === undefined ? [required('spec.selector')] : validateLabelSelector(spec.selector, 'spec.selector')),
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

function validateMode(spec: JobSpec): FieldError[] {
  switch (spec.completionMode ?? 'NonIndexed') {
    case 'NonIndexed':
      return (['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
        .filter((field) => spec[field] !== undefined)
        .map((field) => invalid(`spec.${field}`, spec[field], 'requires indexed completion mode'));
    case 'Indexed':
      return validateIndexed(spec);
    default:
      return [notSupported('spec.completionMode', spec.completionMode, ['NonIndexed', 'Indexed'])];
  }
}

const MANY_TEXT = `when completions are above ${MAX_INDEXES} and used with backoff limit per index`;

function validateIndexed({ completions, parallelism = 1, backoffLimitPerIndex, maxFailedIndexes }: JobSpec): FieldError[] {
  const field = 'spec.maxFailedIndexes';
  const atMost = (value: number | undefined, limit: number, at: string, why = ''): FieldError[] =>
    value !== undefined && value > limit ? [invalid(at, value, `must be less than or equal to ${limit}${why}`)] : [];
  const errors = [
    ...(completions === undefined ? [required('spec.completions', 'when completion mode is Indexed')] : []),
    ...atMost(parallelism, MAX_INDEXES, 'spec.parallelism', ' when completion mode is Indexed'),
    ...(completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions ? [invalid(field, maxFailedIndexes, 'must be less than or equal to completions')] : []),
    ...atMost(maxFailedIndexes, MAX_INDEXES, field),
  ];
  if (completions === undefined || completions <= MAX_INDEXES || backoffLimitPerIndex === undefined) return errors;
  return [
    ...errors,
    ...(maxFailedIndexes === undefined ? [required(field, `must be specified when completions is above ${MAX_INDEXES}`)] : []),
    ...atMost(parallelism, MAX_WHEN_MANY, 'spec.parallelism', ` ${MANY_TEXT}`),
    ...atMost(maxFailedIndexes, MAX_WHEN_MANY, field, ` ${MANY_TEXT}`),
  ];
}

/** The name of a Pod of the highest index must still be a host name. */
function validateLongestHostname({ metadata, spec }: Job): FieldError[] {
  const { completionMode, completions = 0 } = spec ?? {};
  const hostname = `${metadata?.name ?? ''}-${completions - 1}`;
  if (completionMode !== 'Indexed' || completions <= 0 || checkLabel(hostname).length === 0) return [];
  return [invalid('metadata.name', metadata?.name, `will not able to create pod with invalid DNS label: ${hostname}`)];
}

const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const LONGEST_MANAGER = 63;

function validateManagedBy(managedBy: string | undefined): FieldError[] {
  if (managedBy === undefined) return [];
  const field = 'spec.managedBy';
  const length = managedBy.length > LONGEST_MANAGER ? [tooLong(field, LONGEST_MANAGER)] : [];
  if (managedBy === '') return [required(field)];
  const slash = managedBy.indexOf('/');
  const [domain, path] = [managedBy.slice(0, Math.max(slash, 0)), managedBy.slice(slash + 1)];
  if (domain === '' || path === '') return [invalid(field, managedBy, 'must be a domain-prefixed path (such as "acme.io/foo")'), ...length];
  const isPath = new RegExp(`^${HTTP_PATH}$`).test(path);
  return [...named(domain, checkSubdomain, field), ...(isPath ? [] : [invalid(field, path, `Invalid path (regex used for validation is '${HTTP_PATH}')`)]), ...length];
}

/** A policy on failed Pods is asked only once they have failed. */
function validateReplacement({ podReplacementPolicy, podFailurePolicy }: JobSpec): FieldError[] {
  return optionalOneOf(podReplacementPolicy, podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'], 'spec.podReplacementPolicy');
}

/** With a generated selector, its labels on selector and template are the Job's own. */
function validateGeneratedSelector(job: Job): FieldError[] {
  const { spec, metadata } = job;
  if (spec?.selector === undefined || spec.manualSelector === true) return [];
  const expected = generatedLabels(metadata?.name ?? '', metadata?.uid ?? '');
  const labels = spec.template?.metadata?.labels ?? {};
  const wrong = Object.entries(expected).filter(([name, value]) => labels[name] !== value);
  const selected = matchesLabels(labelSelectorToRequirements(spec.selector), expected);
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
