// pure: a Job as somebody would have written it who wants it to run once more: without what the server has filled in.
import type { Job, JobSpec, ObjectMeta, OwnerReference } from '../../api/generated/types.ts';
import { generatedLabels } from '../../api/job/labels.ts';
import { apiVersionOf, JOBS } from '../../api/kinds.ts';
import { LAST_APPLIED } from '../../api/meta/last-applied.ts';
import { INSTANTIATE } from './instantiate.ts';

/** Holds the activeDeadlineSeconds that a Job had before --timeout ended it; '' for none. */
export const DEADLINE_BEFORE_TIMEOUT = 'minik.dev/deadline-before-timeout';

/** Those that a deletion puts there. */
const DELETION_FINALIZERS = ['foregroundDeletion', 'orphan'];

/** The same Job anew, or with another name a copy of it. */
export function copyJob(job: Job, { name }: { readonly name: string }): Job {
  return {
    apiVersion: apiVersionOf(JOBS),
    kind: JOBS.kind,
    metadata: copyMetadata(job, name),
    spec: copySpec(job),
  };
}

function copyMetadata(job: Job, name: string): ObjectMeta {
  const { namespace, labels, annotations, finalizers = [], ownerReferences } = job.metadata ?? {};
  const kept = finalizers.filter((one) => !DELETION_FINALIZERS.includes(one));
  return {
    name,
    namespace,
    ...present('labels', withoutGenerated(job, labels)),
    ...present('annotations', copyAnnotations(job, annotations, name)),
    ...(kept.length === 0 ? {} : { finalizers: kept }),
    ...(ownerReferences === undefined ? {} : { ownerReferences: ownerReferences.map(asManualRun) }),
  };
}

/** A run of a CronJob that is run again by hand is a manual run of it, for the same scheduled time. */
function asManualRun(owner: OwnerReference): OwnerReference {
  if (!isCronJob(owner)) return owner;
  const { blockOwnerDeletion: _held, ...manual } = owner;
  return manual;
}

function isCronJob({ kind, apiVersion, controller }: OwnerReference): boolean {
  return kind === 'CronJob' && apiVersion.startsWith('batch/') && controller === true;
}

function copyAnnotations({ metadata }: Job, annotations: Readonly<Record<string, string>> = {}, name: string): Record<string, string> {
  const { [DEADLINE_BEFORE_TIMEOUT]: _deadline, [LAST_APPLIED]: applied, ...kept } = annotations;
  const manual: Record<string, string> = (metadata?.ownerReferences ?? []).some(isCronJob) ? { [INSTANTIATE]: 'manual' } : {};
  // What was applied tells of the old name: a copy was never applied.
  return { ...kept, ...manual, ...(applied === undefined || name !== metadata?.name ? {} : { [LAST_APPLIED]: applied }) };
}

function copySpec(job: Job): JobSpec | undefined {
  if (job.spec === undefined) return undefined;
  const { selector, template, activeDeadlineSeconds, ...spec } = job.spec;
  const deadline = deadlineOf(job, activeDeadlineSeconds);
  return {
    ...spec,
    ...(deadline === undefined ? {} : { activeDeadlineSeconds: deadline }),
    ...(spec.manualSelector === true ? { selector } : {}),
    template: { ...template, metadata: { ...withoutLabels(template.metadata), ...present('labels', withoutGenerated(job, template.metadata?.labels)) } },
  };
}

function deadlineOf({ metadata }: Job, seconds: number | undefined): number | undefined {
  const before = metadata?.annotations?.[DEADLINE_BEFORE_TIMEOUT];
  if (before === undefined) return seconds;
  return before === '' ? undefined : Number(before);
}

function withoutLabels(metadata: ObjectMeta | undefined): ObjectMeta {
  const { labels: _labels, ...rest } = metadata ?? {};
  return rest;
}

/** With manualSelector nothing was generated. */
function withoutGenerated({ metadata, spec }: Job, labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  if (spec?.manualSelector === true) return { ...labels };
  const generated = generatedLabels(metadata?.name ?? '', metadata?.uid ?? '');
  return Object.fromEntries(Object.entries(labels).filter(([key, value]) => generated[key] !== value));
}

function present<K extends string>(key: K, values: Readonly<Record<string, string>>): { [key in K]?: Record<string, string> } {
  return (Object.keys(values).length === 0 ? {} : { [key]: values }) as { [key in K]?: Record<string, string> };
}
