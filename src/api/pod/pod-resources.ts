// pure: what a whole Pod asks for, from its containers. App containers and sidecars run together; init containers run one
// after another beside the sidecars that came before them; the larger of the two is the Pod's.
import type { Container, PodSpec } from '../generated/types.ts';
import { quantityMilli, quantityValue } from '../quantity.ts';

/** CPU in thousandths of a core, everything else in whole units; names that nothing asks for are absent. */
export type ResourceTotals = Readonly<Record<string, number>>;

export function podResources(spec: PodSpec, part: 'requests' | 'limits'): ResourceTotals {
  const ofContainer = ({ resources }: Container): ResourceTotals =>
    Object.fromEntries(Object.entries(resources?.[part] ?? {}).map(([name, text]) => [name, resourceAmount(name, text)]));
  let sidecars: ResourceTotals = {};
  let starting: ResourceTotals = {};
  for (const container of spec.initContainers ?? []) {
    const own = ofContainer(container);
    if (container.restartPolicy === 'Always') sidecars = addedResources(sidecars, own);
    else starting = larger(starting, addedResources(sidecars, own));
  }
  const running = (spec.containers ?? []).map(ofContainer).reduce(addedResources, sidecars);
  return addedResources(larger(starting, larger(sidecars, running)), overhead(spec));
}

/** In the unit of ResourceTotals. */
export function resourceAmount(name: string, text: string): number {
  return name === 'cpu' ? quantityMilli(text) : quantityValue(text);
}

function overhead(spec: PodSpec): ResourceTotals {
  return Object.fromEntries(Object.entries(spec.overhead ?? {}).map(([name, text]) => [name, resourceAmount(name, text)]));
}

export function addedResources(a: ResourceTotals, b: ResourceTotals): ResourceTotals {
  return combined(a, b, (left, right) => left + right);
}

function larger(a: ResourceTotals, b: ResourceTotals): ResourceTotals {
  return combined(a, b, Math.max);
}

function combined(a: ResourceTotals, b: ResourceTotals, combine: (left: number, right: number) => number): ResourceTotals {
  const result: Record<string, number> = { ...a };
  for (const [name, amount] of Object.entries(b)) result[name] = combine(result[name] ?? 0, amount);
  return result;
}
