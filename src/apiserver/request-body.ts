// Request bodies: media types, size, JSON, YAML or protobuf to values, and the strict field checks of fieldValidation.
import * as yaml from 'js-yaml';
import type { Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { decodeProtobuf, PROTOBUF_MEDIA_TYPE } from '../api/protobuf/decode-protobuf.ts';
import { decodeStrict } from '../api/schema/decode.ts';
import { parseJson } from '../api/schema/json.ts';
import { badRequestError, tooLargeError, unsupportedMediaTypeError } from '../api/status-error.ts';
import type { ApiRequest } from '../api/wire.ts';
import type { Call } from './call.ts';

export const MAX_BODY_BYTES = 3 * 1024 * 1024;
const ACCEPTED = ['application/json', 'application/yaml', PROTOBUF_MEDIA_TYPE];

export interface BodyValue {
  readonly value: unknown;
  readonly duplicateFields: readonly string[];
}

/** The value of the body; undefined when there is none. */
export function readBody(request: ApiRequest, accepted: readonly string[] = ACCEPTED): BodyValue | undefined {
  switch (request.body.type) {
    case 'none':
    case 'stream':
      return undefined;
    case 'value':
      return { value: request.body.value, duplicateFields: [] };
    case 'bytes': {
      if (request.body.bytes.byteLength > MAX_BODY_BYTES) throw tooLargeError(MAX_BODY_BYTES);
      const type = mediaType(request);
      if (!accepted.includes(type)) throw unsupportedMediaTypeError(accepted);
      if (type === PROTOBUF_MEDIA_TYPE) return { value: decodeProtobuf(request.body.bytes), duplicateFields: [] };
      const text = new TextDecoder().decode(request.body.bytes);
      return text.trim() === '' ? undefined : parseText(text, type);
    }
  }
}

export function mediaType(request: ApiRequest): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase();
}

function parseText(text: string, type: string): BodyValue {
  if (!type.endsWith('yaml')) return parseJson(text);
  try {
    return { value: yaml.load(text, { schema: yaml.CORE_SCHEMA }), duplicateFields: [] };
  } catch (error) {
    throw badRequestError(`error converting YAML to JSON: ${(error as Error).message}`);
  }
}

/** The object in a create or update: decoded against the schema; unknown fields refused, warned of, or ignored. */
export function readObject(call: Call): KubeObject {
  const body = readBody(call.request);
  if (body === undefined) throw badRequestError('the request has no body: an object was expected');
  return checkObject(call, body);
}

export function checkObject(call: Call, body: BodyValue): KubeObject {
  const { resource, request, warnings } = call;
  requireType(resource, body.value);
  const decoded = decodeStrict(resource, body.value);
  const mode = request.query.get('fieldValidation') ?? 'Warn';
  if (!['Strict', 'Warn', 'Ignore'].includes(mode)) {
    throw badRequestError(`invalid fieldValidation: Unsupported value: ${JSON.stringify(mode)}: supported values: "Ignore", "Strict", "Warn"`);
  }
  const findings = [
    ...body.duplicateFields.map((field) => `duplicate field ${JSON.stringify(field)}`),
    ...decoded.unknownFields.map((field) => `unknown field ${JSON.stringify(field)}`),
  ];
  if (mode === 'Strict' && findings.length > 0) {
    throw badRequestError(
      `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: strict decoding error: ${findings.join(', ')}`,
    );
  }
  if (mode === 'Warn') warnings.push(...findings);
  return decoded.object as KubeObject;
}

/** Absent apiVersion and kind mean the resource's own; others are refused. */
function requireType(resource: Resource, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequestError(`couldn't get version/kind; json parse error: the body must be a JSON object of kind ${resource.kind}`);
  }
  const { apiVersion, kind } = value as KubeObject;
  const expected = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  if ((kind !== undefined && kind !== resource.kind) || (apiVersion !== undefined && apiVersion !== expected)) {
    throw badRequestError(
      `${kind ?? ''} in version ${JSON.stringify(apiVersion ?? '')} cannot be handled as a ${resource.kind}: the API version in the data (${apiVersion ?? ''}, Kind=${kind ?? ''}) does not match the expected API version (${expected}, Kind=${resource.kind})`,
    );
  }
}
