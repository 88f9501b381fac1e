// pure: what a Pod of an Indexed Job has beyond its template: its index as label, annotation, host name and variable, and how
// often the index has failed.
import type { Container, EnvVar, Job, Pod } from '../../api/generated/types.ts';
import { COMPLETION_INDEX, INDEX_FAILURES, INDEX_IGNORED_FAILURES } from '../../api/job/labels.ts';
import { earlierFailures, limitsIndexes } from './completion-index.ts';
import { isIgnored } from './failure-policy.ts';
import type { PodSlot } from './how-many.ts';

const INDEX_VARIABLE: EnvVar = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } } };

export function withIndex(job: Job, pod: Pod, { index, replaces }: PodSlot & { readonly index: number }): Pod {
  const { metadata, spec } = pod;
  return {
    ...pod,
    metadata: {
      ...metadata,
      labels: { ...metadata?.labels, [COMPLETION_INDEX]: String(index) },
      annotations: { ...metadata?.annotations, [COMPLETION_INDEX]: String(index), ...(limitsIndexes(job) ? failureCounts(job, replaces) : {}) },
    },
    spec: {
      ...spec!,
      hostname: `${job.metadata?.name}-${index}`,
      containers: spec!.containers.map(withVariable),
      ...(spec?.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withVariable) }),
    },
  };
}

/** A variable of this name that the template has stays. */
function withVariable(container: Container): Container {
  const env = container.env ?? [];
  return env.some(({ name }) => name === INDEX_VARIABLE.name) ? container : { ...container, env: [...env, INDEX_VARIABLE] };
}

function failureCounts(job: Job, replaces: Pod | undefined): Record<string, string> {
  if (replaces === undefined) return { [INDEX_FAILURES]: '0' };
  const before = earlierFailures(replaces);
  const ignored = isIgnored(job, replaces);
  const [failures, ignoredFailures] = [before.counted + (ignored ? 0 : 1), before.ignored + (ignored ? 1 : 0)];
  return { [INDEX_FAILURES]: String(failures), ...(ignoredFailures > 0 ? { [INDEX_IGNORED_FAILURES]: String(ignoredFailures) } : {}) };
}
