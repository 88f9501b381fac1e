// Holds the route of the Service addresses and the settings of the bridge, in a shell that outlives a killed daemon by just the time
// that it takes to put them back.
import { randomInt } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { HostPrograms } from '../../api/network/host-programs.ts';
import { KernelError } from './kernel-error.ts';
import { COMMANDS, keeperScript, SAID, type Kept } from './keeper-script.ts';

export interface Keeper {
  readonly found: Found;
  /** Makes the settings that are "lent": the table must say so already. */
  lend(): Promise<void>;
  /** Lets every port of the bridge send packets back to where they came from. */
  allowHairpin(): Promise<void>;
  /** Deletes what conntrack knows of such flows: `filter` is what follows `conntrack -D`. */
  forgetFlows(filter: string): Promise<void>;
  /** Why it ended, in words for people: what it held is put back then. */
  readonly ended: Promise<string>;
  /** Puts everything back. */
  stop(): Promise<void>;
}

export interface Found {
  readonly bridge: { readonly name: string; /** "172.17.0.1/16" */ readonly address: string };
  /** "on", "everywhere", "lent": it is so, or will be; anything else: it cannot be. */
  readonly settings: ReadonlyMap<string, string>;
  /** Of nft and conntrack, those that are installed. */
  readonly programs: ReadonlySet<string>;
}

export interface KeeperOptions extends Omit<Kept, 'metric'> {
  readonly programs: HostPrograms;
  readonly clock: Clock;
}

const READY_MS = 15_000;
/** Larger than what people and other programs use; the smallest that is there wins. */
const METRICS = { first: 10_000, last: 2_000_000_000 } as const;

/** Resolves when the addresses are local; rejects with words for people when they cannot be made so. */
export async function startKeeper({ programs, clock, ...kept }: KeeperOptions): Promise<Keeper> {
  const ready = Promise.withResolvers<void>();
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  let rest = '';
  const script = keeperScript({ ...kept, metric: randomInt(METRICS.first, METRICS.last) });
  const program = await programs.open(['sh', '-c', script], (_stream, text) => {
    const parts = `${rest}${text}`.split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      if (line === SAID.done) waiting.shift()?.();
      else lines.push(line);
      if (line === SAID.ready) ready.resolve();
      if (line.startsWith(`${SAID.failed} `)) ready.reject(new KernelError(`the route of the Service addresses ${kept.serviceCidr} cannot be made: ${line.slice(SAID.failed.length + 1)}`, ''));
    }
  });
  const ended = program.ended.then((why) => {
    for (const resolve of waiting.splice(0)) resolve();
    return lines.includes(SAID.ready) ? why : `${why}: ${[...lines, rest].join(' ').trim()}`;
  });
  void ended.then((why) => ready.reject(new Error(why)));
  const timer = clock.setTimer(READY_MS, () => ready.reject(new Error(`the shell that makes the route has not answered for ${READY_MS / 1000} s`)));
  await ready.promise.finally(() => timer.cancel()).catch(async (error: unknown) => {
    await program.end();
    throw error;
  });
  const tell = (line: string): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      program.write(`${line}\n`);
    });
  return {
    found: foundIn(lines),
    lend: () => tell(COMMANDS.lend),
    allowHairpin: () => tell(COMMANDS.hairpin),
    forgetFlows: (filter) => tell(`${COMMANDS.forget} ${filter}`),
    ended,
    stop: () => program.end(),
  };
}

function foundIn(lines: readonly string[]): Found {
  const told = (word: string): string[][] => lines.map((line) => line.split(' ')).filter(([first]) => first === word).map(([, ...words]) => words);
  const [[name = '', address = ''] = []] = told(SAID.bridge);
  return {
    bridge: { name, address },
    settings: new Map(told(SAID.setting).map(([setting = '', value = '']) => [setting, value])),
    programs: new Set(told(SAID.program).flat()),
  };
}
