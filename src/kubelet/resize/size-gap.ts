// pure: where the sizes that the engine enforces differ from those that a container is to have.
import type { Container } from '../../api/generated/types.ts';
import { containerResources } from '../container-resources.ts';
import type { ContainerResources } from '../runtime/container-runtime.ts';

export interface SizeGap {
  readonly cpu: boolean;
  readonly memory: boolean;
}

/** kube: fewer than 2 shares, and less than a hundredth of a core, do not exist. */
const LEAST_REQUEST_MILLIS = 2;
const LEAST_LIMIT_MILLIS = 10;

/** Undefined when there is none. */
export function sizeGap(spec: Container, actual: ContainerResources): SizeGap | undefined {
  const wanted = containerResources(spec);
  const cpu =
    atLeast(wanted.cpuRequestMillis, LEAST_REQUEST_MILLIS) !== atLeast(actual.cpuRequestMillis, LEAST_REQUEST_MILLIS) ||
    atLeast(wanted.cpuLimitMillis, LEAST_LIMIT_MILLIS) !== atLeast(actual.cpuLimitMillis, LEAST_LIMIT_MILLIS);
  const memory = wanted.memoryLimitBytes !== actual.memoryLimitBytes;
  return cpu || memory ? { cpu, memory } : undefined;
}

function atLeast(value: number | undefined, least: number): number | undefined {
  return value === undefined ? undefined : Math.max(value, least);
}

/** Whether the container has asked to be started anew for a change like this. */
export function restartsFor(spec: Container, gap: SizeGap): boolean {
  return (spec.resizePolicy ?? []).some(({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && ((resourceName === 'cpu' && gap.cpu) || (resourceName === 'memory' && gap.memory)));
}
