// pure: what every stored object has in common, and how objects are named in messages and keys.
import type { ObjectMeta, OwnerReference } from './generated/types.ts';

/** Any object of the API. Objects got from a client, an informer or the store are shared: copy before changing. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

export interface ObjectName {
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

/** "namespace/name", or "name" for cluster-scoped objects: the key of work queues and informers. */
export function objectKey({ namespace, name }: ObjectName): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

export function parseObjectKey(key: string): ObjectName {
  const slash = key.indexOf('/');
  return slash < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

export function keyOf(object: KubeObject): string {
  return objectKey({ namespace: object.metadata?.namespace ?? '', name: object.metadata?.name ?? '' });
}

/** The owner that controls the object, if any. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find((owner) => owner.controller === true);
}
