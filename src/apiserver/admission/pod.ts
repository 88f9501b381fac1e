// What a new Pod takes from other objects: its account, its priority and its runtime.
import type { Pod, PriorityClass, RuntimeClass } from '../../api/generated/types.ts';
import { PODS, PRIORITY_CLASSES, RUNTIME_CLASSES, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { admitPriority, type Admission } from '../../api/priority/admit-priority.ts';
import { admitRuntimeClass } from '../../api/runtimeclass/admit-runtime-class.ts';
import { forbiddenError } from '../../api/status-error.ts';
import type { Call } from '../call.ts';
import { decodeEntry, storageKey, storagePrefix } from '../stored-object.ts';
import { withServiceAccount } from './service-account.ts';

const RUNTIMES = RUNTIME_CLASSES as Resource;

export function admitPod(call: Call, object: KubeObject): KubeObject {
  const pod = object as Pod;
  if (call.resource !== (PODS as Resource) || pod.spec === undefined) return object;
  const prioritized = accepted(call, pod, admitPriority(pod.spec, priorityClasses(call)));
  const running = accepted(call, prioritized, admitRuntimeClass(prioritized.spec!, runtimeClass(call, prioritized.spec!.runtimeClassName)));
  return withServiceAccount(call, running);
}

function accepted(call: Call, pod: Pod, admission: Admission): Pod {
  if (admission.type === 'admitted') return { ...pod, spec: admission.spec };
  throw forbiddenError(call.resource, pod.metadata?.name || pod.metadata?.generateName || '', admission.why);
}

export function priorityClasses({ server }: Call): readonly PriorityClass[] {
  const resource = PRIORITY_CLASSES as Resource;
  return server.store.peekAll(storagePrefix(resource, '')).map((entry) => decodeEntry(resource, entry) as PriorityClass);
}

function runtimeClass({ server }: Call, name = ''): RuntimeClass | undefined {
  const entry = name === '' ? undefined : server.store.peek(storageKey(RUNTIMES, '', name));
  return entry && (decodeEntry(RUNTIMES, entry) as RuntimeClass);
}
