// pure: upstream's defaults of a volume: modes, the version of downward references, the life of tokens.
import type { DownwardAPIVolumeFile, ObjectFieldSelector, ResourceFieldSelector, Volume, VolumeProjection } from '../generated/types.ts';
import { defaultClaimSpec } from '../volume/defaults.ts';

const DEFAULT_MODE = 0o644;
const TOKEN_SECONDS = 3600;

/** A volume without a source is an emptyDir. */
export function defaultVolume(volume: Volume): Volume {
  if (Object.keys(volume).every((name) => name === 'name')) return { ...volume, emptyDir: {} };
  const { configMap, secret, downwardAPI, projected, hostPath, ephemeral } = volume;
  return {
    ...volume,
    ...(configMap === undefined ? {} : { configMap: withMode(configMap) }),
    ...(secret === undefined ? {} : { secret: withMode(secret) }),
    ...(downwardAPI === undefined ? {} : { downwardAPI: { ...withMode(downwardAPI), ...withFiles(downwardAPI.items) } }),
    ...(projected === undefined ? {} : { projected: { ...withMode(projected), ...(projected.sources === undefined ? {} : { sources: projected.sources.map(defaultProjection) }) } }),
    ...(ephemeral?.volumeClaimTemplate === undefined ? {} : { ephemeral: { volumeClaimTemplate: { ...ephemeral.volumeClaimTemplate, spec: defaultClaimSpec(ephemeral.volumeClaimTemplate.spec) } } }),
    ...(hostPath === undefined ? {} : { hostPath: { ...hostPath, type: hostPath.type ?? '' } }),
  };
}

export function defaultFieldRef(ref: ObjectFieldSelector): ObjectFieldSelector {
  return { ...ref, apiVersion: ref.apiVersion || 'v1' };
}

/** Zero stands for one. */
export function defaultResourceFieldRef(ref: ResourceFieldSelector): ResourceFieldSelector {
  return { ...ref, divisor: ref.divisor ?? '0' };
}

function withMode<T extends { readonly defaultMode?: number }>(source: T): T {
  return { ...source, defaultMode: source.defaultMode ?? DEFAULT_MODE };
}

function withFiles(items: readonly DownwardAPIVolumeFile[] | undefined): { items?: DownwardAPIVolumeFile[] } {
  if (items === undefined) return {};
  return {
    items: items.map((file) => ({
      ...file,
      ...(file.fieldRef === undefined ? {} : { fieldRef: defaultFieldRef(file.fieldRef) }),
      ...(file.resourceFieldRef === undefined ? {} : { resourceFieldRef: defaultResourceFieldRef(file.resourceFieldRef) }),
    })),
  };
}

function defaultProjection(source: VolumeProjection): VolumeProjection {
  const { downwardAPI, serviceAccountToken } = source;
  return {
    ...source,
    ...(downwardAPI === undefined ? {} : { downwardAPI: { ...downwardAPI, ...withFiles(downwardAPI.items) } }),
    ...(serviceAccountToken === undefined ? {} : { serviceAccountToken: { ...serviceAccountToken, expirationSeconds: serviceAccountToken.expirationSeconds ?? TOKEN_SECONDS } }),
  };
}
