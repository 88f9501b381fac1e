// pure: whose attempt a container is: of which Job, and in which role. Written on the container too, as its Pod may be gone
// from the API by the time the container is found again.
import type { Attempt } from '../../api/attempt/attempt.ts';
import type { Pod } from '../../api/generated/types.ts';
import { COMPLETION_INDEX } from '../../api/job/labels.ts';
import { DEFAULT_CONTAINER_ANNOTATION } from '../../api/pod/default-container-name.ts';

export type AttemptOwner = Pick<Attempt, 'job' | 'isInit' | 'isDefault'>;

const JOB_LABEL = 'minik.dev/job';
const JOB_UID_LABEL = 'minik.dev/job-uid';
const JOB_INDEX_LABEL = 'minik.dev/job-index';
/** "init" or "default"; absent for the other containers of a Pod. */
const ROLE_LABEL = 'minik.dev/role';

export function ownerOf(pod: Pod, container: string): AttemptOwner {
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const named = pod.metadata?.annotations?.[DEFAULT_CONTAINER_ANNOTATION];
  const names = [...containers, ...initContainers].map(({ name }) => name);
  const isDefault = container === (named !== undefined && names.includes(named) ? named : containers[0]?.name);
  const job = jobOf(pod);
  return { ...(job === undefined ? {} : { job }), isInit: initContainers.some(({ name }) => name === container), isDefault };
}

function jobOf({ metadata }: Pod): Attempt['job'] {
  const owner = metadata?.ownerReferences?.find(({ controller, kind, apiVersion }) => controller === true && kind === 'Job' && apiVersion.startsWith('batch/'));
  return owner === undefined ? undefined : jobFacts(owner.name, owner.uid, metadata?.annotations?.[COMPLETION_INDEX] ?? metadata?.labels?.[COMPLETION_INDEX]);
}

function jobFacts(name: string, uid: string, index: string | undefined): Attempt['job'] {
  return { name, uid, ...(index !== undefined && /^\d+$/.test(index) ? { index: Number(index) } : {}) };
}

export function ownerLabels({ job, isInit, isDefault }: AttemptOwner): Readonly<Record<string, string>> {
  return {
    ...(job === undefined ? {} : { [JOB_LABEL]: job.name, [JOB_UID_LABEL]: job.uid }),
    ...(job?.index === undefined ? {} : { [JOB_INDEX_LABEL]: String(job.index) }),
    ...(isInit ? { [ROLE_LABEL]: 'init' } : isDefault ? { [ROLE_LABEL]: 'default' } : {}),
  };
}

export function readOwner(labels: Readonly<Record<string, string>>): AttemptOwner {
  const { [JOB_LABEL]: name, [JOB_UID_LABEL]: uid, [JOB_INDEX_LABEL]: index, [ROLE_LABEL]: role } = labels;
  const job = name === undefined || uid === undefined ? undefined : jobFacts(name, uid, index);
  return { ...(job === undefined ? {} : { job }), isInit: role === 'init', isDefault: role === 'default' };
}
