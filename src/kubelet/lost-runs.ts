// Notices runs of one Pod whose containers went without minik's doing, and keeps what is known of them.
import { attemptFacts } from './archive/attempt-facts.ts';
import { keepLost, lostOf } from './archive/lost-attempts.ts';
import type { KubeletContext } from './kubelet-context.ts';
import type { PodRecord } from './pod-record.ts';

export interface LostRunsOptions {
  readonly context: KubeletContext;
  readonly record: PodRecord;
  readonly inBackground: (work: Promise<void>) => void;
}

export class LostRuns {
  readonly #options: LostRunsOptions;
  #hasLooked = false;

  constructor(options: LostRunsOptions) {
    this.#options = options;
  }

  /** Once, after a restart: runs that the status tells of and the engine does not. */
  lookOnce(): void {
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    const { context, record, inBackground } = this.#options;
    const lost = record.gone ? [] : lostOf(record.pod, [...record.containers.values()]);
    if (lost.length > 0) inBackground(keepLost(context, lost));
  }

  /** Somebody else removed it. */
  lose(id: string): void {
    const { context, record, inBackground } = this.#options;
    const { pod, memory } = record;
    const container = record.containers.get(id);
    const facts = container && attemptFacts({ pod, memory, node: context.node() }, container);
    record.forgetContainer(id);
    if (facts !== undefined) inBackground(keepLost(context, [facts]));
  }
}
