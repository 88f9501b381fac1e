// pure: what a container's environment must be.
import { checkConfigKey, checkEnvName, checkSubdomain } from '../dns-name.ts';
import { child, index, invalid, notSupported, required, type FieldError } from '../field-errors.ts';
import type { Container, EnvFromSource, EnvVar, EnvVarSource } from '../generated/types.ts';

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const;
const FIELDS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const RESOURCES = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory'];

export function validateEnv(container: Container, path: string): FieldError[] {
  return [
    ...(container.env ?? []).flatMap((variable, row) => validateVariable(variable, index(child(path, 'env'), row))),
    ...(container.envFrom ?? []).flatMap((source, row) => validateFrom(source, index(child(path, 'envFrom'), row))),
  ];
}

function validateVariable({ name = '', value = '', valueFrom }: EnvVar, path: string): FieldError[] {
  const naming = name === '' ? [required(child(path, 'name'))] : checkEnvName(name).map((problem) => invalid(child(path, 'name'), name, problem));
  if (valueFrom === undefined) return naming;
  const at = child(path, 'valueFrom');
  const given = SOURCES.filter((source) => valueFrom[source] !== undefined);
  return [
    ...naming,
    ...(given.length === 0 ? [invalid(at, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`')] : []),
    ...(given.length > 1 ? [invalid(at, '', 'may not have more than one field specified at a time')] : []),
    ...(given.length > 0 && value !== '' ? [invalid(at, '', 'may not be specified when `value` is not empty')] : []),
    ...validateSource(valueFrom, at),
  ];
}

function validateSource(source: EnvVarSource, path: string): FieldError[] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  const ref = (field: string, at: { readonly name?: string; readonly key?: string }): FieldError[] => [
    ...((at.name ?? '') === '' ? [required(child(child(path, field), 'name'))] : []),
    ...((at.key ?? '') === '' ? [required(child(child(path, field), 'key'))] : checkConfigKey(at.key!).map((problem) => invalid(child(child(path, field), 'key'), at.key, problem))),
  ];
  return [
    ...(fieldRef === undefined ? [] : validateFieldPath(fieldRef.fieldPath ?? '', child(child(path, 'fieldRef'), 'fieldPath'), FIELDS)),
    ...(resourceFieldRef === undefined || isResource(resourceFieldRef.resource ?? '') ? [] : [notSupported(child(child(path, 'resourceFieldRef'), 'resource'), resourceFieldRef.resource, RESOURCES)]),
    ...(configMapKeyRef === undefined ? [] : ref('configMapKeyRef', configMapKeyRef)),
    ...(secretKeyRef === undefined ? [] : ref('secretKeyRef', secretKeyRef)),
  ];
}

function isResource(name: string): boolean {
  return RESOURCES.includes(name) || /^(?:limits|requests)\.hugepages-/.test(name);
}

export function validateFieldPath(fieldPath: string, field: string, supported: readonly string[]): FieldError[] {
  if (fieldPath === '') return [required(field)];
  const subscript = /^metadata\.(?:annotations|labels)\['[^']+'\]$/.test(fieldPath);
  return subscript || supported.includes(fieldPath) ? [] : [notSupported(field, fieldPath, supported)];
}

function validateFrom({ prefix = '', configMapRef, secretRef }: EnvFromSource, path: string): FieldError[] {
  const named = (field: string, name: string): FieldError[] =>
    name === '' ? [required(child(child(path, field), 'name'))] : checkSubdomain(name).map((problem) => invalid(child(child(path, field), 'name'), name, problem));
  const given = [configMapRef, secretRef].filter((source) => source !== undefined).length;
  return [
    ...(prefix === '' ? [] : checkEnvName(prefix).map((problem) => invalid(child(path, 'prefix'), prefix, problem))),
    ...(given === 0 ? [invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`')] : []),
    ...(given > 1 ? [invalid(path, '', 'may not have more than one field specified at a time')] : []),
    ...(configMapRef === undefined ? [] : named('configMapRef', configMapRef.name ?? '')),
    ...(secretRef === undefined ? [] : named('secretRef', secretRef.name ?? '')),
  ];
}
