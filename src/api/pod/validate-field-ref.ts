// pure: what a Pod may ask of itself: fields of its object, resources of its containers.
import { child, invalid, notSupported, required, type FieldError } from '../field-errors.ts';
import { named } from '../field-rules.ts';
import { checkQualifiedName } from '../dns-name.ts';
import type { ObjectFieldSelector, ResourceFieldSelector } from '../generated/types.ts';
import { canonicalQuantity, parseQuantity } from '../quantity.ts';

/** In the environment. */
export const ENV_FIELDS: readonly string[] = [
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
/** In volumes. */
export const VOLUME_FIELDS: readonly string[] = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
/** Fields that upstream knows at all; others cannot even be converted. */
const KNOWN_FIELDS = new Set([...ENV_FIELDS, ...VOLUME_FIELDS, 'spec.restartPolicy', 'spec.schedulerName', 'status.phase', 'spec.hostNetwork']);

export function validateFieldRef({ apiVersion = 'v1', fieldPath = '' }: ObjectFieldSelector, path: string, supported: readonly string[]): FieldError[] {
  const field = child(path, 'fieldPath');
  if (fieldPath === '') return [required(field)];
  if (apiVersion !== 'v1') return [invalid(field, fieldPath, `error converting fieldPath: unsupported pod version: ${apiVersion}`)];
  const subscripted = /^(.+)\['(.*)'\]$/s.exec(fieldPath);
  const [, map = fieldPath, key = ''] = subscripted ?? [];
  if (!KNOWN_FIELDS.has(map)) return [invalid(field, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`)];
  if (subscripted === null) return supported.includes(fieldPath) ? [] : [notSupported(field, fieldPath, supported)];
  switch (map) {
    case 'metadata.annotations':
      return named(key.toLowerCase(), checkQualifiedName, path);
    case 'metadata.labels':
      return named(key, checkQualifiedName, path);
    default:
      return [invalid(path, map, 'does not support subscript')];
  }
}

const RESOURCES = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory'];
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

export function validateResourceFieldRef({ containerName = '', resource = '', divisor }: ResourceFieldSelector, path: string, { inVolume }: { readonly inVolume: boolean }): FieldError[] {
  const field = child(path, 'resource');
  const isHugePages = /^(?:limits|requests)\.hugepages-/.test(resource);
  const naming = ((): FieldError[] => {
    if (inVolume && containerName === '') return [required(child(path, 'containerName'))];
    if (resource === '') return [required(field)];
    return RESOURCES.includes(resource) || isHugePages ? [] : [notSupported(field, resource, RESOURCES)];
  })();
  return [...naming, ...validateDivisor(resource, divisor, child(path, 'divisor'))];
}

function validateDivisor(resource: string, divisor: string | undefined, field: string): FieldError[] {
  if (divisor === undefined || parseQuantity(divisor) === 0n) return [];
  const text = canonicalQuantity(divisor);
  const wrong = (what: string, values: readonly string[], and: string): FieldError[] =>
    values.includes(text) ? [] : [invalid(field, resource, `only divisor's values ${values.join(and)} are supported with the ${what} resource`)];
  switch (resource.replace(/^(?:limits|requests)\./, '').replace(/^hugepages-.*/, 'hugepages')) {
    case 'cpu':
      return wrong('cpu', ['1m', '1'], ' and ');
    case 'memory':
      return wrong('memory', BYTE_DIVISORS, ', ');
    case 'ephemeral-storage':
      return wrong('local ephemeral storage', BYTE_DIVISORS, ', ');
    case 'hugepages':
      return wrong('hugepages', BYTE_DIVISORS, ', ');
    default:
      return [];
  }
}
