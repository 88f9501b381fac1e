// The strategy of kinds that need nothing of their own: metadata is checked, the rest is stored.
import type { NameCheck } from '../../api/meta/validate-meta.ts';
import { validateMeta, validateMetaUpdate } from '../../api/meta/validate-meta.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Strategy } from './strategy.ts';

export function plainStrategy<T extends KubeObject>(checkName: NameCheck, own: Partial<Strategy<T>> = {}): Strategy<T> {
  const validate = own.validate ?? ((object: T) => validateMeta(object.metadata, checkName));
  return {
    applyDefaults: (object) => object,
    prepareForCreate: (object) => object,
    prepareForUpdate: (next) => next,
    validateUpdate: (next) => (own.validate === undefined ? validateMetaUpdate(next.metadata) : validate(next)),
    ...own,
    validate,
  };
}

interface WithStatus extends KubeObject {
  status?: unknown;
}

/** A main-resource write keeps the status, a status write keeps all but status and metadata. */
export function statusHalves<T extends WithStatus>(): Required<Pick<Strategy<T>, 'prepareForUpdate' | 'prepareForStatusUpdate' | 'validateStatusUpdate'>> {
  return {
    prepareForUpdate: (next, old) => withStatus(next, old.status),
    prepareForStatusUpdate: (next, old) => withStatus({ ...old, metadata: next.metadata }, next.status),
    validateStatusUpdate: (next) => validateMetaUpdate(next.metadata),
  };
}

export function withStatus<T extends WithStatus>(object: T, status: unknown): T {
  const { status: _status, ...rest } = object;
  return (status === undefined ? rest : { ...rest, status }) as T;
}
