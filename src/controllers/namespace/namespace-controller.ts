// Empties a namespace that is being deleted, then lets it go.
import type { Namespace, NamespaceCondition } from '../../api/generated/types.ts';
import { apiVersionOf, NAMESPACES, RESOURCES, type Resource } from '../../api/kinds.ts';
import { sameValue } from '../../api/equality.ts';
import { keyOf, type KubeObject } from '../../api/object.ts';
import { isNotFound, resourceText } from '../../api/status-error.ts';
import { toTime } from '../../api/time.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { namespaceConditions, type Remaining } from './namespace-conditions.ts';

const LOOK_AGAIN_MS = 250;
const LOOK_AGAIN_CAP_MS = 5_000;
const EMPTIED = RESOURCES.filter((row) => row.namespaced && row.storedAs === undefined);

export interface NamespaceOptions {
  readonly client: Client;
  readonly namespaces: Informer<Namespace>;
  readonly clock: Clock;
}

export function createNamespaceController({ client, namespaces, clock }: NamespaceOptions): Controller {
  return {
    name: 'namespace',
    connect(enqueue) {
      const stop = namespaces.onChange(({ key, after }) => {
        if (after?.metadata?.deletionTimestamp !== undefined) enqueue(key);
      });
      for (const namespace of namespaces.list()) if (namespace.metadata?.deletionTimestamp !== undefined) enqueue(keyOf(namespace));
      return stop;
    },
    async reconcile(name) {
      const namespace = namespaces.get(name);
      if (namespace?.metadata?.deletionTimestamp === undefined) return {};
      const remaining = (await Promise.all(EMPTIED.map((resource) => empty(client, resource, name)))).filter(({ count }) => count > 0);
      if (remaining.length === 0) {
        await finalize(client, namespace);
        return {};
      }
      await report(client, namespaces, { namespace, remaining, now: clock.now() });
      const waited = clock.now() - Date.parse(namespace.metadata.deletionTimestamp);
      return { requeueAfterMs: Math.min(Math.max(LOOK_AGAIN_MS, waited / 4), LOOK_AGAIN_CAP_MS) };
    },
  };
}

/** Deletes everything of one kind; what stays has finalizers or a grace period. */
async function empty(client: Client, resource: Resource, namespace: string): Promise<Remaining> {
  const typed = resource as Resource<KubeObject>;
  await client.deleteCollection(typed, { namespace }, { propagationPolicy: 'Background' });
  const { items } = await client.list(typed, { namespace });
  const finalizers = items.flatMap(({ metadata }) => metadata?.finalizers ?? []);
  return { resource: `${resourceText(resource)}`, apiVersion: apiVersionOf(resource), count: items.length, finalizers };
}

async function finalize(client: Client, namespace: Namespace): Promise<void> {
  try {
    await client.update(NAMESPACES, { ...namespace, spec: { finalizers: [] } }, { subresource: 'finalize' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function report(client: Client, namespaces: Informer<Namespace>, at: { readonly namespace: Namespace; readonly remaining: readonly Remaining[]; readonly now: number }): Promise<void> {
  const conditions: NamespaceCondition[] = namespaceConditions(at.remaining, at.namespace.status?.conditions ?? [], toTime(at.now));
  if (sameValue(conditions, at.namespace.status?.conditions)) return;
  try {
    namespaces.observe(await client.updateStatus(NAMESPACES, { ...at.namespace, status: { ...at.namespace.status, conditions } }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
