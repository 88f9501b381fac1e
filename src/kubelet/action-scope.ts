// What the executors of a Pod's actions have at hand.
import type { PodFacts } from './downward-api.ts';
import type { KubeletContext } from './kubelet-context.ts';
import type { PodRecord } from './pod-record.ts';
import { podIpOf, viewSandbox } from './sandbox-rule.ts';

export interface ActionScope {
  readonly context: KubeletContext;
  readonly record: PodRecord;
  /** The version of ConfigMaps and Secrets that the plan saw. */
  readonly configVersion: string;
  /** Lets work go on beside the loop, and wakes the loop at its end. */
  readonly inBackground: (work: Promise<void>) => void;
  /** Reads the container again and takes over what is found. */
  readonly refresh: (id: string) => Promise<void>;
}

/** How long a question to the engine may take. */
export const CALL_LIMIT_MS = 30_000;
/** How long the engine may work on a container. */
export const START_LIMIT_MS = 120_000;

/** The Pod as its containers may know it. */
export function podFacts({ context, record }: ActionScope): PodFacts {
  const node = context.node();
  const { pod, gone, memory } = record;
  const seen = { pod, gone, memory, containers: [...record.containers.values()], configVersion: '', node, now: 0 };
  const podIp = podIpOf(seen, viewSandbox(seen)) ?? '';
  return { pod, podIp, hostIp: node.hostIp, allocatable: node.allocatable };
}
