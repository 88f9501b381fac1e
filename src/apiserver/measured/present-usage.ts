// pure: what was measured as objects of metrics.k8s.io.
import type { Node, NodeMetrics, Pod, PodMetrics } from '../../api/generated/types.ts';
import { canonicalQuantity, formatBytes } from '../../api/quantity.ts';
import { toTime } from '../../api/time.ts';
import { goDurationText } from '../../api/go-duration-text.ts';
import type { Interval, NodeUsage, PodUsage, Usage } from '../../api/usage/usage-source.ts';
import { apiVersionOf, NODE_METRICS, POD_METRICS } from '../../api/kinds.ts';

export function podMetrics({ metadata }: Pod, usage: PodUsage, now: number): PodMetrics {
  const { name, namespace, labels } = metadata ?? {};
  return {
    kind: POD_METRICS.kind,
    apiVersion: apiVersionOf(POD_METRICS),
    metadata: { name, namespace, creationTimestamp: toTime(now), ...(labels === undefined ? {} : { labels }) },
    ...intervalOf(usage),
    containers: usage.containers.map((container) => ({ name: container.name, usage: amounts(container) })),
  };
}

export function nodeMetrics({ metadata }: Node, usage: NodeUsage, now: number): NodeMetrics {
  const { name, labels } = metadata ?? {};
  return {
    kind: NODE_METRICS.kind,
    apiVersion: apiVersionOf(NODE_METRICS),
    metadata: { name, creationTimestamp: toTime(now), ...(labels === undefined ? {} : { labels }) },
    ...intervalOf(usage),
    usage: amounts(usage),
  };
}

function intervalOf({ endedAt, lengthMs }: Interval): { readonly timestamp: string; readonly window: string } {
  return { timestamp: toTime(endedAt), window: goDurationText(lengthMs) };
}

function amounts({ cpuNanoCores, memoryBytes }: Usage): Record<string, string> {
  return { cpu: nanoText(cpuNanoCores), memory: formatBytes(memoryBytes) };
}

/** Upstream counts in nanocores, and writes them so: 250000000 is 250m. */
function nanoText(nanoCores: number): string {
  return canonicalQuantity(`${Math.round(nanoCores)}n`);
}
