// Carries out what the planner asked for, through the client; answers are shown to the informers at once, so that the next
// plan is made on them.
import type { Job, OwnerReference, Pod } from '../../api/generated/types.ts';
import { JOB_TRACKING_FINALIZER } from '../../api/job/labels.ts';
import { JOBS, PODS } from '../../api/kinds.ts';
import { controllerOf } from '../../api/object.ts';
import { isAlreadyExists, isNotFound } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder-contract.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Executors } from '../runtime/executor.ts';
import type { JobAction } from './job-action.ts';
import { podCreated, podDeleted } from './pod-events.ts';

export interface JobContext {
  readonly job: Job;
  readonly client: Client;
  readonly jobs: Informer<Job>;
  readonly pods: Informer<Pod>;
  readonly recorder: EventRecorder;
}

export const jobExecutors: Executors<JobAction, JobContext> = {
  'adopt-pods': async ({ pods }, context) => void (await Promise.all(pods.map((pod) => adoptPod(pod, context)))),
  'release-pods': async ({ pods }, context) => void (await Promise.all(pods.map((pod) => releasePod(pod, context)))),
  'create-pods': ({ pods }, context) => createPods(pods, context),
  'delete-pods': async ({ pods, uncounted }, context) => void (await Promise.all(pods.map((pod) => deletePod(pod, uncounted, context)))),
  'strip-finalizers': async ({ pods }, context) => void (await Promise.all(pods.map((pod) => stripFinalizer(pod, context)))),
  'write-status': async ({ status }, { client, job, jobs }) => jobs.observe(await client.updateStatus(JOBS, { ...job, status })),
  'record-event': async ({ event }, { recorder, job }) => recorder.event(job, event),
};

/** In batches of 1, 2, 4, ...: a fault that hits every Pod is met once, not five hundred times. */
async function createPods(pods: readonly Pod[], context: JobContext): Promise<void> {
  for (let start = 0, size = 1; start < pods.length; start += size, size *= 2) {
    const results = await Promise.allSettled(pods.slice(start, start + size).map((pod) => createPod(pod, context)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

async function createPod(pod: Pod, context: JobContext): Promise<void> {
  const { client, job, pods, recorder } = context;
  try {
    const created = await client.create(PODS, pod);
    pods.observe(created);
    recorder.event(job, podCreated(created.metadata?.name ?? ''));
  } catch (error) {
    if (isAlreadyExists(error) && (await isOwnPod(pod, context))) return;
    recorder.event(job, { type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${(error as Error).message}` });
    throw error;
  }
}

/** A create that was repeated met the Pod of its first try. */
async function isOwnPod(pod: Pod, { client, job, pods }: JobContext): Promise<boolean> {
  const there = await client.get(PODS, { namespace: pod.metadata?.namespace, name: pod.metadata?.name ?? '' });
  if (controllerOf(there)?.uid !== job.metadata?.uid) return false;
  pods.observe(there);
  return true;
}

async function deletePod(pod: Pod, uncounted: boolean, context: JobContext): Promise<void> {
  const { client, job, pods, recorder } = context;
  if (uncounted) await stripFinalizer(pod, context);
  const name = pod.metadata?.name ?? '';
  try {
    const answer = await client.delete(PODS, { namespace: pod.metadata?.namespace, name }, { preconditions: { uid: pod.metadata?.uid }, propagationPolicy: 'Background' });
    if (answer.kind === 'Pod') pods.observe(answer as Pod);
    recorder.event(job, podDeleted(name));
  } catch (error) {
    if (isNotFound(error)) return;
    recorder.event(job, { type: 'Warning', reason: 'FailedDelete', message: `Error deleting: ${(error as Error).message}` });
    throw error;
  }
}

export async function stripFinalizer(pod: Pod, { client, pods }: Pick<JobContext, 'client' | 'pods'>): Promise<void> {
  await patchPod(pod, { metadata: { uid: pod.metadata?.uid, '$deleteFromPrimitiveList/finalizers': [JOB_TRACKING_FINALIZER] } }, { client, pods });
}

async function adoptPod(pod: Pod, context: JobContext): Promise<void> {
  const { job } = context;
  const owner: OwnerReference = { apiVersion: 'batch/v1', kind: 'Job', name: job.metadata?.name ?? '', uid: job.metadata?.uid ?? '', controller: true, blockOwnerDeletion: true };
  await patchPod(pod, { metadata: { uid: pod.metadata?.uid, ownerReferences: [owner], finalizers: [JOB_TRACKING_FINALIZER] } }, context);
}

async function releasePod(pod: Pod, context: JobContext): Promise<void> {
  const ownerReferences = [{ $patch: 'delete', uid: context.job.metadata?.uid }];
  await patchPod(pod, { metadata: { uid: pod.metadata?.uid, ownerReferences, '$deleteFromPrimitiveList/finalizers': [JOB_TRACKING_FINALIZER] } }, context);
}

/** A Pod that is gone needs no change. */
async function patchPod(pod: Pod, body: unknown, { client, pods }: Pick<JobContext, 'client' | 'pods'>): Promise<void> {
  const target = { namespace: pod.metadata?.namespace, name: pod.metadata?.name ?? '' };
  try {
    pods.observe(await client.patch(PODS, target, { type: 'strategic', body }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
