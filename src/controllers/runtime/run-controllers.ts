// Runs controllers: workers take keys, reconcile, and requeue as the result says. The one place where a controller's errors
// are logged.
import { isConflict } from '../../api/status-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { Controller } from './controller.ts';
import { WorkQueue } from './work-queue.ts';

export interface RunOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Keys of one controller that are reconciled at the same time. */
  readonly workers?: number;
}

export interface RunningControllers {
  /** Waits for the reconciles under way. */
  stop(): Promise<void>;
}

const WORKERS = 8;

export function startControllers(controllers: readonly Controller[], options: RunOptions): RunningControllers {
  const running = controllers.map((controller) => startController(controller, options));
  return { stop: async () => void (await Promise.all(running.map(({ stop }) => stop()))) };
}

function startController(controller: Controller, { clock, log, workers = WORKERS }: RunOptions): RunningControllers {
  const queue = new WorkQueue(clock);
  const stopping = new AbortController();
  const logger = log.with({ controller: controller.name });
  const disconnect = controller.connect((key, delayMs) => queue.add(key, delayMs));
  const work = Array.from({ length: workers }, () => runWorker(controller, { queue, signal: stopping.signal, log: logger }));
  return {
    async stop() {
      disconnect();
      stopping.abort();
      queue.close();
      await Promise.all(work);
    },
  };
}

async function runWorker(controller: Controller, at: { readonly queue: WorkQueue; readonly signal: AbortSignal; readonly log: Logger }): Promise<void> {
  const { queue, signal, log } = at;
  for (;;) {
    const key = await queue.take();
    if (key === undefined) return;
    try {
      const { requeueAfterMs } = await controller.reconcile(key, signal);
      queue.forgetFailures(key);
      if (requeueAfterMs !== undefined) queue.add(key, Math.max(requeueAfterMs, 1));
    } catch (error) {
      // Somebody else wrote first: the next round sees what they wrote.
      if (!signal.aborted && !isConflict(error)) log.error('a reconcile failed and will be tried again', { key, error });
      queue.addAfterFailure(key);
    } finally {
      queue.done(key);
    }
  }
}
