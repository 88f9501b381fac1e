// The garbage collector: follows owner references between all kinds that have an informer.
import type { OwnerReference } from '../../api/generated/types.ts';
import { findResourceByKind, type Resource } from '../../api/kinds.ts';
import { keyOf, objectKey, parseObjectKey, type KubeObject } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { Indexes, Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute, type Executors } from '../runtime/executor.ts';
import { FOREGROUND, planGarbage, type GarbageAction, type OwnerState } from './plan-garbage.ts';

const BY_OWNER = 'owner-uid';

export const garbageIndexes: Indexes<KubeObject> = {
  [BY_OWNER]: (object) => (object.metadata?.ownerReferences ?? []).map(({ uid }) => uid),
};

export interface GarbageOptions {
  readonly client: Client;
  /** Every resource that may own or be owned; informers with the index above. */
  readonly informers: ReadonlyMap<Resource, Informer<KubeObject>>;
}

interface GarbageContext extends GarbageOptions {
  readonly resource: Resource;
  readonly object: KubeObject;
}

export function createGarbageController(options: GarbageOptions): Controller {
  const { informers } = options;
  const resources = [...informers.keys()];
  const keyIn = (resource: Resource, object: KubeObject): string => `${resources.indexOf(resource)}:${keyOf(object)}`;
  return {
    name: 'garbage-collector',
    connect(enqueue) {
      const dependentKeys = (uid: string): string[] => resources.flatMap((resource) => informers.get(resource)!.byIndex(BY_OWNER, uid).map((object) => keyIn(resource, object)));
      const stops = resources.map((resource) =>
        informers.get(resource)!.onChange(({ before, after }) => {
          if (after === undefined) {
            for (const key of dependentKeys(before?.metadata?.uid ?? '')) enqueue(key);
            for (const key of waitingOwnerKeys(options, resources, before!)) enqueue(key);
          } else if (needsLook(options, after)) enqueue(keyIn(resource, after));
        }),
      );
      for (const resource of resources) for (const object of informers.get(resource)!.list()) if (needsLook(options, object)) enqueue(keyIn(resource, object));
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key) {
      const separator = key.indexOf(':');
      const resource = resources[Number(key.slice(0, separator))]!;
      const object = informers.get(resource)!.get(key.slice(separator + 1));
      if (object === undefined) return {};
      const owners = await Promise.all((object.metadata?.ownerReferences ?? []).map(async (reference) => ({ reference, state: await ownerState(options, object, reference) })));
      const dependents = dependentsOf(options, object).map(({ object: dependent }) => dependent);
      await execute(planGarbage({ object, owners, dependents }), executors, { ...options, resource, object });
      return {};
    },
  };
}

/** Cheap test on every change: is there anything that could be done about it? */
function needsLook({ informers }: GarbageOptions, object: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [], ownerReferences = [] } = object.metadata ?? {};
  if (deletionTimestamp !== undefined) return finalizers.length > 0;
  return ownerReferences.some((reference) => {
    const owner = findOwner(informers, object, reference);
    return owner?.metadata?.uid !== reference.uid || isWaiting(owner);
  });
}

function isWaiting(owner: KubeObject): boolean {
  return owner.metadata?.deletionTimestamp !== undefined && (owner.metadata.finalizers ?? []).includes(FOREGROUND);
}

function findOwner(informers: GarbageOptions['informers'], object: KubeObject, reference: OwnerReference): KubeObject | undefined {
  const resource = findResourceByKind(reference.apiVersion, reference.kind);
  return resource === undefined ? undefined : informers.get(resource)?.get(ownerKey(resource, object, reference));
}

function ownerKey(resource: Resource, object: KubeObject, { name }: OwnerReference): string {
  return objectKey({ namespace: resource.namespaced ? (object.metadata?.namespace ?? '') : '', name });
}

