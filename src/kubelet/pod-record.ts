// The mutable state behind one Pod's loop: the object as last seen, its containers, and its memory, changed only here.
import type { Pod } from '../api/generated/types.ts';
import { newPodMemory, type CreationFailure, type ImageState, type PodMemory, type StopState } from './pod-memory.ts';
import type { ContainerState } from './runtime/container-runtime.ts';

export class PodRecord {
  pod: Pod;
  gone: boolean;
  memory: PodMemory;
  readonly containers = new Map<string, ContainerState>();
  /** Failed pulls in a row, by image. */
  readonly pullFailures = new Map<string, number>();
  /** "container/attempt" of every creation that was asked for: its reply may have been lost. */
  readonly tried = new Set<string>();
  /** Containers that were created by a first try and not started yet: surely they never ran. */
  readonly fresh = new Set<string>();
  /** How often in a row a container could not be archived, by id. */
  readonly archiveFailures = new Map<string, number>();

  constructor(pod: Pod, options: { readonly gone: boolean; readonly now: number }) {
    this.pod = pod;
    this.gone = options.gone;
    this.memory = newPodMemory(pod.status ?? {}, options.now);
  }

  remember(change: Partial<PodMemory>): void {
    this.memory = { ...this.memory, ...change };
  }

  setImage(container: string, state: ImageState | undefined): void {
    this.remember({ images: withEntry(this.memory.images, container, state) });
  }

  setCreation(container: string, failure: CreationFailure | undefined): void {
    this.remember({ creations: withEntry(this.memory.creations, container, failure) });
  }

  setStop(id: string, state: StopState | undefined): void {
    this.remember({ stops: withEntry(this.memory.stops, id, state) });
  }

  setStartError(id: string, message: string): void {
    this.remember({ startErrors: withEntry(this.memory.startErrors, id, message) });
  }

  setTerminationMessage(id: string, message: string): void {
    this.remember({ terminationMessages: withEntry(this.memory.terminationMessages, id, message) });
  }

  forgetContainer(id: string): void {
    this.containers.delete(id);
    this.archiveFailures.delete(id);
    this.remember({
      stops: withEntry(this.memory.stops, id, undefined),
      startErrors: withEntry(this.memory.startErrors, id, undefined),
      terminationMessages: withEntry(this.memory.terminationMessages, id, undefined),
    });
  }
}

function withEntry<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value | undefined): ReadonlyMap<string, Value> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}
