// pure: --overrides, a patch for the object that a verb makes from its flags.
import type { Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { applyPatch } from '../../api/patch/apply-patch.ts';
import { UsageError } from '../context.ts';

export interface OverrideFlags {
  readonly overrides?: string;
  readonly overrideType: string;
}

export function withOverrides<T extends KubeObject>(resource: Resource<T>, object: T, { overrides, overrideType }: OverrideFlags): T {
  if (overrides === undefined || overrides === '') return object;
  const type = (['json', 'merge', 'strategic'] as const).find((one) => one === overrideType);
  if (type === undefined) throw new UsageError(`invalid override type: ${overrideType}. Must be one of json, merge, strategic`);
  let body: unknown;
  try {
    body = JSON.parse(overrides);
  } catch (error) {
    throw new UsageError(`--overrides is not JSON: ${(error as Error).message}`, { cause: error });
  }
  return applyPatch(resource as Resource, object, { type, body }) as T;
}