/** Absence in the copy proves nothing: only the server's word does. An owner of a kind that is not served is left alone. */
async function ownerState({ client, informers }: GarbageOptions, object: KubeObject, reference: OwnerReference): Promise<OwnerState> {
  const resource = findResourceByKind(reference.apiVersion, reference.kind);
  if (resource === undefined) return 'living';
  const known = informers.get(resource)?.get(ownerKey(resource, object, reference));
  if (known?.metadata?.uid === reference.uid) return isWaiting(known) ? 'waiting' : 'living';
  try {
    const live = (await client.get(resource as Resource<KubeObject>, parseObjectKey(ownerKey(resource, object, reference)))) as KubeObject;
    return live.metadata?.uid !== reference.uid ? 'absent' : isWaiting(live) ? 'waiting' : 'living';
  } catch (error) {
    if (isNotFound(error)) return 'absent';
    throw error;
  }
}

function dependentsOf({ informers }: GarbageOptions, owner: KubeObject): { readonly resource: Resource; readonly object: KubeObject }[] {
  return [...informers].flatMap(([resource, informer]) => informer.byIndex(BY_OWNER, owner.metadata?.uid ?? '').map((object) => ({ resource, object })));
}

/** Owners that were waiting for the object that has just gone. */
function waitingOwnerKeys({ informers }: GarbageOptions, resources: readonly Resource[], object: KubeObject): string[] {
  return (object.metadata?.ownerReferences ?? []).flatMap((reference) => {
    const owner = findOwner(informers, object, reference);
    if (owner === undefined || !isWaiting(owner)) return [];
    const resource = findResourceByKind(reference.apiVersion, reference.kind)!;
    return [`${resources.indexOf(resource)}:${keyOf(owner)}`];
  });
}

const executors: Executors<GarbageAction, GarbageContext> = {
  'delete-object': (_action, { client, resource, object }) => deleteObject(client, resource, object),

  'delete-dependents': async ({ dependents }, context) => {
    const wanted = new Set(dependents.map(({ metadata }) => metadata?.uid));
    const found = dependentsOf(context, context.object).filter(({ object }) => wanted.has(object.metadata?.uid));
    await Promise.all(found.map(({ resource, object }) => deleteObject(context.client, resource, object)));
  },

  'drop-owners': ({ uids }, { client, informers, resource, object }) => dropOwners(client, { resource, object, uids, informers }),

  'orphan-dependents': async (_action, context) => {
    const uid = context.object.metadata?.uid ?? '';
    const found = dependentsOf(context, context.object);
    await Promise.all(found.map((dependent) => dropOwners(context.client, { ...dependent, uids: [uid], informers: context.informers })));
  },

  'remove-finalizer': async ({ finalizer }, { client, informers, resource, object }) => {
    const body = { metadata: { uid: object.metadata?.uid, '$deleteFromPrimitiveList/finalizers': [finalizer] } };
    await patchObject(client, { resource, object, body, informers });
  },
};

async function deleteObject(client: Client, resource: Resource, object: KubeObject): Promise<void> {
  const { namespace, name = '', uid } = object.metadata ?? {};
  await client.delete(resource as Resource<KubeObject>, { namespace, name }, { preconditions: { uid }, propagationPolicy: 'Background' }).catch(ignoreNotFound);
}

interface Change {
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly informers: GarbageOptions['informers'];
}

async function dropOwners(client: Client, { uids, ...change }: Change & { readonly uids: readonly string[] }): Promise<void> {
  const ownerReferences = uids.map((uid) => ({ $patch: 'delete', uid }));
  await patchObject(client, { ...change, body: { metadata: { uid: change.object.metadata?.uid, ownerReferences } } });
}

async function patchObject(client: Client, { resource, object, informers, body }: Change & { readonly body: unknown }): Promise<void> {
  const { namespace, name = '' } = object.metadata ?? {};
  const answer = await client.patch(resource as Resource<KubeObject>, { namespace, name }, { type: 'strategic', body }).catch(ignoreNotFound);
  if (answer !== undefined) informers.get(resource)?.observe(answer);
}

function ignoreNotFound(error: unknown): undefined {
  if (isNotFound(error)) return undefined;
  throw error;
}
