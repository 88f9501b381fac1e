// pure: what a Job's spec must be, wherever it stands: in a Job, or in the template of a CronJob.
import { checkSubdomain } from '../dns-name.ts';
import { child, invalid, notSupported, required, tooLong, type FieldError } from '../field-errors.ts';
import { named, notNegative, optionalOneOf } from '../field-rules.ts';
import type { JobSpec } from '../generated/types.ts';
import { labelSelectorToRequirements, matchesLabels } from '../label-selector.ts';
import { validateAnnotations, validateLabels } from '../meta/validate-meta.ts';
import { validatePodSpec } from '../pod/validate-pod-spec.ts';
import { validateFailurePolicy } from './validate-failure-policy.ts';
import { validateSuccessPolicy } from './validate-success-policy.ts';

const MAX_INDEXES = 100_000;
const MAX_WHEN_MANY = 10_000;
const COUNTERS = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'] as const;

/** `path` is "spec", or that of a CronJob's template. Whether there must be a selector depends on which. */
export function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
  const template = spec.template;
  return [
    ...COUNTERS.flatMap((field) => notNegative(spec[field], child(path, field))),
    ...(spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined ? [required(child(path, 'backoffLimitPerIndex'), 'when maxFailedIndexes is specified')] : []),
    ...validateManagedBy(spec.managedBy, child(path, 'managedBy')),
    ...validateMode(spec, path),
    ...validateFailurePolicy(spec, path),
    ...validateSuccessPolicy(spec, path),
    ...validateReplacement(spec, path),
    ...(template === undefined ? [required(child(path, 'template'))] : validateTemplate(spec, child(path, 'template'))),
  ];
}

function validateTemplate(spec: JobSpec, path: string): FieldError[] {
  const { template } = spec;
  const labels = template.metadata?.labels ?? {};
  const matched = spec.selector === undefined || matchesLabels(labelSelectorToRequirements(spec.selector), labels);
  return [
    ...validateLabels(labels, `${path}.metadata.labels`),
    ...validateAnnotations(template.metadata?.annotations, `${path}.metadata.annotations`),
    ...(matched ? [] : [invalid(`${path}.metadata.labels`, labels, '`selector` does not match template `labels`')]),
    ...(template.spec === undefined ? [required(`${path}.spec`)] : [...validatePodSpec(template.spec, `${path}.spec`), ...validateRestartPolicy(spec, child(path, 'spec.restartPolicy'))]),
  ];
}

/** Upstream sees the default, Always, as "left out". */
function validateRestartPolicy(spec: JobSpec, field: string): FieldError[] {
  const policy = spec.template.spec?.restartPolicy;
  if (policy === undefined || policy === '' || policy === 'Always') return [required(field, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(field, policy, ['OnFailure', 'Never'])];
  return spec.podFailurePolicy !== undefined && policy !== 'Never' ? [invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified')] : [];
}

function validateMode(spec: JobSpec, path: string): FieldError[] {
  switch (spec.completionMode ?? 'NonIndexed') {
    case 'NonIndexed':
      return (['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
        .filter((field) => spec[field] !== undefined)
        .map((field) => invalid(child(path, field), spec[field], 'requires indexed completion mode'));
    case 'Indexed':
      return validateIndexed(spec, path);
    default:
      return [notSupported(child(path, 'completionMode'), spec.completionMode, ['NonIndexed', 'Indexed'])];
  }
}

const MANY_TEXT = `when completions are above ${MAX_INDEXES} and used with backoff limit per index`;

function validateIndexed({ completions, parallelism = 1, backoffLimitPerIndex, maxFailedIndexes }: JobSpec, path: string): FieldError[] {
  const field = child(path, 'maxFailedIndexes');
  const atMost = (value: number | undefined, limit: number, at: string, why = ''): FieldError[] =>
    value !== undefined && value > limit ? [invalid(at, value, `must be less than or equal to ${limit}${why}`)] : [];
  const errors = [
    ...(completions === undefined ? [required(child(path, 'completions'), 'when completion mode is Indexed')] : []),
    ...atMost(parallelism, MAX_INDEXES, child(path, 'parallelism'), ' when completion mode is Indexed'),
    ...(completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions ? [invalid(field, maxFailedIndexes, 'must be less than or equal to completions')] : []),
    ...atMost(maxFailedIndexes, MAX_INDEXES, field),
  ];
  if (completions === undefined || completions <= MAX_INDEXES || backoffLimitPerIndex === undefined) return errors;
  return [
    ...errors,
    ...(maxFailedIndexes === undefined ? [required(field, `must be specified when completions is above ${MAX_INDEXES}`)] : []),
    ...atMost(parallelism, MAX_WHEN_MANY, child(path, 'parallelism'), ` ${MANY_TEXT}`),
    ...atMost(maxFailedIndexes, MAX_WHEN_MANY, field, ` ${MANY_TEXT}`),
  ];
}

const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const LONGEST_MANAGER = 63;

function validateManagedBy(managedBy: string | undefined, field: string): FieldError[] {
  if (managedBy === undefined) return [];
  const length = managedBy.length > LONGEST_MANAGER ? [tooLong(field, LONGEST_MANAGER)] : [];
  if (managedBy === '') return [required(field)];
  const slash = managedBy.indexOf('/');
  const [domain, path] = [managedBy.slice(0, Math.max(slash, 0)), managedBy.slice(slash + 1)];
  if (domain === '' || path === '') return [invalid(field, managedBy, 'must be a domain-prefixed path (such as "acme.io/foo")'), ...length];
  const isPath = new RegExp(`^${HTTP_PATH}$`).test(path);
  return [...named(domain, checkSubdomain, field), ...(isPath ? [] : [invalid(field, path, `Invalid path (regex used for validation is '${HTTP_PATH}')`)]), ...length];
}

/** A policy on failed Pods is asked only once they have failed. */
function validateReplacement({ podReplacementPolicy, podFailurePolicy }: JobSpec, path: string): FieldError[] {
  return optionalOneOf(podReplacementPolicy, podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'], child(path, 'podReplacementPolicy'));
}
