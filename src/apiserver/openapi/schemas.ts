// pure: models as OpenAPI v3 schemas, from the generated schema and its descriptions.
import { DESCRIPTIONS } from '../../api/generated/descriptions.ts';
import { modelFields, shapeOf, type FieldSchema } from '../../api/schema/schema.ts';
import { schemaName, schemaReference } from './schema-names.ts';

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The models named and all that they refer to. */
export function schemasFor(roots: ReadonlyMap<string, readonly GroupVersionKind[]>): Record<string, object> {
  const schemas: Record<string, object> = {};
  const queue = [...roots.keys()];
  for (let model = queue.pop(); model !== undefined; model = queue.pop()) {
    const name = schemaName(model);
    if (schemas[name] !== undefined) continue;
    schemas[name] = modelSchema(model, roots.get(model) ?? []);
    for (const field of Object.values(modelFields(model))) {
      const inner = shapeOf(field.type.replace(/^(?:\[\]|\{\})+/, ''));
      if (inner.shape === 'model') queue.push(inner.model);
    }
  }
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function modelSchema(model: string, kinds: readonly GroupVersionKind[]): object {
  const fields = Object.entries(modelFields(model));
  const texts = DESCRIPTIONS[model] ?? {};
  const required = fields.filter(([, field]) => field.required === true).map(([name]) => name);
  return {
    ...(texts[''] === undefined ? {} : { description: texts[''] }),
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field, texts[name])])),
    ...(required.length === 0 ? {} : { required }),
    ...(kinds.length === 0 ? {} : { 'x-kubernetes-group-version-kind': kinds }),
  };
}

function fieldSchema(field: FieldSchema, description: string | undefined): object {
  const type = typeSchema(field.type);
  return {
    ...(description === undefined ? {} : { description }),
    // Beside $ref nothing else counts in OpenAPI 3.0: upstream wraps it.
    ...('$ref' in type ? { allOf: [type], default: {} } : type),
    ...(field.strategy === undefined ? {} : { 'x-kubernetes-patch-strategy': field.strategy }),
    ...(field.mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': field.mergeKey }),
    ...(field.type.startsWith('[]') ? { 'x-kubernetes-list-type': field.listType ?? 'atomic' } : {}),
    ...(field.mapKeys === undefined ? {} : { 'x-kubernetes-list-map-keys': field.mapKeys }),
  };
}

function typeSchema(type: string): Record<string, unknown> {
  const shape = shapeOf(type);
  switch (shape.shape) {
    case 'list':
      return { type: 'array', items: nested(shape.of) };
    case 'map':
      return { type: 'object', additionalProperties: nested(shape.of) };
    case 'model':
      return schemaReference(shape.model);
    case 'scalar':
      return scalarSchema(shape.scalar);
  }
}

function nested(type: string): Record<string, unknown> {
  const schema = typeSchema(type);
  return '$ref' in schema ? { allOf: [schema], default: {} } : schema;
}

function scalarSchema(type: string): Record<string, unknown> {
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
    case 'date':
    case 'microdate':
      return { type: 'string', format: 'date-time' };
    case 'intOrString':
      return { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' };
    case 'quantity':
      return { oneOf: [{ type: 'string' }, { type: 'number' }] };
    case 'any':
      return { type: 'object' };
    default:
      return { type: 'string' };
  }
}
