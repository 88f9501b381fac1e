// Runs one part of the network: start, then apply with the newest state, one at a time, again after failures.
import { backoffDelayMs } from '../base/backoff.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { NetworkPart, NetworkState } from './network-part.ts';

const RETRY = { baseMs: 100, capMs: 30_000 };

export interface RunningPart {
  /** The part is to catch up with the state; returns at once. */
  wake(): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

export function runPart(part: NetworkPart, { state, clock, log }: { readonly state: () => NetworkState; readonly clock: Clock; readonly log: Logger }): RunningPart {
  let started = part.start === undefined;
  let stopped = false;
  let stale = false;
  let failures = 0;
  let retry: Timer | undefined;
  let busy = false;
  let round: Promise<void> | undefined;

  const catchUp = async (): Promise<void> => {
    while (stale && !stopped) {
      stale = false;
      try {
        if (!started) await part.start?.();
        started = true;
        await part.apply?.(state());
        failures = 0;
      } catch (error) {
        failures += 1;
        log.error('a part of the network failed and will be tried again', { part: part.name, failures, error });
        retry = clock.setTimer(backoffDelayMs(failures, RETRY.baseMs, RETRY.capMs), wake);
        break;
      }
    }
    busy = false;
  };
  const wake = (): void => {
    stale = true;
    if (stopped || busy) return;
    retry?.cancel();
    busy = true;
    round = catchUp();
  };
  return {
    wake,
    async stop() {
      stopped = true;
      retry?.cancel();
      await round;
      await part.stop();
    },
  };
}
