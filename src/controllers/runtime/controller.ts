// The contract of a controller: a keyed, level-based reconcile, run by the queue of this folder.
//
// A key names an object, never an event. Reconcile re-reads everything and may be repeated, delayed, or cut off between
// any two steps; the next one converges. One key is never reconciled twice at once.

export interface Controller {
  readonly name: string;
  /** Connects informers to `enqueue`; returns how to disconnect. */
  connect(enqueue: (key: string, delayMs?: number) => void): () => void;
  /** Throwing means: again, after the queue's back-off. */
  reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult>;
}

export interface ReconcileResult {
  /** Come back after this long, changes or not. */
  readonly requeueAfterMs?: number;
}
