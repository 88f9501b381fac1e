// pure: the three patch types under one name.
import type { Resource } from '../kinds.ts';
import { badRequestError } from '../status-error.ts';
import { goKind } from './go-text.ts';
import { isObject } from './json-object.ts';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { applyStrategicMergePatch } from './strategic-merge.ts';

export interface Patch {
  readonly type: 'json' | 'merge' | 'strategic';
  readonly body: unknown;
}

/** The patched value, not yet checked against the schema. Neither argument is changed. */
export function applyPatch(resource: Resource, current: unknown, { type, body }: Patch): unknown {
  switch (type) {
    case 'json':
      return applyJsonPatch(current, body);
    case 'merge':
      if (!isObject(body)) throw badRequestError(`error decoding patch: ${notAnObject(body)}`);
      return applyMergePatch(current, body);
    case 'strategic':
      if (!isObject(body)) throw badRequestError(notAnObject(body));
      return applyStrategicMergePatch(resource.model, current, body);
  }
}

function notAnObject(body: unknown): string {
  return `json: cannot unmarshal ${goKind(body)} into Go value of type map[string]interface {}`;
}
