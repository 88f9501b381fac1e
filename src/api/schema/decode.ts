// pure: a JSON value as an object of its kind. Wrong types are refused in the words of Go's decoder; fields that the kind
// does not have are reported and left out; nulls mean absent.
import type { Resource } from '../kinds.ts';
import { badRequestError } from '../status-error.ts';
import { decodeScalar, zeroScalar } from './decode-scalar.ts';
import { shapeOf, type TypeShape } from './schema.ts';

export interface Decoded {
  readonly object: object;
  /** "spec.template.spec.containers[0].comand" */
  readonly unknownFields: readonly string[];
}

/** Shares nothing with `value`. */
export function decodeStrict(resource: Resource, value: unknown): Decoded {
  const subject = `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: `;
  return decodeModel(resource.model, value, subject);
}

/** The body of a subresource or a DELETE: unknown fields are ignored. */
export function decodeBody(model: string, value: unknown): unknown {
  return decodeModel(model, value, '').object;
}

function decodeModel(model: string, value: unknown, subject: string): Decoded {
  const unknownFields: string[] = [];
  const object = decodeValue({ subject, unknownFields }, model, { value, step: undefined, holder: undefined, struct: '' });
  return { object: (object ?? {}) as object, unknownFields };
}

interface Decoding {
  /** Begins every error. */
  readonly subject: string;
  readonly unknownFields: string[];
}

/** A value and the way to it: paths are needed only for complaints, so they are made only then. */
interface Place {
  readonly value: unknown;
  readonly step: Step | undefined;
  readonly holder: Place | undefined;
  /** The Go struct that holds the field: "JobSpec". */
  readonly struct: string;
}

type Step = { readonly field: string } | { readonly key: string } | { readonly index: number };

function decodeValue(decoding: Decoding, type: string, place: Place): unknown {
  const { value } = place;
  if (value === null || value === undefined) return undefined;
  const shape = shapeOf(type);
  switch (shape.shape) {
    case 'list':
      return decodeList(decoding, shape.of, place);
    case 'map': {
      if (!isObject(value)) throw wrongType(decoding, place, type);
      return decodeEntries(value, (key, item) => decodeItem(decoding, shape.of, inside(place, { key }, item)));
    }
    case 'model':
      return decodeStruct(decoding, shape, place);
    case 'scalar': {
      const decoded = decodeScalar(shape.scalar, value);
      if (decoded.ok) return decoded.value;
      if ('problem' in decoded) throw badRequestError(`${decoding.subject}${decoded.problem}`);
      throw wrongType(decoding, place, type);
    }
  }
}

function decodeStruct(decoding: Decoding, shape: TypeShape & { readonly shape: 'model' }, place: Place): unknown {
  const { value } = place;
  if (!isObject(value)) throw wrongType(decoding, place, shape.model);
  const struct = stripVersion(shape.model);
  return decodeEntries(value, (name, item) => {
    const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    const at = { value: item, step: { field: name }, holder: place, struct };
    if (field !== undefined) return decodeValue(decoding, field.type, at);
    decoding.unknownFields.push(fieldPath(at));
    return undefined;
  });
}

function decodeList(decoding: Decoding, of: string, place: Place): unknown {
  if (!Array.isArray(place.value)) throw wrongType(decoding, place, `[]${of}`);
  return place.value.map((item, index) => decodeItem(decoding, of, inside(place, { index }, item)));
}

/** In lists and maps a null keeps its place, as the zero value of its type. */
function decodeItem(decoding: Decoding, type: string, place: Place): unknown {
  if (place.value !== null && place.value !== undefined) return decodeValue(decoding, type, place);
  const shape = shapeOf(type);
  return shape.shape === 'scalar' ? zeroScalar(shape.scalar) : shape.shape === 'list' ? [] : {};
}

function decodeEntries(value: Record<string, unknown>, decode: (key: string, item: unknown) => unknown): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const decoded = decode(key, value[key]);
    if (decoded === undefined) continue;
    // A key named __proto__ is data like any other.
    if (key === '__proto__') Object.defineProperty(result, key, { value: decoded, enumerable: true, writable: true, configurable: true });
    else result[key] = decoded;
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inside(holder: Place, step: Step, value: unknown): Place {
  return { value, step, holder, struct: holder.struct };
}

/** "spec.containers[0].name" */
function fieldPath({ holder, step }: Place): string {
  if (holder === undefined || step === undefined) return '';
  const before = fieldPath(holder);
  if ('index' in step) return `${before}[${step.index}]`;
  const name = 'field' in step ? step.field : step.key;
  return before === '' ? name : `${before}.${name}`;
}

/** "spec.containers.name": Go's decoder counts neither list indexes nor keys of maps. */
function goPath({ holder, step }: Place): string {
  if (holder === undefined || step === undefined) return '';
  const before = goPath(holder);
  if (!('field' in step)) return before;
  return before === '' ? step.field : `${before}.${step.field}`;
}

function wrongType(decoding: Decoding, place: Place, type: string): Error {
  const path = goPath(place);
  const target = path === '' ? 'Go value' : `Go struct field ${place.struct}.${path}`;
  return badRequestError(`${decoding.subject}json: cannot unmarshal ${jsonType(place.value, type)} into ${target} of type ${goType(type)}`);
}

function jsonType(value: unknown, type: string): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value !== 'number') return typeof value;
  return ['int32', 'int64', 'intOrString'].includes(type) ? `number ${value}` : 'number';
}

const GO_NAMES: Readonly<Record<string, string>> = {
  date: 'string',
  microdate: 'string',
  bytes: '[]uint8',
  quantity: 'resource.Quantity',
  intOrString: 'int32',
  double: 'float64',
  '{}quantity': 'v1.ResourceList',
};

function goType(type: string): string {
  const known = GO_NAMES[type];
  if (known !== undefined) return known;
  if (type.startsWith('[]')) return `[]${goType(type.slice(2))}`;
  if (type.startsWith('{}')) return `map[string]${goType(type.slice(2))}`;
  return /^[A-Z]/.test(type) ? `v1.${stripVersion(type)}` : type;
}

function stripVersion(model: string): string {
  return model.replace(/^(?:Core|Events|Discovery|Batch)?V\d+(?:(?:alpha|beta)\d+)?/, '');
}
