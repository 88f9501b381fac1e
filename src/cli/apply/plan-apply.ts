// pure: what apply has to do for one manifest, given what the server has.
import { sameValue } from '../../api/equality.ts';
import { apiVersionOf, findResourceByKind, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { threeWayJsonMergePatch } from '../../api/patch/merge-patch.ts';
import { threeWayStrategicMergePatch } from '../../api/patch/three-way.ts';
import { LAST_APPLIED } from '../../api/meta/last-applied.ts';
import { lastAppliedOf, withLastApplied } from './last-applied.ts';

export type ApplyPlan =
  | { readonly type: 'create'; readonly object: KubeObject }
  | { readonly type: 'unchanged' }
  | {
      readonly type: 'patch';
      readonly patchType: 'strategic' | 'merge';
      readonly patch: object;
      /** The object was not made by apply: say so. */
      readonly notApplied: boolean;
      /** The object is on its way out: the change may come to nothing. */
      readonly beingDeleted: boolean;
    };

export interface ApplyQuestion {
  readonly resource: Resource;
  readonly manifest: KubeObject;
  readonly current: KubeObject | undefined;
}

export function planApply({ resource, manifest, current }: ApplyQuestion): ApplyPlan {
  const modified = withLastApplied(manifest);
  if (current === undefined) return { type: 'create', object: modified };
  const { type, body } = threeWayPatch(resource, { original: lastAppliedOf(current), modified, current });
  if (sameValue(body, {})) return { type: 'unchanged' };
  return {
    type: 'patch',
    patchType: type,
    patch: body,
    notApplied: current.metadata?.annotations?.[LAST_APPLIED] === undefined,
    beingDeleted: current.metadata?.deletionTimestamp !== undefined,
  };
}

export interface ThreeVersions {
  readonly original: KubeObject | undefined;
  readonly modified: KubeObject;
  readonly current: KubeObject;
}

/** Only kinds with a schema of ours have merge keys; the rest (another cluster's own kinds) are merged as plain JSON. */
export function threeWayPatch(resource: Resource, versions: ThreeVersions): { readonly type: 'strategic' | 'merge'; readonly body: object } {
  const known = findResourceByKind(apiVersionOf(resource), resource.kind);
  if (known === undefined) return { type: 'merge', body: threeWayJsonMergePatch(versions) };
  return { type: 'strategic', body: threeWayStrategicMergePatch(known, versions) };
}
