// pure: which resource and which namespace a manifest belongs to.
import { apiVersionOf, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { ManifestError, quoted, type Manifest, type Source } from './manifest.ts';

/** A manifest that the server has a place for. */
export interface LocatedManifest {
  readonly resource: Resource<KubeObject>;
  /** '' for cluster-scoped resources. */
  readonly namespace: string;
  /** '' when only generateName is given. */
  readonly name: string;
  /** Ready to send: its namespace is filled in. */
  readonly object: KubeObject;
  readonly source: Source;
}

export interface NamespaceChoice {
  readonly namespace: string;
  /** -n was given: manifests of other namespaces are refused. */
  readonly namespaceGiven: boolean;
}

export function locateManifest(manifest: Manifest, resources: readonly Resource[], choice: NamespaceChoice): LocatedManifest {
  const { object, source } = manifest;
  const resource = resources.find((one) => one.kind === object.kind && apiVersionOf(one) === object.apiVersion) as Resource<KubeObject> | undefined;
  if (resource === undefined) throw unknownKind(manifest, resources);
  const name = object.metadata?.name ?? '';
  if (!resource.namespaced) return { resource, namespace: '', name, object, source };
  const own = object.metadata?.namespace ?? '';
  if (own !== '' && own !== choice.namespace && choice.namespaceGiven) {
    throw new ManifestError(
      `the namespace from the provided object ${quoted(own)} does not match the namespace ${quoted(choice.namespace)}. You must pass '--namespace=${own}' to perform this operation.`,
    );
  }
  const namespace = own === '' ? choice.namespace : own;
  return { resource, namespace, name, object: { ...object, metadata: { ...object.metadata, namespace } }, source };
}

function unknownKind({ object, source }: Manifest, resources: readonly Resource[]): ManifestError {
  const { name = '', namespace = '' } = object.metadata ?? {};
  const elsewhere = resources.filter((one) => one.kind.toLowerCase() === object.kind.toLowerCase());
  const hint = elsewhere.map((one) => `\ndid you mean apiVersion: ${apiVersionOf(one)}, kind: ${one.kind}?`).join('');
  return new ManifestError(
    `resource mapping not found for name: ${quoted(name)} namespace: ${quoted(namespace)} from ${quoted(source.name)}: ` +
      `no matches for kind ${quoted(object.kind)} in version ${quoted(object.apiVersion)}\nensure CRDs are installed first${hint}`,
  );
}
