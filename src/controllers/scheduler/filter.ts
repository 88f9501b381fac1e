// pure: the shape of a filter: one reason why a Pod might not go to a node. Adding a reason is adding a file and its line in
// plan-scheduling.ts.
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../api/generated/types.ts';

export interface Problem {
  /** Upstream's words. */
  readonly reason: string;
  /** Removing other Pods would not help. */
  readonly isFinal: boolean;
}

export interface Candidate {
  readonly node: Node;
  /** Those that hold a place on it: bound, and not ended. */
  readonly pods: readonly Pod[];
}

/** What the Pod's claims are and what there is for them. */
export interface StorageSeen {
  /** Of the Pod's namespace. */
  readonly claim: (name: string) => PersistentVolumeClaim | undefined;
  readonly volume: (name: string) => PersistentVolume | undefined;
  readonly volumes: () => readonly PersistentVolume[];
  readonly storageClass: (name: string) => StorageClass | undefined;
}

export interface SchedulingObserved {
  readonly pod: Pod;
  readonly candidates: readonly Candidate[];
  readonly storage: StorageSeen;
  readonly namespaceLabels: (namespace: string) => Readonly<Record<string, string>>;
}

export type Filter = (observed: SchedulingObserved, candidate: Candidate) => readonly Problem[];

export const OK: readonly Problem[] = [];
