// pure: models as OpenAPI v3 schemas, from the generated schema and its descriptions.
import { descriptions } from '../../api/generated/descriptions.ts';
import { modelFields, shapeOf, type FieldSchema } from '../../api/schema/schema.ts';
import { NAMED_SCALARS, scalarSchema } from './scalar-schemas.ts';
import { listSchemaName, reference, schemaName } from './schema-names.ts';

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface Roots {
  /** Model -> the kinds that it is. */
  readonly models: ReadonlyMap<string, readonly GroupVersionKind[]>;
  /** Models of which there are lists, with the lists' kinds. */
  readonly lists: ReadonlyMap<string, GroupVersionKind>;
}

/** The models named and all that they refer to. */
export function schemasFor({ models, lists }: Roots): Record<string, object> {
  const texts = descriptions();
  const schemas: Record<string, object> = { ...NAMED_SCALARS };
  const queue = [...models.keys(), 'V1ListMeta'];
  for (let model = queue.pop(); model !== undefined; model = queue.pop()) {
    const name = schemaName(model);
    if (schemas[name] !== undefined) continue;
    schemas[name] = modelSchema(model, models.get(model) ?? [], texts);
    for (const field of Object.values(modelFields(model))) {
      const inner = shapeOf(innermost(field.type));
      if (inner.shape === 'model') queue.push(inner.model);
    }
  }
  for (const [model, kind] of lists) schemas[listSchemaName(model)] = listSchema(model, kind);
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

type Texts = ReturnType<typeof descriptions>;

function modelSchema(model: string, kinds: readonly GroupVersionKind[], texts: Texts): object {
  const fields = Object.entries(modelFields(model));
  const own = texts[model] ?? {};
  const required = fields.filter(([, field]) => field.required === true).map(([name]) => name);
  return {
    ...(own[''] === undefined ? {} : { description: own[''] }),
    type: 'object',
    // Of a field that is a model, the client's models keep no text: the model's own says what it is.
    properties: Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field, own[name] ?? texts[innermost(field.type)]?.[''])])),
    ...(required.length === 0 ? {} : { required }),
    ...(kinds.length === 0 ? {} : { 'x-kubernetes-group-version-kind': kinds }),
  };
}

function listSchema(model: string, kind: GroupVersionKind): object {
  return {
    description: `${kind.kind} is a list of objects, with what is needed to read on or to watch from here.`,
    type: 'object',
    properties: {
      apiVersion: { type: 'string' },
      items: { type: 'array', items: referring(reference(schemaName(model))) },
      kind: { type: 'string' },
      metadata: referring(reference(schemaName('V1ListMeta'))),
    },
    required: ['items'],
    'x-kubernetes-group-version-kind': [kind],
  };
}

function fieldSchema(field: FieldSchema, description: string | undefined): object {
  return {
    ...(description === undefined ? {} : { description }),
    ...referring(withEnum(typeSchema(field.type), field.enum)),
    ...(field.strategy === undefined ? {} : { 'x-kubernetes-patch-strategy': field.strategy }),
    ...(field.mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': field.mergeKey }),
    ...(field.type.startsWith('[]') ? { 'x-kubernetes-list-type': field.listType ?? 'atomic' } : {}),
    ...(field.mapKeys === undefined ? {} : { 'x-kubernetes-list-map-keys': field.mapKeys }),
  };
}

function withEnum(schema: Record<string, unknown>, values: readonly string[] | undefined): Record<string, unknown> {
  if (values === undefined) return schema;
  return schema['type'] === 'array' ? { ...schema, items: { ...(schema['items'] as object), enum: values } } : { ...schema, enum: values };
}

function typeSchema(type: string): Record<string, unknown> {
  const shape = shapeOf(type);
  switch (shape.shape) {
    case 'list':
      return { type: 'array', items: referring(typeSchema(shape.of)) };
    case 'map':
      return { type: 'object', additionalProperties: referring(typeSchema(shape.of)) };
    case 'model':
      return { ...reference(schemaName(shape.model)), default: {} };
    case 'scalar':
      return scalarSchema(shape.scalar);
  }
}

/** Beside $ref nothing else counts in OpenAPI 3.0: it is wrapped. */
function referring(schema: Record<string, unknown>): Record<string, unknown> {
  if (!('$ref' in schema)) return schema;
  const { $ref, ...others } = schema;
  return { allOf: [{ $ref }], ...others };
}

function innermost(type: string): string {
  return type.replace(/^(?:\[\]|\{\})+/, '');
}
