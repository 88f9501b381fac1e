// What the whole machine has used: its processors' times, and the memory that is not free.
import { readFile } from 'node:fs/promises';
import { cpus, freemem, totalmem, type CpuInfo } from 'node:os';
import type { Clock } from '../../base/clock.ts';
import type { Counters } from './rate-meter.ts';

export type MachineCounters = Counters;

/** The memory is the node's working set as upstream's kubelet counts it: used, without the page cache that is not in use. */
export async function readMachineCounters(clock: Clock): Promise<MachineCounters> {
  const info = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  return { readAt: clock.now(), cpuNanos: busyNanos(cpus()), memoryBytes: workingSet(info) ?? totalmem() - freemem() };
}

export function busyNanos(processors: readonly Pick<CpuInfo, 'times'>[]): number {
  return processors.reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) * 1e6;
}

/** Undefined where the text is not Linux's /proc/meminfo. */
export function workingSet(meminfo: string): number | undefined {
  const kib = new Map([...meminfo.matchAll(/^(\S+):\s+(\d+) kB$/gm)].map(([, name, amount]) => [name, Number(amount)]));
  const [total, free, inactive] = ['MemTotal', 'MemFree', 'Inactive(file)'].map((name) => kib.get(name));
  if (total === undefined || free === undefined) return undefined;
  return Math.max(0, total - free - (inactive ?? 0)) * 1024;
}
