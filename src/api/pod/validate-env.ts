// pure: what a container's environment must be.
import { checkConfigKey, checkEnvName, checkSubdomain } from '../dns-name.ts';
import { child, invalid, type FieldError } from '../field-errors.ts';
import { eachItem, named, optionalName, requiredName } from '../field-rules.ts';
import type { Container, EnvFromSource, EnvVar, EnvVarSource } from '../generated/types.ts';
import { ENV_FIELDS, validateFieldRef, validateResourceFieldRef } from './validate-field-ref.ts';

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'] as const;

export function validateEnv(container: Container, path: string): FieldError[] {
  const fromPath = child(path, 'envFrom');
  return [
    ...eachItem(container.env, child(path, 'env'), validateVariable),
    ...eachItem(container.envFrom, fromPath, (source, at) => validateFrom(source, at, fromPath)),
  ];
}

function validateVariable({ name, value = '', valueFrom }: EnvVar, path: string): FieldError[] {
  const naming = requiredName(name, checkEnvName, child(path, 'name'));
  if (valueFrom === undefined) return naming;
  const at = child(path, 'valueFrom');
  return [...naming, ...validateSource(valueFrom, at), ...sourceCount(SOURCES.filter((source) => valueFrom[source] !== undefined).length, value, at)];
}

function sourceCount(count: number, value: string, path: string): FieldError[] {
  if (count === 0) return [invalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`')];
  if (value !== '') return [invalid(path, '', 'may not be specified when `value` is not empty')];
  return count > 1 ? [invalid(path, '', 'may not have more than one field specified at a time')] : [];
}

function validateSource({ fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef }: EnvVarSource, path: string): FieldError[] {
  return [
    ...(fieldRef === undefined ? [] : validateFieldRef(fieldRef, child(path, 'fieldRef'), ENV_FIELDS)),
    ...(resourceFieldRef === undefined ? [] : validateResourceFieldRef(resourceFieldRef, child(path, 'resourceFieldRef'), { inVolume: false })),
    ...(configMapKeyRef === undefined ? [] : validateKeyRef(configMapKeyRef, child(path, 'configMapKeyRef'))),
    ...(secretKeyRef === undefined ? [] : validateKeyRef(secretKeyRef, child(path, 'secretKeyRef'))),
  ];
}

function validateKeyRef({ name = '', key }: { readonly name?: string; readonly key?: string }, path: string): FieldError[] {
  return [...named(name, checkSubdomain, child(path, 'name')), ...requiredName(key, checkConfigKey, child(path, 'key'))];
}

/** How many sources there are is reported on the list, as upstream does. */
function validateFrom({ prefix, configMapRef, secretRef }: EnvFromSource, path: string, listPath: string): FieldError[] {
  const given = [configMapRef, secretRef].filter((source) => source !== undefined).length;
  return [
    ...optionalName(prefix, checkEnvName, child(path, 'prefix')),
    ...(configMapRef === undefined ? [] : requiredName(configMapRef.name, checkSubdomain, child(child(path, 'configMapRef'), 'name'))),
    ...(secretRef === undefined ? [] : requiredName(secretRef.name, checkSubdomain, child(child(path, 'secretRef'), 'name'))),
    ...(given === 0 ? [invalid(listPath, '', 'must specify one of: `configMapRef` or `secretRef`')] : []),
    ...(given > 1 ? [invalid(listPath, '', 'may not have more than one field specified at a time')] : []),
  ];
}
