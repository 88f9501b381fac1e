// pure: the quality-of-service class of a Pod, from the cpu and memory of its containers.
import type { Container, PodSpec } from '../generated/types.ts';
import { compareQuantities, parseQuantity } from '../quantity.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const COUNTED = ['cpu', 'memory'] as const;

export function qosClassOf(spec: Pick<PodSpec, 'containers' | 'initContainers'>): QosClass {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  if (containers.every((container) => COUNTED.every((name) => !isSet(requestOf(container, name)) && !isSet(container.resources?.limits?.[name])))) return 'BestEffort';
  const guaranteed = containers.every((container) =>
    COUNTED.every((name) => {
      const limit = container.resources?.limits?.[name];
      const request = requestOf(container, name) ?? limit;
      return isSet(limit) && compareQuantities(limit!, request!) === 0;
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function requestOf(container: Container, name: (typeof COUNTED)[number]): string | undefined {
  return container.resources?.requests?.[name];
}

function isSet(quantity: string | undefined): boolean {
  return quantity !== undefined && parseQuantity(quantity) !== 0n;
}
