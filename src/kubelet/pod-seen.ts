// pure: what planning and status see of one Pod at one moment. The moment is an input like the rest.
import type { Pod } from '../api/generated/types.ts';
import type { ResourceTotals } from '../api/pod/pod-resources.ts';
import type { PodMemory } from './pod-memory.ts';
import type { ContainerState } from './runtime/container-runtime.ts';

export interface PodSeen {
  /** As last known. */
  readonly pod: Pod;
  /** The API object is gone: what is left of the Pod here must go too. */
  readonly gone: boolean;
  /** All containers of the Pod, the sandbox and old attempts included. */
  readonly containers: readonly ContainerState[];
  readonly memory: PodMemory;
  /** Changes whenever something that volumes or environment are made of changes. */
  readonly configVersion: string;
  readonly node: NodeFacts;
  /** What the node has for Pods that want to grow; absent: enough. */
  readonly room?: NodeRoom;
  /** Policies select the Pod: no container may start before its address is guarded. Absent: no. */
  readonly needsGuard?: boolean;
  readonly now: number;
}

export interface NodeRoom {
  /** Thousandths of a core, bytes. */
  readonly allocatable: { readonly cpu: number; readonly memory: number };
  /** What all other Pods hold of it. */
  readonly taken: ResourceTotals;
}

export interface NodeFacts {
  readonly name: string;
  /** '' while the engine has not answered. */
  readonly hostIp: string;
  /** "docker": the scheme of container ids. */
  readonly runtimeName: string;
}
