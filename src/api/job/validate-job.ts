// pure: what a Job must be when it is created, and what of it may change later.
import { checkLabel, checkSubdomain } from '../dns-name.ts';
import { sameValue } from '../equality.ts';
import { child, immutable, invalid, required, type FieldError } from '../field-errors.ts';
import type { Job, JobSpec, PodTemplateSpec } from '../generated/types.ts';
import { labelSelectorToRequirements, matchesLabels } from '../label-selector.ts';
import { validateLabelSelector } from '../meta/validate-label-selector.ts';
import { validateMeta, validateMetaUpdate } from '../meta/validate-meta.ts';
import { generatedLabels } from './labels.ts';
import { validateJobSpec } from './validate-job-spec.ts';

export function validateJob(job: Job): FieldError[] {
  const meta = validateMeta(job.metadata, checkSubdomain);
  if (job.spec === undefined) return [...meta, required('spec')];
  return [...meta, ...validateGeneratedSelector(job), ...validateSpecAndSelector(job.spec), ...validateLongestHostname(job)];
}

export function validateJobUpdate(next: Job, old: Job): FieldError[] {
  const meta = validateMetaUpdate(next.metadata);
  if (next.spec === undefined || old.spec === undefined) return [...meta, required('spec')];
  // What was stored is good: only a change can be wrong.
  if (sameValue(next.spec, old.spec)) return meta;
  return [...meta, ...validateGeneratedSelector(next), ...validateSpecAndSelector(next.spec), ...validateImmutable(next.spec, old)];
}

function validateSpecAndSelector(spec: JobSpec): FieldError[] {
  return [...validateJobSpec(spec, 'spec'), ...(spec.selector === undefined ? [required('spec.selector')] : validateLabelSelector(spec.selector, 'spec.selector'))];
}

/** The name of a Pod of the highest index must still be a host name. */
function validateLongestHostname({ metadata, spec }: Job): FieldError[] {
  const { completionMode, completions = 0 } = spec ?? {};
  const hostname = `${metadata?.name ?? ''}-${completions - 1}`;
  if (completionMode !== 'Indexed' || completions <= 0 || checkLabel(hostname).length === 0) return [];
  return [invalid('metadata.name', metadata?.name, `will not able to create pod with invalid DNS label: ${hostname}`)];
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
