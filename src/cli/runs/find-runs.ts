// Pods of a Job and every run of their containers that anybody still knows of.
import type { Attempt } from '../../api/attempt/attempt.ts';
import type { Job, Pod } from '../../api/generated/types.ts';
import { CONTROLLER_UID_LABEL } from '../../api/job/labels.ts';
import { JOBS, PODS } from '../../api/kinds.ts';
import { controllerOf } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import { createAttemptReader, NoAttemptsError } from '../../client/attempts.ts';
import type { Client } from '../../client/client.ts';

export interface JobRuns {
  /** Absent: it is gone, or never was. */
  readonly job: Job | undefined;
  readonly pods: readonly Pod[];
  /** Of this Job only; when it is gone, of the last one that had its name. */
  readonly attempts: readonly Attempt[];
}

export async function findJobRuns(client: Client, { namespace, name }: { readonly namespace: string; readonly name: string }): Promise<JobRuns> {
  const [job, all] = await Promise.all([orAbsent(client.get(JOBS, { namespace, name })), attemptsOf(client, { namespace, job: name })]);
  const uid = job?.metadata?.uid ?? all.at(-1)?.job?.uid;
  const pods = uid === undefined ? [] : await podsOfJob(client, { namespace, uid });
  return { job, pods, attempts: all.filter((attempt) => attempt.job?.uid === uid) };
}

export async function podsOfJob(client: Client, { namespace, uid }: { readonly namespace: string; readonly uid: string }): Promise<readonly Pod[]> {
  const { items } = await client.list(PODS, { namespace, labelSelector: `${CONTROLLER_UID_LABEL}=${uid}` });
  const owned = items.filter((pod) => controllerOf(pod)?.uid === uid);
  // A Job with a selector of its own need not put that label on its Pods.
  if (owned.length > 0) return owned;
  return (await client.list(PODS, { namespace })).items.filter((pod) => controllerOf(pod)?.uid === uid);
}

/** None where the server keeps none. */
export async function attemptsOf(client: Client, query: { readonly namespace: string; readonly job?: string; readonly pod?: string }): Promise<readonly Attempt[]> {
  try {
    return await createAttemptReader(client).list(query);
  } catch (error) {
    if (error instanceof NoAttemptsError) return [];
    throw error;
  }
}

export async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
