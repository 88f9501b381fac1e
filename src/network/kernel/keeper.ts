// Holds the route of the Service addresses, in a program that outlives a killed daemon by just the time that it takes to remove it.
import { randomInt } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { HostPrograms } from './host-programs.ts';
import { FAILED, keeperScript, READY } from './keeper-script.ts';

export interface Keeper {
  /** Why it ended, in words for people: what it held is put back then. */
  readonly ended: Promise<string>;
  /** Puts everything back. */
  stop(): Promise<void>;
}

const READY_MS = 15_000;
const METRICS = { first: 10_000, last: 2_000_000_000 } as const;

/** Resolves when the addresses are local; rejects with words for people when they cannot be made so. */
export async function startKeeper({ programs, serviceCidr, clock }: { readonly programs: HostPrograms; readonly serviceCidr: string; readonly clock: Clock }): Promise<Keeper> {
  const ready = Promise.withResolvers<void>();
  let said = '';
  const script = keeperScript({ serviceCidr, metric: randomInt(METRICS.first, METRICS.last) });
  const program = await programs.open(['sh', '-c', script], (_stream, text) => {
    said += text;
    const line = /^(\w+) ?(.*)\n/m.exec(said);
    if (line?.[1] === READY) ready.resolve();
    else if (line?.[1] === FAILED) ready.reject(new Error(`the route of the Service addresses ${serviceCidr} cannot be made: ${line[2]}`));
  });
  const ended = program.ended.then((why) => (said.startsWith(READY) ? why : `${why}: ${said.trim()}`));
  void ended.then((why) => ready.reject(new Error(why)));
  const timer = clock.setTimer(READY_MS, () => ready.reject(new Error(`the shell that makes the route has not answered for ${READY_MS / 1000} s`)));
  try {
    await ready.promise;
  } catch (error) {
    await program.end();
    throw error;
  } finally {
    timer.cancel();
  }
  return { ended, stop: () => program.end() };
}
