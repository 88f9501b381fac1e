// pure: reading schemas of an OpenAPI v3 document: what a schema refers to, its fields, its type in a word.

export interface OpenApiSchema {
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
}

export interface OpenApiDocument {
  readonly components?: { readonly schemas?: Readonly<Record<string, OpenApiSchema>> };
}

export interface Field {
  readonly name: string;
  readonly schema: OpenApiSchema;
  readonly isRequired: boolean;
}

/** Undefined where the document does not have it. */
export function schemaOfKind(document: OpenApiDocument, kind: { readonly group: string; readonly version: string; readonly kind: string }): OpenApiSchema | undefined {
  return Object.values(document.components?.schemas ?? {}).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some((one) => one.group === kind.group && one.version === kind.version && one.kind === kind.kind),
  );
}

export function referred(document: OpenApiDocument, { $ref }: OpenApiSchema): OpenApiSchema | undefined {
  return $ref === undefined ? undefined : document.components?.schemas?.[nameOf($ref)];
}

/** What stands behind a schema: what it refers to, is all of, is a list of or a map of. */
export function inner(document: OpenApiDocument, schema: OpenApiSchema): readonly OpenApiSchema[] {
  const target = referred(document, schema);
  const values = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
  return [...(target === undefined ? [] : [target]), ...(schema.allOf ?? []), ...(schema.items === undefined ? [] : [schema.items]), ...values];
}

/** Of the object, or of the objects that the list or map holds; by name. */
export function fieldsOf(document: OpenApiDocument, schema: OpenApiSchema): readonly Field[] {
  const own = Object.entries(schema.properties ?? {}).map(([name, field]) => ({ name, schema: field, isRequired: schema.required?.includes(name) === true }));
  if (own.length > 0) return own.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const behind of inner(document, schema)) {
    const found = fieldsOf(document, behind);
    if (found.length > 0) return found;
  }
  return [];
}

/** "[]ContainerPort", "map[string]Quantity", "integer". */
export function typeText(document: OpenApiDocument, schema: OpenApiSchema): string {
  if (schema.items !== undefined) return `[]${typeText(document, schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return `map[string]${typeText(document, schema.additionalProperties)}`;
  if (schema.$ref !== undefined) {
    const { type = 'object' } = referred(document, schema) ?? {};
    return type === 'object' ? (nameOf(schema.$ref).split('.').at(-1) ?? '') : type;
  }
  if (schema.allOf?.length === 1 && schema.properties === undefined) return typeText(document, schema.allOf[0]!);
  return schema.type === undefined || schema.type === 'object' ? 'Object' : schema.type;
}

/** Undefined when a field of the path does not exist: the first such is named. */
export function walk(document: OpenApiDocument, schema: OpenApiSchema, path: readonly string[]): { readonly field: Field | undefined } | { readonly missing: string } {
  let at: Field | undefined;
  let from = schema;
  for (const name of path) {
    at = fieldsOf(document, from).find((field) => field.name === name);
    if (at === undefined) return { missing: name };
    from = at.schema;
  }
  return { field: at };
}

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
