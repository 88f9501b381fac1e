// pure: /openapi/v2: all kinds in one document of the older form, derived from the newer ones. kubectl reads it for lists of
// kind List, and kubectl up to 1.27 for every manifest.
import { allOpenApiDocuments } from './document.ts';

export interface SwaggerDocument {
  readonly swagger: '2.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, SwaggerPath>>;
  readonly definitions: Readonly<Record<string, SwaggerSchema>>;
}
export type SwaggerSchema = Readonly<Record<string, unknown>>;
/** By method, and `parameters` of all of them. */
export type SwaggerPath = Readonly<Record<string, unknown>>;

const KINDS = 'x-kubernetes-group-version-kind';
/** What a value is that may be of several types: v2 has one type. */
const SEVERAL = 'string';
const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch']);

export function swaggerDocument(): SwaggerDocument {
  const documents = allOpenApiDocuments();
  const definitions: Record<string, SwaggerSchema> = {};
  for (const { components } of documents) {
    for (const [name, schema] of Object.entries(components.schemas)) definitions[name] = withKindsOf(definitions[name], toSwagger(schema));
  }
  return {
    swagger: '2.0',
    info: documents[0]!.info,
    paths: Object.assign({}, ...documents.map(({ paths }) => mapValues(paths, pathItem))) as Record<string, SwaggerPath>,
    definitions,
  };
}

/** DeleteOptions are of every group. */
function withKindsOf(known: SwaggerSchema | undefined, schema: SwaggerSchema): SwaggerSchema {
  const kinds = [...((known?.[KINDS] as object[] | undefined) ?? []), ...((schema[KINDS] as object[] | undefined) ?? [])];
  const once = [...new Map(kinds.map((kind) => [JSON.stringify(kind), kind])).values()];
  return once.length === 0 ? schema : { ...schema, [KINDS]: once };
}

function toSwagger(schema: object): SwaggerSchema {
  const { allOf, oneOf, properties, items, additionalProperties, $ref, ...rest } = schema as Record<string, unknown>;
  const wrapped = (allOf as { $ref: string }[] | undefined)?.[0]?.$ref ?? ($ref as string | undefined);
  return {
    ...rest,
    ...(wrapped === undefined ? {} : { $ref: definition(wrapped) }),
    ...(oneOf === undefined ? {} : { type: SEVERAL }),
    ...(properties === undefined ? {} : { properties: mapValues(properties as Record<string, object>, toSwagger) }),
    ...(items === undefined ? {} : { items: toSwagger(items as object) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: toSwagger(additionalProperties as object) }),
  };
}

function definition(reference: string): string {
  return reference.replace('#/components/schemas/', '#/definitions/');
}

function pathItem(item: object): SwaggerPath {
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, METHODS.has(key) ? operation(value as Operation) : (value as Parameter[]).map(parameter)]));
}

type Content = Readonly<Record<string, { readonly schema: object }>>;
interface Parameter {
  readonly schema: object;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
}

function operation({ parameters = [], requestBody, responses, ...rest }: Operation): object {
  const [body] = Object.values(requestBody?.content ?? {});
  return {
    ...rest,
    ...(requestBody === undefined ? {} : { consumes: Object.keys(requestBody.content) }),
    produces: ['application/json'],
    parameters: [...parameters.map(parameter), ...(body === undefined ? [] : [{ name: 'body', in: 'body', schema: toSwagger(body.schema) }])],
    responses: mapValues(responses, ({ description, content }) => ({ description, schema: toSwagger(Object.values(content)[0]!.schema) })),
  };
}

function parameter({ schema, ...rest }: Parameter): object {
  return { ...rest, ...schema };
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
