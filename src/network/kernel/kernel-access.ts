// The way of a home to the kernel: the route of its Service addresses, its table in the packet filter, and what was found on the way.
// Opened when somebody first needs it, and shared by all who do.
import type { HostPrograms } from '../../api/network/host-programs.ts';
import { backoffDelayMs, type BackOff } from '../../base/backoff.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import { KernelError } from './kernel-error.ts';
import { openKernelSession, type KernelSession, type RunningKernelSession } from './kernel-session.ts';
import { hostFacts, type HostFacts } from './kernel-facts.ts';
import { settingsScript } from './settings-script.ts';
import { startKeeper, type Keeper } from './keeper.ts';

export interface KernelAccess {
  /** The table of the home. Rejects with words for people; the next call tries again. */
  session(): Promise<KernelSession>;
  /** Resolves when the Service addresses are this host's; rejects with words for people when they cannot be made so. */
  routed(): Promise<Held>;
  /** Takes every rule, route and setting back. */
  stop(): Promise<void>;
}

/** What the keeper has found and holds, whichever keeper does. */
export interface Held extends Pick<Keeper, 'allowHairpin' | 'forgetFlows'> {
  readonly facts: HostFacts;
  /** "as root", "through a helper container" */
  readonly way: string;
}

export interface KernelAccessOptions {
  /** Rejects with KernelError when there is no way to run programs as root. */
  readonly programs: () => Promise<HostPrograms>;
  /** This host's address on the engine's bridge. Rejects while the engine does not answer. */
  readonly gateway: () => Promise<string>;
  readonly serviceCidr: string;
  readonly clusterId: string;
  /** nft cannot be started again (why), or runs again (undefined). */
  readonly onProblem: (why: string | undefined) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

const RESTART: BackOff = { baseMs: 200, capMs: 60_000 };
const NO_NFT = 'sudo apt-get install nftables (or the package of that name), then minik stop and minik start';

export function createKernelAccess(options: KernelAccessOptions): KernelAccess {
  const { serviceCidr, clusterId, clock, log, onProblem } = options;
  const table = `minik-${clusterId}`;
  let stopped = false;
  let hasLent = false;
  let keeper: Keeper | undefined;
  let restart: Timer | undefined;

  const keep = async (programs: HostPrograms, gateway: string, failures: number): Promise<Keeper> => {
    const started = await startKeeper({ programs, gateway, serviceCidr, table, clock });
    if (stopped) {
      await started.stop();
      throw new Error('the daemon stops');
    }
    keeper = started;
    if (hasLent) await started.lend();
    void started.ended.then((why) => {
      if (stopped) return;
      log.warn('the shell that holds the route of the Service addresses ended and is started again', { why });
      again(programs, gateway, failures + 1);
    });
    return started;
  };
  const again = (programs: HostPrograms, gateway: string, failures: number): void => {
    restart = clock.setTimer(backoffDelayMs(failures, RESTART.baseMs, RESTART.capMs), () => {
      keep(programs, gateway, failures).catch((error: unknown) => {
        log.error('the route of the Service addresses cannot be made again', { error });
        if (!stopped) again(programs, gateway, failures + 1);
      });
    });
  };
  const route = shared(async () => {
    const programs = await options.programs();
    const { found } = await keep(programs, await options.gateway(), 0);
    const held: Held = {
      facts: hostFacts(found),
      way: programs.way,
      allowHairpin: async () => keeper?.allowHairpin(),
      forgetFlows: async (filter) => keeper?.forgetFlows(filter),
    };
    return { programs, held, hasNft: found.programs.has('nft') };
  });
  const open = shared(async (): Promise<RunningKernelSession> => {
    const { programs, held, hasNft } = await route();
    if (!hasNft) throw new KernelError('nft is not installed on this host', NO_NFT);
    const session = await openKernelSession({ programs, clusterId, clock, log, onProblem });
    // Before everybody else: scripts are applied in the order of the calls.
    session.whenEmpty(() => {
      const prepared = session.run(settingsScript(session.table, held.facts)).then(async () => {
        hasLent = true;
        await keeper?.lend();
      });
      prepared.catch((error: unknown) => log.error('the settings of the bridge cannot be made', { error }));
    });
    return session;
  });
  return {
    session: open,
    routed: async () => (await route()).held,
    async stop() {
      stopped = true;
      restart?.cancel();
      await (await open.current()?.catch(() => undefined))?.stop();
      await route.current()?.catch(() => undefined);
      await keeper?.stop();
    },
  };
}

interface Shared<T> {
  (): Promise<T>;
  current(): Promise<T> | undefined;
}

/** Everybody gets the same result, and after a failure the next call tries again. */
function shared<T>(make: () => Promise<T>): Shared<T> {
  let made: Promise<T> | undefined;
  const get = (): Promise<T> => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  return Object.assign(get, { current: () => made });
}
