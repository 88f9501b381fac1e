// pure: what Pods and nodes use, as the columns of kubectl top.
import type { Node, NodeMetrics, PodMetrics } from '../../api/generated/types.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { alignTabs, TABLE_ALIGNMENT } from '../printers/tab-align.ts';

export type SortBy = 'cpu' | 'memory' | undefined;

export interface TopOptions {
  readonly sortBy: SortBy;
  readonly noHeaders: boolean;
}

export interface PodTopOptions extends TopOptions {
  readonly containers: boolean;
  readonly withNamespace: boolean;
  readonly sum: boolean;
}

type Amounts = Readonly<Record<string, string>>;

interface Total {
  /** In billionths of a core. */
  readonly cpu: bigint;
  readonly bytes: bigint;
}

const UNIT = 1_000_000_000n;
const MIB = 1_048_576n;

export function podUsageText(items: readonly PodMetrics[], options: PodTopOptions): string {
  const { containers, withNamespace, noHeaders, sum, sortBy } = options;
  if (items.length === 0) return '';
  const before = [...(withNamespace ? ['NAMESPACE'] : []), ...(containers ? ['POD'] : [])];
  const namespaceOf = ({ metadata }: PodMetrics): string => metadata?.namespace ?? '';
  const pods = sorted(items, { sortBy, totalOf: totalOfPod, keyOf: (pod) => [...(withNamespace ? [namespaceOf(pod)] : []), pod.metadata?.name ?? ''] });
  const lines = pods.flatMap((pod) => {
    const lead = withNamespace ? [namespaceOf(pod)] : [];
    const name = pod.metadata?.name ?? '';
    if (!containers) return [[...lead, name, ...amountCells(totalOfPod(pod))]];
    const own = sorted(pod.containers, { sortBy, totalOf: ({ usage }) => totalOf([usage]), keyOf: (container) => [container.name] });
    return own.map((container) => [...lead, name, container.name, ...amountCells(totalOf([container.usage]))]);
  });
  const headers = noHeaders ? [] : [[...before, 'NAME', 'CPU(cores)', 'MEMORY(bytes)']];
  return aligned([...headers, ...lines, ...(sum ? sumLines(items, noHeaders ? 0 : before.length) : [])]);
}

/** Of a node without metrics nothing is known. */
export function nodeUsageText(items: readonly NodeMetrics[], nodes: readonly Node[], { noHeaders, showCapacity, sortBy }: TopOptions & { readonly showCapacity: boolean }): string {
  if (items.length === 0) return '';
  const available = new Map(nodes.map(({ metadata, status }) => [metadata?.name ?? '', (showCapacity ? status?.capacity : status?.allocatable) ?? {}]));
  const shown = sorted(items, { sortBy, totalOf: ({ usage }) => totalOf([usage]), keyOf: ({ metadata }) => [metadata?.name ?? ''] });
  const measured = new Set(items.map(({ metadata }) => metadata?.name ?? ''));
  const lines = shown.map(({ metadata, usage }) => {
    const name = metadata?.name ?? '';
    const [used, of] = [totalOf([usage]), totalOf([available.get(name) ?? {}])];
    const [cpu, memory] = amountCells(used);
    return [name, cpu!, percent(used.cpu, of.cpu), memory!, percent(used.bytes, of.bytes)];
  });
  const missing = [...available.keys()].filter((name) => !measured.has(name)).map((name) => [name, ...Array<string>(4).fill('<unknown>')]);
  return aligned([...(noHeaders ? [] : [['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)']]), ...lines, ...missing]);
}

function totalOfPod({ containers }: PodMetrics): Total {
  return totalOf(containers.map(({ usage }) => usage));
}

function totalOf(amounts: readonly Amounts[]): Total {
  const sum = (name: string): bigint => amounts.reduce((total, one) => total + (parseQuantity(one[name] ?? '') ?? 0n), 0n);
  return { cpu: sum('cpu'), bytes: ceilDiv(sum('memory'), UNIT) };
}

/** Millicores are rounded up, mebibytes down, as upstream does. */
function amountCells({ cpu, bytes }: Total): readonly string[] {
  return [`${ceilDiv(cpu, 1_000_000n)}m`, `${bytes / MIB}Mi`];
}

function percent(used: bigint, of: bigint): string {
  return of === 0n ? '<unknown>' : `${Math.trunc((Number(used) / Number(of)) * 100)}%`;
}

function sumLines(items: readonly PodMetrics[], columnsBefore: number): string[][] {
  const blank = Array<string>(columnsBefore).fill('');
  const total = totalOf(items.flatMap(({ containers }) => containers.map(({ usage }) => usage)));
  return [
    [...blank, '', '________', '________'],
    [...blank, '', ...amountCells(total)],
  ];
}

/** The largest first where an amount is asked for, else by name. */
function sorted<T>(items: readonly T[], { sortBy, totalOf: total, keyOf }: { readonly sortBy: SortBy; readonly totalOf: (item: T) => Total; readonly keyOf: (item: T) => readonly string[] }): readonly T[] {
  const byKey = items.toSorted((a, b) => (keyOf(a).join('\0') < keyOf(b).join('\0') ? -1 : 1));
  if (sortBy === undefined) return byKey;
  const amount = (item: T): bigint => (sortBy === 'cpu' ? total(item).cpu : total(item).bytes);
  return byKey.toSorted((a, b) => (amount(b) > amount(a) ? 1 : amount(b) < amount(a) ? -1 : 0));
}

/** Every cell is ended by a tab, the last one too. */
function aligned(lines: readonly (readonly string[])[]): string {
  return alignTabs(lines.map((cells) => `${cells.map((cell) => `${cell}\t`).join('')}\n`).join(''), TABLE_ALIGNMENT);
}

function ceilDiv(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
