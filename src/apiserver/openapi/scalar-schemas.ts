// pure: the schemas of scalars. Those that Go has a type of its own for are named, as upstream names them.
import { reference } from './schema-names.ts';

/** Type of our schema -> name. */
const NAMES: Readonly<Record<string, string>> = {
  date: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  microdate: 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  any: 'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1',
};

/** Name -> schema: part of every document. */
export const NAMED_SCALARS: Readonly<Record<string, object>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': { description: 'A time in RFC 3339 form, to the second.', type: 'string', format: 'date-time' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': { description: 'A time in RFC 3339 form, to the microsecond.', type: 'string', format: 'date-time' },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    description: 'An amount of a resource: a decimal number with an optional suffix, such as 500m, 2, 1.5G or 64Mi.',
    oneOf: [{ type: 'string' }, { type: 'number' }],
  },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    description: 'A whole number, or a name or percentage as text.',
    format: 'int-or-string',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': { description: 'A set of fields, as a tree of their names.', type: 'object' },
};

export function scalarSchema(type: string): Record<string, unknown> {
  const name = NAMES[type];
  if (name !== undefined) return reference(name);
  switch (type) {
    case 'int32':
    case 'int64':
      return { type: 'integer', format: type };
    case 'double':
      return { type: 'number', format: 'double' };
    case 'bool':
      return { type: 'boolean' };
    case 'bytes':
      return { type: 'string', format: 'byte' };
    default:
      return { type: 'string' };
  }
}
