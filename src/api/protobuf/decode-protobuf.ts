// pure: Kubernetes' protobuf envelope as the JSON value that it stands for.
import { BODY_MODELS, findResourceByKind } from '../kinds.ts';
import { shapeOf } from '../schema/schema.ts';
import { StatusError } from '../status-error.ts';
import { FIELD_NUMBERS } from './field-numbers.ts';
import { malformed, readFields, type WireField } from './wire.ts';

export const PROTOBUF_MEDIA_TYPE = 'application/vnd.kubernetes.protobuf';

const MAGIC = [0x6b, 0x38, 0x73, 0x00];
const decoder = new TextDecoder();

/** The object with its apiVersion and kind. What this server has no field number for is refused by name. */
export function decodeProtobuf(bytes: Uint8Array): unknown {
  if (!MAGIC.every((byte, at) => bytes[at] === byte)) throw malformed('it does not begin with "k8s" and a zero');
  const envelope = readFields(bytes.subarray(MAGIC.length));
  const typeMeta = readFields(bytesOf(envelope, 1));
  const [apiVersion, kind] = [textOf(typeMeta, 1), textOf(typeMeta, 2)];
  const model = findResourceByKind(apiVersion, kind)?.model ?? BODY_MODELS.find((name) => name.endsWith(`V1${kind}`));
  if (model === undefined || FIELD_NUMBERS[model] === undefined) throw unsupported(`${kind} in version ${JSON.stringify(apiVersion)}`);
  return { apiVersion, kind, ...decodeMessage(model, bytesOf(envelope, 2), kind) };
}

function decodeMessage(model: string, bytes: Uint8Array, path: string): Record<string, unknown> {
  const shape = shapeOf(model);
  const numbers = FIELD_NUMBERS[model];
  if (numbers === undefined || shape.shape !== 'model') throw unsupported(path);
  const result: Record<string, unknown> = {};
  for (const field of readFields(bytes)) {
    const name = numbers[field.number];
    const type = name === undefined ? undefined : shape.fields[name]?.type;
    if (name === undefined || type === undefined) {
      // An empty message or string says nothing that could be lost.
      if (isEmpty(field)) continue;
      throw unsupported(`field ${field.number} of ${path}`);
    }
    setField(result, { name, type, field, path: `${path}.${name}` });
  }
  return result;
}

interface FieldAt {
  readonly name: string;
  readonly type: string;
  readonly field: WireField;
  readonly path: string;
}

/** Lists come as their field again and again, maps as entries of key and value. */
function setField(result: Record<string, unknown>, { name, type, field, path }: FieldAt): void {
  const shape = shapeOf(type);
  switch (shape.shape) {
    case 'list': {
      const list = (result[name] ??= []) as unknown[];
      list.push(decodeValue(shape.of, field, path));
      return;
    }
    case 'map': {
      const map = (result[name] ??= {}) as Record<string, unknown>;
      const entry = readFields(lengthOf(field, path));
      const value = entry.find(({ number }) => number === 2);
      const decoded = value === undefined ? '' : decodeValue(shape.of, value, path);
      Object.defineProperty(map, textOf(entry, 1), { value: decoded, enumerable: true, writable: true, configurable: true });
      return;
    }
    default: {
      const value = decodeValue(type, field, path);
      // Go writes the zero values of plain fields, where JSON leaves them out.
      if (value !== '' && value !== undefined && !(value === false && PLAIN_FLAGS.has(name)) && !(value === 0 && PLAIN_NUMBERS.has(name))) result[name] = value;
    }
  }
}

/** Booleans that Go holds without a pointer: false is their absence. */
const PLAIN_FLAGS = new Set(['stdin', 'stdinOnce', 'tty', 'hostNetwork', 'hostPID', 'hostIPC', 'readOnly', 'publishNotReadyAddresses']);
/** Numbers of the same sort, of which none is ever 0. */
const PLAIN_NUMBERS = new Set(['generation', 'nodePort', 'healthCheckNodePort']);

function decodeValue(type: string, field: WireField, path: string): unknown {
  switch (type) {
    case 'int32':
    case 'int64':
      return Number(BigInt.asIntN(64, varintOf(field, path)));
    case 'bool':
      return varintOf(field, path) !== 0n;
    case 'string':
      return decoder.decode(lengthOf(field, path));
    case 'bytes':
      return base64(lengthOf(field, path));
    case 'intOrString':
      return intOrString(readFields(lengthOf(field, path)), path);
    case 'quantity':
      return textOf(readFields(lengthOf(field, path)), 1);
    case 'date':
    case 'microdate':
      return dateOf(readFields(lengthOf(field, path)));
    default:
      return decodeMessage(type, lengthOf(field, path), path);
  }
}

/** Which of the two it is comes first: 0 for a number. */
function intOrString(fields: readonly WireField[], path: string): number | string {
  const [type, number] = [1, 2].map((wanted) => fields.find((field) => field.number === wanted));
  if (type !== undefined && varintOf(type, path) === 1n) return textOf(fields, 3);
  return number === undefined ? 0 : Number(BigInt.asIntN(64, varintOf(number, path)));
}

function dateOf(fields: readonly WireField[]): string | undefined {
  const seconds = fields.find(({ number }) => number === 1);
  if (seconds === undefined || seconds.type !== 'varint') return undefined;
  return new Date(Number(BigInt.asIntN(64, seconds.value)) * 1000).toISOString().replace('.000Z', 'Z');
}

function isEmpty(field: WireField): boolean {
  return field.type === 'varint' ? field.value === 0n : field.bytes.length === 0;
}

function varintOf(field: WireField, path: string): bigint {
  if (field.type !== 'varint') throw malformed(`${path} is no number`);
  return field.value;
}

function lengthOf(field: WireField, path: string): Uint8Array {
  if (field.type !== 'bytes') throw malformed(`${path} is no text or message`);
  return field.bytes;
}

function bytesOf(fields: readonly WireField[], number: number): Uint8Array {
  const field = fields.find((one) => one.number === number);
  return field?.type === 'bytes' ? field.bytes : new Uint8Array();
}

function textOf(fields: readonly WireField[], number: number): string {
  return decoder.decode(bytesOf(fields, number));
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function unsupported(what: string): StatusError {
  return new StatusError({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `this server does not read ${what} as protobuf; send application/json or application/yaml`,
  });
}
