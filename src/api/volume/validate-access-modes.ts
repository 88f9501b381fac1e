// pure: what access modes and volume modes may be; the same for claims and volumes.
import { child, forbidden, notSupported, required, type FieldError } from '../field-errors.ts';
import { optionalOneOf } from '../field-rules.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

export function validateAccessModes(modes: readonly string[] | undefined, path: string, whenNone = ''): FieldError[] {
  const field = child(path, 'accessModes');
  const given = modes ?? [];
  if (given.length === 0) return [required(field, whenNone)];
  const isMixed = given.includes('ReadWriteOncePod') && given.some((mode) => mode !== 'ReadWriteOncePod');
  return [
    ...given.filter((mode) => !ACCESS_MODES.includes(mode)).map((mode) => notSupported(field, mode, ACCESS_MODES)),
    ...(isMixed ? [forbidden(field, 'may not use ReadWriteOncePod with other access modes')] : []),
  ];
}

export function validateVolumeMode(mode: string | undefined, path: string): FieldError[] {
  return optionalOneOf(mode, ['Block', 'Filesystem'], child(path, 'volumeMode'));
}
