// Deletes an object, waits until it is gone, and makes it anew.
import type { KubeObject } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client, WriteOptions } from '../../client/client.ts';
import type { LocatedManifest } from '../manifests/locate.ts';
import type { DeletePlan } from './delete-flags.ts';
import { deletionText } from './deletion-text.ts';
import { errorWhen } from './failures.ts';
import { waitGone } from './wait-gone.ts';

export interface ForceOptions {
  readonly plan: DeletePlan;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onDeleted?: (text: string) => Promise<void>;
}

export async function replaceByForce(
  { resource, namespace, name, object, source }: LocatedManifest,
  options: ForceOptions & { readonly client: Client; readonly write: WriteOptions },
): Promise<KubeObject> {
  const { client, plan, clock, signal } = options;
  try {
    const before = await client.get(resource, { namespace, name });
    await client.delete(resource, { namespace, name }, plan.options);
    await options.onDeleted?.(deletionText({ resource, namespace, name }, plan));
    await waitGone([{ resource, namespace, name, uid: before.metadata?.uid }], { client, clock, signal, timeoutMs: plan.timeoutMs });
  } catch (error) {
    if (!isNotFound(error)) throw errorWhen('deleting', { error, file: source.name });
  }
  try {
    const { resourceVersion: _old, uid: _uid, ...metadata } = object.metadata ?? {};
    return await client.create(resource, { ...object, metadata }, options.write);
  } catch (error) {
    throw errorWhen('creating', { error, file: source.name });
  }
}
