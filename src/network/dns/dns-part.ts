// Cluster DNS as a part of the service network: a thread that holds the address, fed with every change of the zone. A
// thread that dies is replaced.
import type { NetworkCapability } from '../../api/network/network-status.ts';
import { backoffDelayMs } from '../../base/backoff.ts';
import { sleep, type Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { NetworkPart } from '../network-part.ts';
import { DnsThread } from './dns-thread-handle.ts';
import { capabilityOf, codeOf, isForGood, offBecause, type DnsState } from './dns-state.ts';
import { followZone, wholeZone, type ZoneSources } from './zone-feed.ts';

export interface DnsPartOptions extends ZoneSources {
  /** "cluster.local" */
  readonly domain: string;
  /** The address of kube-system/kube-dns. */
  readonly ip: string;
  /** 53, but for tests. */
  readonly port: number;
  /** For a daemon that may not listen there: a port that it may listen on, and how questions come to be led to that. */
  readonly otherPort?: { readonly port: number; readonly lead: () => Promise<void> };
  /** The host's. */
  readonly resolvConf: string;
  /** Resolves when the address is one of this host's; rejects with KernelError where it never will be. */
  readonly ready: () => Promise<void>;
  /** What the thread runs: its own file unless said. */
  readonly threadFile?: URL;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface DnsPart extends NetworkPart {
  readonly now: DnsState;
  /** Once it has first been tried: the server's address, undefined where there is none. It outlives the part: the next daemon has it again. */
  serverIp(): Promise<string | undefined>;
  capability(): NetworkCapability;
}

const REPLACE = { baseMs: 50, capMs: 10_000 };

export function createDnsPart(options: DnsPartOptions): DnsPart {
  const { domain, ip, port, resolvConf, clock, log } = options;
  const stopping = new AbortController();
  const tried = Promise.withResolvers<void>();
  let now: DnsState = { state: 'idle' };
  let thread: DnsThread | undefined;
  let unfollow: (() => void) | undefined;
  let replacing: Promise<void> | undefined;

  let isLed = false;

  /** Rejects with the system's words where the port cannot be had. */
  const listen = async (at: number): Promise<number> => {
    const made = new DnsThread({ domain, ip, port: at, resolvConf }, log, options.threadFile);
    thread = made;
    made.apply(wholeZone(options));
    try {
      await options.ready();
      return await made.open();
    } catch (error) {
      await made.stop();
      throw error;
    }
  };
  const listenElsewhere = async (): Promise<number> => {
    await listen(options.otherPort!.port);
    if (!isLed) await options.otherPort!.lead();
    isLed = true;
    return port;
  };
  const listenSomewhere = (): Promise<number> =>
    isLed ? listenElsewhere() : listen(port).catch((error: unknown) => (codeOf(error) === 'EACCES' && options.otherPort !== undefined ? listenElsewhere() : Promise.reject(error)));

  /** Rejects where the server cannot be had. */
  const open = async (): Promise<void> => {
    try {
      now = { state: 'on', ip, port: await listenSomewhere() };
    } catch (error) {
      now = offBecause(error, { ip, port });
      await thread?.stop();
      throw error;
    } finally {
      tried.resolve();
    }
    replacing = thread!.ended.then(replace);
  };
  const replace = async (): Promise<void> => {
    for (let failures = 1; !stopping.signal.aborted; failures += 1) {
      await sleep(clock, backoffDelayMs(failures, REPLACE.baseMs, REPLACE.capMs), stopping.signal).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        return await open();
      } catch (error) {
        log.error('the DNS server could not be opened again', { failures, error });
      }
    }
  };

  return {
    name: 'dns',
    get now() {
      return now;
    },
    async serverIp() {
      await tried.promise;
      return now.state === 'on' ? now.ip : undefined;
    },
    async start() {
      unfollow ??= followZone(options, { clock, tell: (changes) => thread?.apply(changes) });
      try {
        await open();
      } catch (error) {
        if (!isForGood(error)) throw error;
        log.warn('Pods do not find names of the cluster', { error });
      }
    },
    capability: () => capabilityOf(now),
    async stop() {
      stopping.abort(new Error('the daemon stops'));
      unfollow?.();
      tried.resolve();
      await thread?.stop();
      await replacing;
    },
  };
}
