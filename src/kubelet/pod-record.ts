// The mutable state behind one Pod's loop: the object as last seen, its containers, and its memory, changed only here.
import type { Pod } from '../api/generated/types.ts';
import { newPodMemory, type CreationFailure, type HookState, type ImageState, type PodMemory, type ResizeFailure, type StopState } from './pod-memory.ts';
import type { ProbeKind, ProbeState } from './probes/probe-state.ts';
import type { ContainerState } from './runtime/container-runtime.ts';

export class PodRecord {
  pod: Pod;
  gone: boolean;
  memory: PodMemory;
  readonly containers = new Map<string, ContainerState>();
  readonly #exitListeners = new Map<string, Set<() => void>>();
  /** Failed pulls in a row, by image. */
  readonly pullFailures = new Map<string, number>();
  /** "container/attempt" of every creation that was asked for: its reply may have been lost. */
  readonly tried = new Set<string>();
  /** Containers that were created by a first try and not started yet: surely they never ran. */
  readonly fresh = new Set<string>();
  /** Containers whose start was asked for and is not known to have worked. */
  readonly unanswered = new Set<string>();
  /** How often in a row a container could not be archived, by id. */
  readonly archiveFailures = new Map<string, number>();

  constructor(pod: Pod, options: { readonly gone: boolean; readonly now: number }) {
    this.pod = pod;
    this.gone = options.gone;
    this.memory = newPodMemory(pod.status ?? {}, options.now);
  }

  setContainer(container: ContainerState): void {
    this.containers.set(container.id, container);
    if (container.phase === 'exited') this.#tellExit(container.id);
  }

  /** Calls `listener` when the container ends or goes; returns how to stop listening. */
  onExit(id: string, listener: () => void): () => void {
    const listeners = this.#exitListeners.get(id) ?? new Set();
    this.#exitListeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#exitListeners.delete(id);
    };
  }

  #tellExit(id: string): void {
    for (const listener of this.#exitListeners.get(id) ?? []) listener();
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

  setResizeFailure(id: string, failure: ResizeFailure | undefined): void {
    this.remember({ resizeFailures: withEntry(this.memory.resizeFailures, id, failure) });
  }

  setStartError(id: string, message: string): void {
    this.remember({ startErrors: withEntry(this.memory.startErrors, id, message) });
  }

  setTerminationMessage(id: string, message: string): void {
    this.remember({ terminationMessages: withEntry(this.memory.terminationMessages, id, message) });
  }

  setProbe(id: string, kind: ProbeKind, state: ProbeState): void {
    this.remember({ probes: withEntry(this.memory.probes, id, { ...this.memory.probes.get(id), [kind]: state }) });
  }

  setHook(id: string, state: HookState | undefined): void {
    this.remember({ hooks: withEntry(this.memory.hooks, id, state) });
  }

  forgetContainer(id: string): void {
    this.containers.delete(id);
    this.#tellExit(id);
    this.archiveFailures.delete(id);
    this.unanswered.delete(id);
    this.remember({
      stops: withEntry(this.memory.stops, id, undefined),
      resizeFailures: withEntry(this.memory.resizeFailures, id, undefined),
      startErrors: withEntry(this.memory.startErrors, id, undefined),
      terminationMessages: withEntry(this.memory.terminationMessages, id, undefined),
      probes: withEntry(this.memory.probes, id, undefined),
      hooks: withEntry(this.memory.hooks, id, undefined),
    });
  }
}

function withEntry<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value | undefined): ReadonlyMap<string, Value> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}
