// pure: the document of /openapi/v2 as the protobuf message that kubectl asks for. Field numbers: google/gnostic, openapiv2/OpenAPIv2.proto.
import { bytesField, flagField, textField } from '../../api/protobuf/write-fields.ts';
import type { SwaggerDocument, SwaggerPath, SwaggerSchema } from './document-v2.ts';

type Fields = Readonly<Record<string, unknown>>;
type Write = (number: number, value: never) => Uint8Array;
/** JSON name -> field number, and how it is written. */
type Message = Readonly<Record<string, readonly [number: number, write: Write]>>;

const texts: Write = (number, values: readonly string[]) => Buffer.concat(values.map((value) => textField(number, value)));
/** Any value, as YAML text: JSON is YAML. */
const yaml = (value: unknown): Uint8Array => textField(2, `${JSON.stringify(value)}\n`);
const yamls: Write = (number, values: readonly unknown[]) => Buffer.concat(values.map((value) => bytesField(number, yaml(value))));
/** A map: one message of name and value an entry. */
const entries = <T>(number: number, values: Readonly<Record<string, T>>, encode: (value: T) => Uint8Array): Uint8Array =>
  Buffer.concat(Object.entries(values).map(([name, value]) => bytesField(number, Buffer.concat([textField(1, name), bytesField(2, encode(value))]))));
const wrapped = (number: number, inner: Uint8Array): Uint8Array => bytesField(number, inner);

const SCHEMA: Message = {
  $ref: [1, textField],
  format: [2, textField],
  description: [4, textField],
  default: [5, (number, value: unknown) => bytesField(number, yaml(value))],
  required: [19, texts],
  enum: [20, yamls],
  additionalProperties: [21, (number, value: SwaggerSchema) => wrapped(number, bytesField(1, schema(value)))],
  type: [22, (number, value: string) => wrapped(number, textField(1, value))],
  items: [23, (number, value: SwaggerSchema) => wrapped(number, bytesField(1, schema(value)))],
  properties: [25, (number, value: Readonly<Record<string, SwaggerSchema>>) => wrapped(number, entries(1, value, schema))],
};
const SCHEMA_EXTENSIONS = 31;

const OPERATION: Message = {
  produces: [6, texts],
  consumes: [7, texts],
  parameters: [8, (number, values: readonly Fields[]) => Buffer.concat(values.map((value) => bytesField(number, parameter(value))))],
  responses: [9, (number, values: Readonly<Record<string, Fields>>) => wrapped(number, entries(1, values, (value) => bytesField(1, message(value, RESPONSE))))],
};
const OPERATION_EXTENSIONS = 13;
const RESPONSE: Message = {
  description: [1, textField],
  schema: [2, (number, value: SwaggerSchema) => wrapped(number, bytesField(1, schema(value)))],
};

const BODY_PARAMETER: Message = { name: [2, textField], in: [3, textField], schema: [5, (number, value: SwaggerSchema) => bytesField(number, schema(value))] };
/** The two differ in numbers only: a query may be empty. */
const QUERY_PARAMETER: Message = { required: [1, flagField], in: [2, textField], name: [4, textField], type: [6, textField], uniqueItems: [20, flagField] };
const PATH_PARAMETER: Message = { required: [1, flagField], in: [2, textField], name: [4, textField], type: [5, textField], uniqueItems: [19, flagField] };
const METHODS: Readonly<Record<string, number>> = { get: 2, put: 3, post: 4, delete: 5, patch: 8 };
const PATH_PARAMETERS = 9;

export function swaggerProtobuf({ swagger, info, paths, definitions }: SwaggerDocument): Uint8Array {
  return Buffer.concat([
    textField(1, swagger),
    bytesField(2, Buffer.concat([textField(1, info.title), textField(2, info.version)])),
    wrapped(8, entries(2, paths, path)),
    wrapped(9, entries(1, definitions, schema)),
  ]);
}

function schema(value: SwaggerSchema): Uint8Array {
  return message(value, SCHEMA, SCHEMA_EXTENSIONS);
}

function path(item: SwaggerPath): Uint8Array {
  return Buffer.concat(
    Object.entries(item).map(([key, value]) => {
      if (key === 'parameters') return Buffer.concat((value as Fields[]).map((one) => bytesField(PATH_PARAMETERS, parameter(one))));
      return bytesField(METHODS[key]!, message(value as Fields, OPERATION, OPERATION_EXTENSIONS));
    }),
  );
}

/** A parameter is of one of several kinds, each a message of its own, two or three deep. */
function parameter(value: Fields): Uint8Array {
  if (value['in'] === 'body') return bytesField(1, bytesField(1, message(value, BODY_PARAMETER)));
  const nonBody = value['in'] === 'path' ? bytesField(4, message(value, PATH_PARAMETER)) : bytesField(3, message(value, QUERY_PARAMETER));
  return bytesField(1, bytesField(2, nonBody));
}

/** Fields that begin with "x-" go to `extensions`; what the message does not know is an error of ours. */
function message(value: Fields, known: Message, extensions?: number): Uint8Array {
  return Buffer.concat(
    Object.entries(value).map(([name, content]) => {
      if (name.startsWith('x-') && extensions !== undefined) return entries(extensions, { [name]: content }, yaml);
      const field = known[name];
      if (field === undefined) throw new Error(`no field of the message is called ${name}`);
      return field[1](field[0], content as never);
    }),
  );
}
