// What containers use, from the engine's counters: one call a container, which does not wait for a second sample.
import { text } from 'node:stream/consumers';
import type { ContainerCounters } from '../container-runtime.ts';
import { mapInParallel, type EngineContext } from './containers.ts';
import { tolerating, translated } from './engine-errors.ts';
import { asNumber, asRecord, asText } from './json-fields.ts';

const QUERY = { stream: false, 'one-shot': true };

export async function readCounters(context: EngineContext, ids: readonly string[]): Promise<ReadonlyMap<string, ContainerCounters>> {
  const read = await mapInParallel(ids, async (id) => {
    const call = { method: 'GET', path: `/containers/${encodeURIComponent(id)}/stats`, query: QUERY } as const;
    const found = await translated(() => tolerating([404, 409], '', async () => text((await context.client.open(call)).body)));
    // Of a container that has ended Podman says nothing at all.
    return [id, found === '' ? undefined : parseCounters(JSON.parse(found))] as const;
  });
  return new Map(read.filter((entry): entry is [string, ContainerCounters] => entry[1] !== undefined));
}

/** Undefined for a container that does not run: all its counters are 0 and were read at no time. */
export function parseCounters(json: unknown): ContainerCounters | undefined {
  const stats = asRecord(json);
  const readAt = Date.parse(asText(stats['read']));
  const cpuNanos = asNumber(asRecord(asRecord(stats['cpu_stats'])['cpu_usage'])['total_usage']);
  const memory = asRecord(stats['memory_stats']);
  const usage = asNumber(memory['usage']);
  if (!(readAt > 0) || (cpuNanos === 0 && usage === 0)) return undefined;
  const details = asRecord(memory['stats']);
  // With cgroup v1 the container's own counter leaves out what is below it; v2 knows only the total.
  const inactive = asNumber(details['total_inactive_file'] ?? details['inactive_file']);
  return { readAt, cpuNanos, memoryBytes: Math.max(0, usage - inactive) };
}
