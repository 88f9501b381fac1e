// pure: what in a Job is allowed but hardly meant, in a Job or in the template of a CronJob.
import type { JobSpec } from '../generated/types.ts';
import { hostnameWarnings, podSpecWarnings } from '../pod/pod-warnings.ts';
import { unsupportedPodFields } from '../pod/unsupported-fields.ts';

const MANY_COMPLETIONS = 100_000;
const MANY_PODS = 10_000;
const HUGE =
  'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';

/** Pods are named after the Job, a CronJob's after the CronJob. */
export function jobNameWarnings(name: string | undefined): string[] {
  return hostnameWarnings(name, 'Pod names and hostnames');
}

/** `path` is "spec", or that of a CronJob's template. */
export function jobSpecWarnings(spec: JobSpec | undefined, path: string): string[] {
  const pod = spec?.template?.spec;
  const at = `${path}.template.spec`;
  return [...(isHuge(spec) ? [HUGE] : []), ...(pod === undefined ? [] : [...podSpecWarnings(pod, at), ...unsupportedPodFields(pod, at)])];
}

function isHuge({ completionMode, completions = 0, parallelism = 0, backoffLimitPerIndex }: Partial<JobSpec> = {}): boolean {
  return completionMode === 'Indexed' && completions > MANY_COMPLETIONS && parallelism > MANY_PODS && backoffLimitPerIndex === undefined;
}
