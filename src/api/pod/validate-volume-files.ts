// pure: what the files of a volume must be: keys of ConfigMaps and Secrets, facts about the Pod.
import { child, invalid, required, type FieldError } from '../field-errors.ts';
import { requiredName } from '../field-rules.ts';
import type { DownwardAPIVolumeFile, KeyToPath } from '../generated/types.ts';
import { VOLUME_FIELDS, validateFieldRef, validateResourceFieldRef } from './validate-field-ref.ts';
import { validateFilePath, validateMode } from './validate-paths.ts';

export function validateKeyToPath({ key, path: target = '', mode }: KeyToPath, path: string): FieldError[] {
  return [
    ...requiredName(key, () => [], child(path, 'key')),
    ...requiredName(target, () => [], child(path, 'path')),
    ...validateFilePath(target, child(path, 'path')),
    ...validateMode(mode, child(path, 'mode')),
  ];
}

/** Upstream reports every file on the volume, without its index. */
export function validateDownwardFile({ path: target = '', fieldRef, resourceFieldRef, mode }: DownwardAPIVolumeFile, path: string): FieldError[] {
  return [
    ...requiredName(target, () => [], child(path, 'path')),
    ...validateFilePath(target, child(path, 'path')),
    ...(fieldRef === undefined ? [] : validateFieldRef(fieldRef, child(path, 'fieldRef'), VOLUME_FIELDS)),
    ...(fieldRef !== undefined && resourceFieldRef !== undefined ? [invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')] : []),
    ...(fieldRef === undefined && resourceFieldRef !== undefined ? validateResourceFieldRef(resourceFieldRef, child(path, 'resourceFieldRef'), { inVolume: true }) : []),
    ...(fieldRef === undefined && resourceFieldRef === undefined ? [required(path, 'one of fieldRef and resourceFieldRef is required')] : []),
    ...validateMode(mode, child(path, 'mode')),
  ];
}
