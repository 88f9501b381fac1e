// The one table of a home in the kernel's packet filter, and the one nft process that owns it.
//
// The table carries `flags owner`: the kernel removes it the moment that process ends, however it ends. So a daemon that was
// killed leaves no rule; and when only nft was killed, everybody who has rules is asked to write them all anew.
import { backoffDelayMs, type BackOff } from '../../base/backoff.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { HostPrograms } from '../../api/network/host-programs.ts';
import { NftError, openNft, type NftProcess } from './nft-process.ts';

export interface KernelSession {
  /** "ip minik-0123456789ab": family and name, as commands want it. */
  readonly table: string;
  /**
   * `script`: a command a line; all of it is applied at once, or nothing. Scripts are applied in the order of the calls. Rejects with
   * NftError: nft's words, or why there is no nft just now (its users are then called by `whenEmpty` later).
   */
  run(script: string): Promise<void>;
  /** Calls `render` whenever the table is new and empty: now if it is there, and each time that it had to be made again. Returns the end of that. */
  whenEmpty(render: () => void): () => void;
}

export interface RunningKernelSession extends KernelSession {
  /** Ends nft, and with it every rule. */
  stop(): Promise<void>;
}

export interface KernelSessionOptions {
  readonly programs: HostPrograms;
  readonly clusterId: string;
  /** nft cannot be started again (why, in words for people), or runs again (undefined). */
  readonly onProblem?: (why: string | undefined) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

const REOPEN: BackOff = { baseMs: 100, capMs: 60_000 };
/** A process that lived this long has not failed at its start. */
const STEADY_MS = 10_000;

/** Resolves when the table is there; rejects with words for people when nft is missing, too old, or may not be run. */
export async function openKernelSession({ programs, clusterId, onProblem, clock, log }: KernelSessionOptions): Promise<RunningKernelSession> {
  const table = `ip minik-${clusterId}`;
  const users = new Set<() => void>();
  let current: NftProcess | undefined;
  let problem: string | undefined;
  let wasTold = false;
  let failures = 0;
  let retry: Timer | undefined;
  let stopped = false;

  const open = async (): Promise<void> => {
    const nft = await openNft(programs, clock);
    const openedAt = clock.now();
    try {
      await nft.run(`add table ${table} { flags owner; }`);
    } catch (error) {
      await nft.end();
      throw error;
    }
    if (stopped) return nft.end();
    current = nft;
    problem = undefined;
    void nft.ended.then((why) => {
      current = undefined;
      problem = why;
      if (stopped) return;
      log.warn('nft ended, its rules with it; they are written anew', { why });
      if (clock.now() - openedAt > STEADY_MS) failures = 0;
      reopenLater();
    });
  };
  const reopenLater = (): void => {
    failures += 1;
    retry = clock.setTimer(backoffDelayMs(failures, REOPEN.baseMs, REOPEN.capMs), () => {
      open().then(
        () => {
          if (wasTold) onProblem?.(undefined);
          wasTold = false;
          users.forEach((render) => render());
        },
        (error: Error) => {
          problem = error.message;
          wasTold = true;
          onProblem?.(problem);
          log.warn('nft cannot be started again', { error });
          if (!stopped) reopenLater();
        },
      );
    });
  };

  await open();
  return {
    table,
    run: (script) => (current === undefined ? Promise.reject(new NftError(problem ?? 'nft does not run')) : current.run(script)),
    whenEmpty(render) {
      users.add(render);
      if (current !== undefined) render();
      return () => void users.delete(render);
    },
    async stop() {
      stopped = true;
      retry?.cancel();
      await current?.end();
    },
  };
}
