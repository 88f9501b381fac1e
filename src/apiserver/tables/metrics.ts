// pure: the columns of what is measured, as upstream's metrics server has them.
import type { NodeMetrics, PodMetrics } from '../../api/generated/types.ts';
import { canonicalQuantity, formatBytes, parseQuantity, quantityValue } from '../../api/quantity.ts';
import { nameColumn, text, type KindTable } from './columns.ts';

export const podMetricsTable: KindTable<PodMetrics> = {
  columns: [
    nameColumn,
    text('cpu', ({ containers }) => cpuText(containers.map(({ usage }) => usage))),
    text('memory', ({ containers }) => memoryText(containers.map(({ usage }) => usage))),
    text('Window', ({ window }) => window),
  ],
};

export const nodeMetricsTable: KindTable<NodeMetrics> = {
  columns: [
    nameColumn,
    text('cpu', ({ usage }) => cpuText([usage])),
    text('memory', ({ usage }) => memoryText([usage])),
    text('Window', ({ window }) => window),
  ],
};

type Amounts = Readonly<Record<string, string>>;

function cpuText(usages: readonly Amounts[]): string {
  return canonicalQuantity(`${usages.reduce((sum, { cpu = '' }) => sum + (parseQuantity(cpu) ?? 0n), 0n)}n`);
}

function memoryText(usages: readonly Amounts[]): string {
  return formatBytes(usages.reduce((sum, { memory = '' }) => sum + quantityValue(memory), 0));
}
