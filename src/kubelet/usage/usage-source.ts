// Answers what Pods and the node use just now, by the container engine's counters and the machine's.
import { unavailableError } from '../../api/status-error.ts';
import type { PodUsage, UsageSource } from '../../api/usage/usage-source.ts';
import type { Clock } from '../../base/clock.ts';
import { RuntimeError, SANDBOX, type ContainerRuntime, type ContainerState } from '../runtime/container-runtime.ts';
import type { MachineCounters } from './machine-counters.ts';
import { RateMeter } from './rate-meter.ts';

export interface UsageSourceOptions {
  readonly runtime: ContainerRuntime;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly nodeName: string;
  /** Of a Pod, by uid: all that are known, none for a Pod of elsewhere. */
  readonly containersOf: (podUid: string) => readonly ContainerState[];
  readonly readMachine: () => Promise<MachineCounters>;
}

export function createUsageSource(options: UsageSourceOptions): UsageSource {
  const { clock, nodeName, readMachine, runtime, signal } = options;
  const containers = new RateMeter({ clock, signal, read: (ids) => translated(() => runtime.counters(ids)) });
  const machine = new RateMeter({ clock, signal, read: async () => new Map([[nodeName, await readMachine()]]) });
  return {
    async pods(uids) {
      const running = uids.map((podUid) => ({ podUid, containers: runningOf(options.containersOf(podUid)) }));
      const rates = await containers.measure(running.flatMap((pod) => pod.containers.map(({ id }) => id)));
      return running.flatMap(({ podUid, containers: ofPod }): PodUsage[] => {
        const measured = ofPod.flatMap(({ id, identity }) => {
          const rate = rates.get(id);
          return rate === undefined ? [] : [{ name: identity.container, ...rate }];
        });
        // Of a container that began since the last question the interval is shorter: the Pod's is the longest.
        const [longest] = measured.toSorted((a, b) => b.lengthMs - a.lengthMs);
        if (longest === undefined) return [];
        const { endedAt, lengthMs } = longest;
        return [{ podUid, endedAt, lengthMs, containers: measured.map(({ name, cpuNanoCores, memoryBytes }) => ({ name, cpuNanoCores, memoryBytes })) }];
      });
    },
    async nodes() {
      return [...(await machine.measure([nodeName]))].map(([node, rate]) => ({ node, ...rate }));
    },
  };
}

function runningOf(containers: readonly ContainerState[]): readonly ContainerState[] {
  return containers.filter(({ identity, phase }) => phase === 'running' && identity.container !== SANDBOX);
}

async function translated<Value>(run: () => Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    throw unavailableError(`the container engine does not answer: ${error.message}`);
  }
}
