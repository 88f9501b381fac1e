// pure: what a Pod's volumes must be.
import { checkLabel } from '../dns-name.ts';
import { child, forbidden, index, invalid, required, type FieldError } from '../field-errors.ts';
import { eachItem, optionalOneOf, requiredName, unique } from '../field-rules.ts';
import type { HostPathVolumeSource, KeyToPath, Volume } from '../generated/types.ts';
import { parseQuantity } from '../quantity.ts';
import { validateClaimSpec } from '../volume/validate-claim.ts';
import { validateMode, validateNoBacksteps } from './validate-paths.ts';
import { validateProjections } from './validate-projections.ts';
import { validateDownwardFile, validateKeyToPath } from './validate-volume-files.ts';

export function validateVolumes(volumes: readonly Volume[], path: string): FieldError[] {
  return [
    ...eachItem(volumes, path, (volume, at) => [...validateSources(volume, at), ...requiredName(volume.name, checkLabel, child(at, 'name'))]),
    ...unique(volumes.map(({ name }) => name), (row) => child(index(path, row), 'name')),
  ];
}

/** The first source is judged, the others are too many. */
function validateSources(volume: Volume, path: string): FieldError[] {
  const [first, ...more] = Object.keys(volume).filter((field) => field !== 'name');
  if (first === undefined) return [required(path, 'must specify a volume type')];
  return [...validateSource(volume, path), ...more.map((source) => forbidden(child(path, source), 'may not specify more than 1 volume type'))];
}

function validateSource({ configMap, secret, emptyDir, hostPath, downwardAPI, projected, persistentVolumeClaim, ephemeral, nfs, image }: Volume, path: string): FieldError[] {
  if (configMap !== undefined) return validateKeyed(configMap, child(path, 'configMap'), { name: 'name' });
  if (secret !== undefined) return validateKeyed({ ...secret, name: secret.secretName }, child(path, 'secret'), { name: 'secretName' });
  if (emptyDir !== undefined) {
    const isNegative = (parseQuantity(emptyDir.sizeLimit ?? '0') ?? 0n) < 0n;
    return isNegative ? [forbidden(child(path, 'emptyDir.sizeLimit'), 'SizeLimit field must be a valid resource quantity')] : [];
  }
  if (hostPath !== undefined) return validateHostPath(hostPath, child(path, 'hostPath'));
  if (downwardAPI !== undefined) {
    const at = child(path, 'downwardAPI');
    return [...validateMode(downwardAPI.defaultMode, child(at, 'defaultMode')), ...(downwardAPI.items ?? []).flatMap((file) => validateDownwardFile(file, at))];
  }
  if (projected !== undefined) return validateProjections(projected, child(path, 'projected'));
  if (persistentVolumeClaim !== undefined) return requiredName(persistentVolumeClaim.claimName, () => [], child(path, 'persistentVolumeClaim.claimName'));
  if (ephemeral !== undefined) {
    const at = child(path, 'ephemeral.volumeClaimTemplate');
    return ephemeral.volumeClaimTemplate === undefined ? [required(at)] : validateClaimSpec(ephemeral.volumeClaimTemplate.spec ?? {}, child(at, 'spec'));
  }
  if (nfs !== undefined) {
    const at = child(path, 'nfs');
    return [
      ...requiredName(nfs.server, () => [], child(at, 'server')),
      ...requiredName(nfs.path, () => [], child(at, 'path')),
      ...((nfs.path ?? '').startsWith('/') ? [] : [invalid(child(at, 'path'), nfs.path ?? '', 'must be an absolute path')]),
    ];
  }
  return image === undefined ? [] : requiredName(image.reference, () => [], child(path, 'image.reference'));
}

interface Keyed {
  readonly name?: string;
  readonly defaultMode?: number;
  readonly items?: readonly KeyToPath[];
}

function validateKeyed(source: Keyed, path: string, field: { readonly name: string }): FieldError[] {
  return [
    ...requiredName(source.name, () => [], child(path, field.name)),
    ...validateMode(source.defaultMode, child(path, 'defaultMode')),
    ...eachItem(source.items, child(path, 'items'), validateKeyToPath),
  ];
}

const HOST_PATH_TYPES = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

export function validateHostPath({ path: target = '', type }: HostPathVolumeSource, path: string): FieldError[] {
  if (target === '') return [required(child(path, 'path'))];
  return [...validateNoBacksteps(target, child(path, 'path')), ...optionalOneOf(type, HOST_PATH_TYPES, child(path, 'type'))];
}
