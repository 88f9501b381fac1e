// pure: paths inside volumes: relative, and never out of the volume.
import { invalid, type FieldError } from '../field-errors.ts';

/** Relative, without "..". */
export function validateLocalPath(path: string, field: string): FieldError[] {
  return [...(path.startsWith('/') ? [invalid(field, path, 'must be a relative path')] : []), ...validateNoBacksteps(path, field)];
}

/** Also not where the kubelet keeps its own: names that begin with "..". */
export function validateFilePath(path: string, field: string): FieldError[] {
  const reserved = path.startsWith('..') && !path.startsWith('../') && path !== '..';
  return [...validateLocalPath(path, field), ...(reserved ? [invalid(field, path, "must not start with '..'")] : [])];
}

export function validateNoBacksteps(path: string, field: string): FieldError[] {
  return path.split('/').includes('..') ? [invalid(field, path, "must not contain '..'")] : [];
}

export function validateMode(mode: number | undefined, field: string): FieldError[] {
  return mode === undefined || (mode >= 0 && mode <= 0o777) ? [] : [invalid(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}
