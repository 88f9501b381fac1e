// pure: a JSON value as an object of its kind. Wrong types are refused in the words of Go's decoder; fields that the kind
// does not have are reported and left out; nulls mean absent.
import type { Resource } from '../kinds.ts';
import { badRequestError } from '../status-error.ts';
import { decodeScalar } from './decode-scalar.ts';
import { shapeOf } from './schema.ts';

export interface Decoded {
  readonly object: object;
  /** "spec.template.spec.containers[0].comand" */
  readonly unknownFields: readonly string[];
}

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
  const object = decodeValue({ subject, unknownFields }, model, { value, path: '', owner: stripVersion(model) });
  return { object: (object ?? {}) as object, unknownFields };
}

interface Decoding {
  /** Begins every error. */
  readonly subject: string;
  readonly unknownFields: string[];
}

interface At {
  readonly value: unknown;
  /** "spec.template" */
  readonly path: string;
  /** The Go struct that holds the field: "JobSpec". */
  readonly owner: string;
}

function decodeValue(decoding: Decoding, type: string, at: At): unknown {
  const { value, path, owner } = at;
  if (value === null || value === undefined) return undefined;
  const shape = shapeOf(type);
  switch (shape.shape) {
    case 'list': {
      if (!Array.isArray(value)) throw wrongType(decoding, at, `[]${goType(shape.of)}`);
      return value.map((item, index) => decodeValue(decoding, shape.of, { value: item, path: `${path}[${index}]`, owner })).filter((item) => item !== undefined);
    }
    case 'map': {
      if (!isObject(value)) throw wrongType(decoding, at, `map[string]${goType(shape.of)}`);
      return decodeEntries(value, (key, item) => decodeValue(decoding, shape.of, { value: item, path: `${path}.${key}`, owner }));
    }
    case 'model': {
      if (!isObject(value)) throw wrongType(decoding, at, goType(type));
      const name = stripVersion(shape.model);
      return decodeEntries(value, (key, item) => {
        const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
        const inside = path === '' ? key : `${path}.${key}`;
        if (field === undefined) {
          decoding.unknownFields.push(inside);
          return undefined;
        }
        return decodeValue(decoding, field.type, { value: item, path: inside, owner: name });
      });
    }
    case 'scalar': {
      const decoded = decodeScalar(shape.scalar, value);
      if (decoded.ok) return decoded.value;
      if ('problem' in decoded) throw badRequestError(`${decoding.subject}${decoded.problem}`);
      throw wrongType(decoding, at, goType(type));
    }
  }
}

function decodeEntries(value: Record<string, unknown>, decode: (key: string, item: unknown) => unknown): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const decoded = decode(key, value[key]);
    if (decoded === undefined) continue;
    // A key named __proto__ is data like any other.
    Object.defineProperty(result, key, { value: decoded, enumerable: true, writable: true, configurable: true });
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(decoding: Decoding, { value, path, owner }: At, type: string): Error {
  const field = path.replace(/\[\d+\]/g, '');
  const where = field === '' ? `Go value of type ${type}` : `Go struct field ${owner}.${field} of type ${type}`;
  return badRequestError(`${decoding.subject}json: cannot unmarshal ${jsonType(value)} into ${where}`);
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`;
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

const GO_NAMES: Readonly<Record<string, string>> = {
  date: 'v1.Time',
  microdate: 'v1.MicroTime',
  bytes: '[]uint8',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  double: 'float64',
};

function goType(type: string): string {
  if (type.startsWith('[]')) return `[]${goType(type.slice(2))}`;
  if (type.startsWith('{}')) return `map[string]${goType(type.slice(2))}`;
  return GO_NAMES[type] ?? (/^[A-Z]/.test(type) ? `v1.${stripVersion(type)}` : type);
}

function stripVersion(model: string): string {
  return model.replace(/^(?:Core|Events|Discovery|Batch)?V\d+(?:(?:alpha|beta)\d+)?/, '');
}
