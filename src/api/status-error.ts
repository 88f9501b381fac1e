// pure: the one error shape on the wire. Constructors and predicates, so that no caller reads codes or texts.
import type { FieldError } from './field-errors.ts';
import type { Status, StatusCause } from './generated/types.ts';
import type { Resource } from './kinds.ts';

export class StatusError extends Error {
  readonly status: Status;

  constructor(status: Omit<Status, 'apiVersion' | 'kind' | 'status'>, options?: ErrorOptions) {
    super(status.message ?? status.reason ?? 'unknown error', options);
    this.name = 'StatusError';
    this.status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...status };
  }

  get code(): number {
    return this.status.code ?? 500;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** "jobs.batch", "pods": how messages name a resource. */
export function resourceText(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** "Job.batch", "Pod". */
export function kindText(resource: Resource): string {
  return resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
}

function details(resource: Resource, name: string): NonNullable<Status['details']> {
  return { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural };
}

export function notFoundError(resource: Resource, name: string): StatusError {
  return new StatusError({
    code: 404,
    reason: 'NotFound',
    message: `${resourceText(resource)} "${name}" not found`,
    details: details(resource, name),
  });
}

export function alreadyExistsError(resource: Resource, name: string): StatusError {
  return new StatusError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${resourceText(resource)} "${name}" already exists`,
    details: details(resource, name),
  });
}

export function conflictError(resource: Resource, name: string, why: string): StatusError {
  return new StatusError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${resourceText(resource)} "${name}": ${why}`,
    details: details(resource, name),
  });
}

/** The conflict that a stale resourceVersion gives. */
export function staleError(resource: Resource, name: string): StatusError {
  return conflictError(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

/** 422 with one cause per finding. */
export function invalidError(resource: Resource, name: string, errors: readonly FieldError[]): StatusError {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.body}`))];
  const causes: StatusCause[] = errors.map((error) => ({
    reason: error.type,
    message: error.body,
    field: error.field,
  }));
  return new StatusError({
    code: 422,
    reason: 'Invalid',
    message: `${kindText(resource)} "${name}" is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`,
    details: { ...details(resource, name), kind: resource.kind, causes },
  });
}

export function badRequestError(message: string): StatusError {
  return new StatusError({ code: 400, reason: 'BadRequest', message });
}

export function forbiddenError(resource: Resource, name: string, why: string): StatusError {
  return new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: `${resourceText(resource)} "${name}" is forbidden: ${why}`,
    details: details(resource, name),
  });
}

export function unauthorizedError(): StatusError {
  return new StatusError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
}

export function methodNotAllowedError(resource: Resource, verb: string): StatusError {
  return new StatusError({
    code: 405,
    reason: 'MethodNotAllowed',
    message: `${verb} is not supported on resources of kind "${resourceText(resource)}"`,
    details: { ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural },
  });
}

/** The reply to a path that nothing is served at. */
export function unknownPathError(): StatusError {
  return new StatusError({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: { causes: [{ reason: 'UnexpectedServerResponse', message: '404 page not found' }] },
  });
}

export function notAcceptableError(accepted: readonly string[]): StatusError {
  return new StatusError({
    code: 406,
    reason: 'NotAcceptable',
    message: `only the following media types are accepted: ${accepted.join(', ')}`,
  });
}

export function unsupportedMediaTypeError(accepted: readonly string[]): StatusError {
  return new StatusError({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  });
}

/** 410: the revision asked for has been compacted away. */
export function expiredError(message: string): StatusError {
  return new StatusError({ code: 410, reason: 'Expired', message });
}

export function tooLargeError(limitBytes: number): StatusError {
  return new StatusError({
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `Request entity too large: limit is ${limitBytes}`,
  });
}

export function internalError(message: string, cause?: unknown): StatusError {
  return new StatusError(
    { code: 500, reason: 'InternalError', message: `Internal error occurred: ${message}` },
    { cause },
  );
}

export function unavailableError(message: string): StatusError {
  return new StatusError({ code: 503, reason: 'ServiceUnavailable', message });
}

const hasReason =
  (...reasons: readonly string[]) =>
  (error: unknown): error is StatusError =>
    error instanceof StatusError && reasons.includes(error.reason);

export const isNotFound = hasReason('NotFound');
export const isAlreadyExists = hasReason('AlreadyExists');
export const isConflict = hasReason('Conflict');
export const isInvalid = hasReason('Invalid');
export const isExpired = hasReason('Expired', 'Gone');
export const isForbidden = hasReason('Forbidden');
