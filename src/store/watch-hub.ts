// Fans committed changes out to watchers: found by the first two parts of the key, queued up to a bound, then cut off.
import { StoreError, type Change } from './store.ts';

/** A watcher that is this far behind is cut off, and lists again. */
export const MAX_QUEUED = 10_000;

export class Watcher {
  readonly prefix: string;
  readonly #maxQueued: number;
  readonly #onProgress: ((revision: number) => void) | undefined;
  #queue: Change[] = [];
  #failure: StoreError | undefined;
  #wake: (() => void) | undefined;

  constructor(options: { readonly prefix: string; readonly maxQueued: number; readonly onProgress?: (revision: number) => void }) {
    this.prefix = options.prefix;
    this.#maxQueued = options.maxQueued;
    this.#onProgress = options.onProgress;
  }

  push(change: Change): void {
    if (this.#failure !== undefined) return;
    if (this.#queue.length >= this.#maxQueued) return this.fail(new StoreError('SlowWatcher', `it let ${this.#queue.length} changes pile up`));
    this.#queue.push(change);
    this.#wake?.();
  }

  /** All changes up to the revision are in the queue. */
  progress(revision: number): void {
    if (this.#queue.length === 0) this.#onProgress?.(revision);
  }

  fail(failure: StoreError): void {
    this.#failure = failure;
    this.#queue = [];
    this.#wake?.();
  }

  /** Everything queued; waits for something to be. Empty when the signal aborts. */
  async take(signal: AbortSignal): Promise<readonly Change[]> {
    while (this.#queue.length === 0 && this.#failure === undefined && !signal.aborted) {
      const woken = Promise.withResolvers<void>();
      this.#wake = woken.resolve;
      signal.addEventListener('abort', woken.resolve as () => void, { once: true });
      await woken.promise;
      signal.removeEventListener('abort', woken.resolve as () => void);
      this.#wake = undefined;
    }
    if (signal.aborted) return [];
    if (this.#failure !== undefined) throw this.#failure;
    const taken = this.#queue;
    this.#queue = [];
    return taken;
  }
}

export class WatchHub {
  readonly #byRoot = new Map<string, Set<Watcher>>();

  add(watcher: Watcher): void {
    const root = rootOf(watcher.prefix);
    const group = this.#byRoot.get(root);
    if (group === undefined) this.#byRoot.set(root, new Set([watcher]));
    else group.add(watcher);
  }

  remove(watcher: Watcher): void {
    const root = rootOf(watcher.prefix);
    const group = this.#byRoot.get(root);
    group?.delete(watcher);
    if (group?.size === 0) this.#byRoot.delete(root);
  }

  get size(): number {
    return [...this.#byRoot.values()].reduce((sum, group) => sum + group.size, 0);
  }

  publish(changes: readonly Change[], revision: number): void {
    for (const change of changes) {
      const root = rootOf(change.entry.key);
      for (const group of root === '' ? [this.#byRoot.get('')] : [this.#byRoot.get(root), this.#byRoot.get('')]) {
        for (const watcher of group ?? []) if (change.entry.key.startsWith(watcher.prefix)) watcher.push(change);
      }
    }
    for (const group of this.#byRoot.values()) for (const watcher of group) watcher.progress(revision);
  }

  fail(failure: StoreError): void {
    for (const group of this.#byRoot.values()) for (const watcher of group) watcher.fail(failure);
  }
}

/** "core/pods/" of "core/pods/default/web"; '' for what is shorter. */
function rootOf(key: string): string {
  const first = key.indexOf('/');
  const second = first < 0 ? -1 : key.indexOf('/', first + 1);
  return second < 0 ? '' : key.slice(0, second + 1);
}
