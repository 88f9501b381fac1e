// pure: what a projected volume must be: several sources in one folder, no two of them for one path.
import { checkTokenSeconds } from '../account/token-request.ts';
import { child, forbidden, index, invalid, required, type FieldError } from '../field-errors.ts';
import { eachItem } from '../field-rules.ts';
import type { KeyToPath, ProjectedVolumeSource, ServiceAccountTokenProjection, VolumeProjection } from '../generated/types.ts';
import { validateFilePath, validateMode } from './validate-paths.ts';
import { validateDownwardFile, validateKeyToPath } from './validate-volume-files.ts';

export function validateProjections({ defaultMode, sources = [] }: ProjectedVolumeSource, path: string): FieldError[] {
  const taken = new Set<string>();
  const claim = (target: string, shown: string): FieldError[] => {
    const again = taken.has(target);
    taken.add(target);
    return again && target !== '' ? [invalid(path, shown, 'conflicting duplicate paths')] : [];
  };
  return [
    ...validateMode(defaultMode, child(path, 'defaultMode')),
    ...sources.flatMap((source, row) => [
      ...validateKeyed(source, index(child(path, 'sources'), row), claim),
      ...(source.serviceAccountToken === undefined ? [] : validateToken(source.serviceAccountToken, index(child(path, 'sources'), row), path)),
      ...(Object.keys(source).length > 1 ? [forbidden(index(child(path, 'sources'), row), 'may not specify more than 1 volume type per source')] : []),
    ]),
  ];
}

type Claim = (target: string, shown: string) => FieldError[];

function validateKeyed({ configMap, secret, downwardAPI }: VolumeProjection, path: string, claim: Claim): FieldError[] {
  const keyed = (source: { readonly name?: string; readonly items?: readonly KeyToPath[] } | undefined, at: string): FieldError[] => {
    if (source === undefined) return [];
    const { name = '', items } = source;
    return [
      ...(name === '' ? [required(child(at, 'name'))] : []),
      ...eachItem(items, child(at, 'items'), (item, field) => [...validateKeyToPath(item, field), ...claim(item.path ?? '', name)]),
    ];
  };
  return [
    ...keyed(secret, child(path, 'secret')),
    ...keyed(configMap, child(path, 'configMap')),
    ...(downwardAPI?.items ?? []).flatMap((file) => [...validateDownwardFile(file, child(path, 'downwardAPI')), ...claim(file.path ?? '', file.path ?? '')]),
  ];
}

/** Upstream reports the path on the volume. */
function validateToken({ expirationSeconds = 3600, path: target = '' }: ServiceAccountTokenProjection, path: string, volumePath: string): FieldError[] {
  const field = child(path, 'serviceAccountToken.expirationSeconds');
  return [
    ...checkTokenSeconds(expirationSeconds, field),
    ...(target === '' ? [required(child(volumePath, 'path'))] : validateFilePath(target, child(volumePath, 'path'))),
  ];
}
