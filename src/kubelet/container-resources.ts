// pure: requests and limits of a container as what the runtime enforces.
import type { Container } from '../api/generated/types.ts';
import { parseQuantity, quantityMilli, quantityValue } from '../api/quantity.ts';
import type { ContainerResources } from './runtime/container-runtime.ts';

/** A limit of 0 is no limit. */
export function containerResources({ resources }: Container): ContainerResources {
  const { limits = {}, requests = {} } = resources ?? {};
  const memory = limits['memory'] === undefined ? 0 : quantityValue(limits['memory']);
  const cpu = limits['cpu'] === undefined ? 0 : quantityMilli(limits['cpu']);
  const request = requests['cpu'] ?? limits['cpu'];
  return {
    ...(memory === 0 ? {} : { memoryLimitBytes: memory }),
    ...(cpu === 0 ? {} : { cpuLimitMillis: cpu }),
    ...(request === undefined ? {} : { cpuRequestMillis: quantityMilli(request) }),
  };
}

/** quantity / divisor, rounded up; an absent or zero divisor is 1. */
export function quotientOf(quantity: string, divisor: string | undefined): string {
  const by = parseQuantity(divisor ?? '') || 1_000_000_000n;
  const value = parseQuantity(quantity) ?? 0n;
  return String((value + by - 1n) / by);
}
