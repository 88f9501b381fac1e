// pure: volumes in a description.
import type { ProjectedVolumeSource, Volume } from '../../api/generated/types.ts';
import { accessModesText } from '../../api/volume/storage-facts.ts';
import { annotationLines, indent, labelLines } from './describe-text.ts';

export function volumeLines(volumes: readonly Volume[] | undefined, { inTemplate }: { readonly inTemplate: boolean }): string[] {
  const space = inTemplate ? '  ' : '';
  if (volumes === undefined || volumes.length === 0) return [`${space}Volumes:\t<none>`];
  return [`${space}Volumes:`, ...volumes.flatMap((volume) => [`  ${inTemplate ? ' ' : ''}${volume.name}:`, ...indent(sourceLines(volume), 2)])];
}

function sourceLines(volume: Volume): string[] {
  const { emptyDir, hostPath, configMap, secret, downwardAPI, projected, persistentVolumeClaim, ephemeral } = volume;
  if (hostPath !== undefined) return ['Type:\tHostPath (bare host directory volume)', `Path:\t${hostPath.path}`, `HostPathType:\t${hostPath.type ?? '<none>'}`];
  if (emptyDir !== undefined) {
    return ["Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)", `Medium:\t${emptyDir.medium ?? ''}`, `SizeLimit:\t${emptyDir.sizeLimit ?? '<unset>'}`];
  }
  if (secret !== undefined) return ['Type:\tSecret (a volume populated by a Secret)', `SecretName:\t${secret.secretName}`, `Optional:\t${secret.optional === true}`];
  if (configMap !== undefined) return ['Type:\tConfigMap (a volume populated by a ConfigMap)', `Name:\t${configMap.name}`, `Optional:\t${configMap.optional === true}`];
  if (downwardAPI !== undefined) {
    const items = (downwardAPI.items ?? []).map(({ path, fieldRef, resourceFieldRef }) => `  ${fieldRef?.fieldPath ?? resourceFieldRef?.resource} -> ${path}`);
    return ['Type:\tDownwardAPI (a volume populated by information about the pod)', 'Items:', ...items];
  }
  if (projected !== undefined) return ['Type:\tProjected (a volume that contains injected data from multiple sources)', ...projectedLines(projected)];
  if (persistentVolumeClaim !== undefined) {
    return [
      'Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
      `ClaimName:\t${persistentVolumeClaim.claimName}`,
      `ReadOnly:\t${persistentVolumeClaim.readOnly === true}`,
    ];
  }
  if (ephemeral !== undefined) {
    const { metadata, spec } = ephemeral.volumeClaimTemplate ?? {};
    return [
      'Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
      `StorageClass:\t${spec?.storageClassName ?? ''}`,
      `Volume:\t${spec?.volumeName ?? ''}`,
      ...labelLines('Labels', metadata?.labels),
      ...annotationLines('Annotations', metadata?.annotations),
      'Capacity:\t',
      `Access Modes:\t${spec?.volumeName === undefined ? '' : accessModesText(spec.accessModes)}`,
      `VolumeMode:\t${spec?.volumeMode ?? ''}`,
    ];
  }
  return ['<unknown>'];
}

function projectedLines({ sources = [] }: ProjectedVolumeSource): string[] {
  return sources.flatMap(({ secret, configMap, downwardAPI, serviceAccountToken }) => [
    ...(secret === undefined ? [] : [`SecretName:\t${secret.name}`, `Optional:\t${secret.optional === true}`]),
    ...(downwardAPI === undefined ? [] : ['DownwardAPI:\ttrue']),
    ...(configMap === undefined ? [] : [`ConfigMapName:\t${configMap.name}`, `Optional:\t${configMap.optional === true}`]),
    ...(serviceAccountToken === undefined ? [] : [`TokenExpirationSeconds:\t${serviceAccountToken.expirationSeconds}`]),
  ]);
}
