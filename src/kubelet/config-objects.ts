// pure: the ConfigMaps, Secrets and claims that a Pod is made of: which it names, and how they are read.
import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, Pod, PodSpec, Secret } from '../api/generated/types.ts';
import { claimNamesOf } from '../api/volume/storage-facts.ts';

export interface ConfigReference {
  readonly kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim';
  readonly name: string;
}

/** The objects of the Pod's namespace; undefined: no such object. */
export interface ConfigObjects {
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
  claim(name: string): Claimed | undefined;
}

export interface Claimed {
  readonly claim: PersistentVolumeClaim;
  /** The one that the claim is bound to, if it is there. */
  readonly volume?: PersistentVolume | undefined;
}

/** Something that the manifest asks for and that is not there (yet): retried until it is. */
export class ConfigError extends Error {
  readonly code = 'ConfigError';

  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

/** Each object once. */
export function configReferences(pod: Pod): readonly ConfigReference[] {
  const { spec } = pod;
  if (spec === undefined) return [];
  const found = [...environmentReferences(spec), ...volumeReferences(spec), ...(spec.imagePullSecrets ?? []).map(({ name }) => secret(name)), ...claimNamesOf(pod).map((name) => ({ kind: 'PersistentVolumeClaim' as const, name }))];
  const byKey = new Map(found.filter(({ name }) => name !== '').map((reference) => [`${reference.kind}/${reference.name}`, reference]));
  return [...byKey.values()];
}

function environmentReferences({ initContainers = [], containers, ephemeralContainers = [] }: PodSpec): ConfigReference[] {
  return [...initContainers, ...containers, ...ephemeralContainers].flatMap(({ env = [], envFrom = [] }) => [
    ...envFrom.flatMap(({ configMapRef, secretRef }) => [...(configMapRef ? [configMap(configMapRef.name)] : []), ...(secretRef ? [secret(secretRef.name)] : [])]),
    ...env.flatMap(({ valueFrom }) => [
      ...(valueFrom?.configMapKeyRef ? [configMap(valueFrom.configMapKeyRef.name)] : []),
      ...(valueFrom?.secretKeyRef ? [secret(valueFrom.secretKeyRef.name)] : []),
    ]),
  ]);
}

function volumeReferences({ volumes = [] }: PodSpec): ConfigReference[] {
  return volumes.flatMap((volume) => [
    ...(volume.configMap ? [configMap(volume.configMap.name)] : []),
    ...(volume.secret ? [secret(volume.secret.secretName)] : []),
    ...(volume.projected?.sources ?? []).flatMap((source) => [
      ...(source.configMap ? [configMap(source.configMap.name)] : []),
      ...(source.secret ? [secret(source.secret.name)] : []),
    ]),
  ]);
}

function configMap(name = ''): ConfigReference {
  return { kind: 'ConfigMap', name };
}

function secret(name = ''): ConfigReference {
  return { kind: 'Secret', name };
}

/** The value of a key; undefined when the object does not have it. */
export function configMapBytes(object: ConfigMap, key: string): Uint8Array | undefined {
  const text = object.data?.[key];
  if (text !== undefined) return new TextEncoder().encode(text);
  return fromBase64(object.binaryData?.[key]);
}

export function secretBytes(object: Secret, key: string): Uint8Array | undefined {
  return fromBase64(object.data?.[key]);
}

function fromBase64(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
