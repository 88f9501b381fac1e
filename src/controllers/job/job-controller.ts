// The Job controller: gathers a Job and its Pods, plans, and carries the plan out. A second controller frees Pods whose Job
// is gone of the finalizer that nobody else would take away.
import type { Job, Pod } from '../../api/generated/types.ts';
import { JOBS } from '../../api/kinds.ts';
import { controllerOf, keyOf, parseObjectKey } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Indexes, Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute } from '../runtime/executor.ts';
import { jobSelects } from './claim-pods.ts';
import { jobExecutors, stripFinalizer } from './job-executors.ts';
import { planJob } from './plan-job.ts';
import { isTracked } from './pod-facts.ts';

export interface JobControllerOptions {
  readonly client: Client;
  readonly jobs: Informer<Job>;
  /** With the indexes below. */
  readonly pods: Informer<Pod>;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
}

const BY_CONTROLLER = 'controller-uid';
const UNCONTROLLED = 'uncontrolled-in-namespace';

export const jobPodIndexes: Indexes<Pod> = {
  [BY_CONTROLLER]: (pod) => [controllerOf(pod)?.uid ?? ''].filter((uid) => uid !== ''),
  [UNCONTROLLED]: (pod) => (controllerOf(pod) === undefined ? [pod.metadata?.namespace ?? ''] : []),
};

export function createJobController(options: JobControllerOptions): Controller {
  const { client, jobs, pods, recorder, clock } = options;
  return {
    name: 'job',
    connect(enqueue) {
      const stopJobs = jobs.onChange(({ key }) => enqueue(key));
      const stopPods = pods.onChange(({ before, after }) => {
        for (const key of new Set([before, after].flatMap((pod) => (pod === undefined ? [] : jobKeysOf(jobs, pod))))) enqueue(key);
      });
      for (const job of jobs.list()) enqueue(keyOf(job));
      return () => {
        stopJobs();
        stopPods();
      };
    },
    async reconcile(key) {
      const job = jobs.get(key);
      if (job === undefined) return {};
      const seen = [...pods.byIndex(BY_CONTROLLER, job.metadata?.uid ?? ''), ...pods.byIndex(UNCONTROLLED, job.metadata?.namespace ?? '')];
      const isNameTaken = (name: string): boolean => pods.get(`${job.metadata?.namespace}/${name}`) !== undefined;
      const plan = planJob({ job, pods: seen, isNameTaken }, clock.now());
      await execute(plan.actions, jobExecutors, { job, client, jobs, pods, recorder });
      return { requeueAfterMs: plan.requeueAfterMs };
    },
  };
}

/** The Job that controls the Pod, or those that would adopt it. */
function jobKeysOf(jobs: Informer<Job>, pod: Pod): string[] {
  const owner = controllerOf(pod);
  const namespace = pod.metadata?.namespace ?? '';
  if (owner !== undefined) return owner.kind === 'Job' ? [`${namespace}/${owner.name}`] : [];
  return jobs.list(namespace).filter((job) => jobSelects(job, pod)).map(keyOf);
}

/** Keys are Pods that still have the finalizer of a Job that is not there. */
export function createOrphanPodController({ client, jobs, pods }: Pick<JobControllerOptions, 'client' | 'jobs' | 'pods'>): Controller {
  const isOrphan = (pod: Pod): boolean => isTracked(pod) && !hasKnownJob(jobs, pod);
  return {
    name: 'job-orphan-pods',
    connect(enqueue) {
      const stopPods = pods.onChange(({ key, after }) => {
        if (after !== undefined && isOrphan(after)) enqueue(key);
      });
      const stopJobs = jobs.onChange(({ before, after }) => {
        if (after !== undefined) return;
        for (const pod of pods.byIndex(BY_CONTROLLER, before?.metadata?.uid ?? '')) enqueue(keyOf(pod));
      });
      for (const pod of pods.list()) if (isOrphan(pod)) enqueue(keyOf(pod));
      return () => {
        stopPods();
        stopJobs();
      };
    },
    async reconcile(key) {
      const pod = pods.get(key);
      if (pod === undefined || !isOrphan(pod) || (await hasLiveJob(client, pod))) return {};
      await stripFinalizer(pod, { client, pods });
      return {};
    },
  };
}

/** Its controller, or, for a Pod without one, a Job that is going to adopt it. */
function hasKnownJob(jobs: Informer<Job>, pod: Pod): boolean {
  const owner = jobOwner(pod);
  if (owner !== undefined) return jobs.get(`${pod.metadata?.namespace}/${owner.name}`)?.metadata?.uid === owner.uid;
  return controllerOf(pod) === undefined && jobKeysOf(jobs, pod).length > 0;
}

function jobOwner(pod: Pod): { readonly name: string; readonly uid: string } | undefined {
  const owner = controllerOf(pod);
  return owner?.kind === 'Job' ? owner : undefined;
}

/** The copy may be behind: only the server's word that the Job is gone frees the Pod. */
async function hasLiveJob(client: Client, pod: Pod): Promise<boolean> {
  const owner = jobOwner(pod);
  // Released, or adopted away from its Job: its finalizer is taken by whoever released it, or here.
  if (owner === undefined) return false;
  const { namespace } = parseObjectKey(keyOf(pod));
  try {
    return (await client.get(JOBS, { namespace, name: owner.name })).metadata?.uid === owner.uid;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

