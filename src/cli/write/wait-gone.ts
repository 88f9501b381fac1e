// Waits until deleted objects are gone: their finalizers have run, their containers have stopped.
import type { Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { isExpired, isNotFound } from '../../api/status-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';

export interface Going {
  readonly resource: Resource<KubeObject>;
  /** '' for cluster-scoped resources. */
  readonly namespace: string;
  readonly name: string;
  /** An object of the same name with another uid is a new one. */
  readonly uid: string | undefined;
}

export interface WaitGoneOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** 0: for ever. */
  readonly timeoutMs: number;
}

/** Rejects when the time is up before the last one is gone. */
export async function waitGone(objects: readonly Going[], options: WaitGoneOptions): Promise<void> {
  const timeout = new AbortController();
  const timer = options.timeoutMs > 0 ? options.clock.setTimer(options.timeoutMs, () => timeout.abort()) : undefined;
  const signal = AbortSignal.any([options.signal, timeout.signal]);
  try {
    for (const object of objects) {
      if (await isGone(object, options.client, signal)) continue;
      options.signal.throwIfAborted();
      throw new Error(`timed out waiting for the condition on ${object.resource.plural}/${object.name}`);
    }
  } finally {
    timer?.cancel();
  }
}

async function isGone(object: Going, client: Client, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const there = await find(object, client);
    if (there === undefined) return true;
    try {
      if (await seesDeletion(object, there, { client, signal })) return true;
    } catch (error) {
      if (!signal.aborted && !isExpired(error)) throw error;
    }
  }
  return false;
}

async function find({ resource, namespace, name, uid }: Going, client: Client): Promise<KubeObject | undefined> {
  try {
    const there = await client.get(resource, { namespace, name });
    return uid !== undefined && there.metadata?.uid !== uid ? undefined : there;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** False when the watch ends before. */
async function seesDeletion(
  { resource, namespace, name }: Going,
  there: KubeObject,
  { client, signal }: { readonly client: Client; readonly signal: AbortSignal },
): Promise<boolean> {
  const resourceVersion = there.metadata?.resourceVersion;
  for await (const event of client.watch(resource, { namespace, fieldSelector: `metadata.name=${name}`, resourceVersion, signal })) {
    if (event.type === 'DELETED') return true;
  }
  return false;
}
