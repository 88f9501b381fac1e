// Only one PriorityClass is the default one, and those of the system stay.
import type { PriorityClass } from '../../api/generated/types.ts';
import { PRIORITY_CLASSES, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { defaultClass } from '../../api/priority/admit-priority.ts';
import { forbiddenError } from '../../api/status-error.ts';
import type { Call } from '../call.ts';
import { priorityClasses } from './pod.ts';

export function requireOneDefault(call: Call, object: KubeObject): void {
  if (call.resource !== (PRIORITY_CLASSES as Resource) || (object as PriorityClass).globalDefault !== true) return;
  const name = object.metadata?.name ?? '';
  const other = defaultClass(priorityClasses(call))?.metadata?.name;
  if (other !== undefined && other !== name) throw forbiddenError(call.resource, name, `PriorityClass ${other} is already marked as default. Only one default can exist`);
}
