// pure: what a Pod's volumes must be.
import { checkConfigKey, checkLabel } from '../dns-name.ts';
import { child, duplicate, forbidden, index, invalid, notSupported, required, type FieldError } from '../field-errors.ts';
import type { DownwardAPIVolumeFile, KeyToPath, Volume } from '../generated/types.ts';
import { parseQuantity } from '../quantity.ts';
import { validateSubPath } from './validate-containers.ts';

const HOST_PATH_TYPES = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

export function validateVolumes(volumes: readonly Volume[], path: string): FieldError[] {
  const seen = new Set<string>();
  return volumes.flatMap((volume, row) => {
    const at = index(path, row);
    const { name = '' } = volume;
    const again = seen.has(name);
    seen.add(name);
    const sources = Object.keys(volume).filter((field) => field !== 'name');
    return [
      ...(name === '' ? [required(child(at, 'name'))] : checkLabel(name).map((problem) => invalid(child(at, 'name'), name, problem))),
      ...(again ? [duplicate(child(at, 'name'), name)] : []),
      ...sources.slice(1).map((source) => forbidden(child(at, source), 'may not specify more than 1 volume type')),
      ...validateSource(volume, at),
    ];
  });
}

function validateSource(volume: Volume, path: string): FieldError[] {
  const { configMap, secret, emptyDir, hostPath, downwardAPI, projected, persistentVolumeClaim } = volume;
  if (configMap !== undefined) {
    const at = child(path, 'configMap');
    return [...((configMap.name ?? '') === '' ? [required(child(at, 'name'))] : []), ...mode(configMap.defaultMode, at), ...items(configMap.items, at)];
  }
  if (secret !== undefined) {
    const at = child(path, 'secret');
    return [...((secret.secretName ?? '') === '' ? [required(child(at, 'secretName'))] : []), ...mode(secret.defaultMode, at), ...items(secret.items, at)];
  }
  if (emptyDir !== undefined) {
    const negative = emptyDir.sizeLimit !== undefined && (parseQuantity(emptyDir.sizeLimit) ?? 0n) < 0n;
    return negative ? [forbidden(child(child(path, 'emptyDir'), 'sizeLimit'), 'SizeLimit field must be a valid resource quantity')] : [];
  }
  if (hostPath !== undefined) return validateHostPath(hostPath.path ?? '', hostPath.type ?? '', child(path, 'hostPath'));
  if (downwardAPI !== undefined) return files(downwardAPI.items ?? [], child(path, 'downwardAPI'));
  if (persistentVolumeClaim !== undefined) {
    return (persistentVolumeClaim.claimName ?? '') === '' ? [required(child(child(path, 'persistentVolumeClaim'), 'claimName'))] : [];
  }
  return (projected?.sources ?? []).flatMap((source, row) => {
    const at = index(child(child(path, 'projected'), 'sources'), row);
    return [
      ...(source.configMap === undefined ? [] : items(source.configMap.items, child(at, 'configMap'))),
      ...(source.secret === undefined ? [] : items(source.secret.items, child(at, 'secret'))),
      ...(source.downwardAPI === undefined ? [] : files(source.downwardAPI.items ?? [], child(at, 'downwardAPI'))),
    ];
  });
}

function validateHostPath(path: string, type: string, at: string): FieldError[] {
  return [
    ...(path === '' ? [required(child(at, 'path'))] : path.split('/').includes('..') ? [invalid(child(at, 'path'), path, "must not contain '..'")] : []),
    ...(HOST_PATH_TYPES.includes(type) ? [] : [notSupported(child(at, 'type'), type, HOST_PATH_TYPES)]),
  ];
}

function mode(value: number | undefined, path: string, field = 'defaultMode'): FieldError[] {
  return value === undefined || (value >= 0 && value <= 0o777) ? [] : [invalid(child(path, field), value, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

function items(list: readonly KeyToPath[] | undefined, path: string): FieldError[] {
  return (list ?? []).flatMap((item, row) => {
    const at = index(child(path, 'items'), row);
    return [
      ...((item.key ?? '') === '' ? [required(child(at, 'key'))] : checkConfigKey(item.key).map((problem) => invalid(child(at, 'key'), item.key, problem))),
      ...((item.path ?? '') === '' ? [required(child(at, 'path'))] : validateSubPath(item.path, child(at, 'path'))),
      ...mode(item.mode, at, 'mode'),
    ];
  });
}

function files(list: readonly DownwardAPIVolumeFile[], path: string): FieldError[] {
  return list.flatMap((item, row) => {
    const at = index(child(path, 'items'), row);
    const sources = [item.fieldRef, item.resourceFieldRef].filter((source) => source !== undefined).length;
    return [
      ...((item.path ?? '') === '' ? [required(child(at, 'path'))] : validateSubPath(item.path, child(at, 'path'))),
      ...(sources === 0 ? [required(at, 'one of fieldRef and resourceFieldRef is required')] : []),
      ...(sources > 1 ? [invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')] : []),
      ...mode(item.mode, at, 'mode'),
    ];
  });
}
