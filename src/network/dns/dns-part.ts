// Cluster DNS as a part of the service network: a thread that holds the address, fed with every change of the zone. A
// thread that dies is replaced.
import { backoffDelayMs } from '../../base/backoff.ts';
import { sleep, type Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { NetworkPart } from '../network-part.ts';
import { DnsThread } from './dns-thread-handle.ts';
import { followZone, wholeZone, type ZoneSources } from './zone-feed.ts';

export interface DnsPartOptions extends ZoneSources {
  /** "cluster.local" */
  readonly domain: string;
  /** The address of kube-system/kube-dns. */
  readonly ip: string;
  /** 53, but for tests. */
  readonly port: number;
  /** The host's. */
  readonly resolvConf: string;
  /** Resolves when the address is one of this host's, or never will be. */
  readonly ready: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

export type DnsState = { readonly state: 'idle' } | { readonly state: 'on'; readonly ip: string; readonly port: number } | { readonly state: 'off'; readonly why: string };

export interface DnsPart extends NetworkPart {
  readonly now: DnsState;
  /** Once it has first been tried: the server's address, undefined where there is none. */
  serverIp(): Promise<string | undefined>;
}

const REPLACE = { baseMs: 50, capMs: 10_000 };

export function createDnsPart(options: DnsPartOptions): DnsPart {
  const { domain, ip, port, resolvConf, clock } = options;
  const log = options.log.with({ part: 'dns' });
  const stopping = new AbortController();
  const tried = Promise.withResolvers<void>();
  let now: DnsState = { state: 'idle' };
  let thread: DnsThread | undefined;
  let unfollow: (() => void) | undefined;
  let replacing: Promise<void> | undefined;

  /** Rejects with the system's words where the address cannot be held. */
  const open = async (): Promise<void> => {
    const made = new DnsThread({ domain, ip, port, resolvConf }, log);
    thread = made;
    made.apply(wholeZone(options));
    try {
      await options.ready();
      now = { state: 'on', ip, port: await made.open() };
    } catch (error) {
      now = { state: 'off', why: error instanceof Error ? error.message : String(error) };
      await made.stop();
      throw error;
    } finally {
      tried.resolve();
    }
    replacing = made.ended.then(replace);
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
      await open();
    },
    async stop() {
      stopping.abort(new Error('the daemon stops'));
      unfollow?.();
      tried.resolve();
      now = { state: 'idle' };
      await thread?.stop();
      await replacing;
    },
  };
}
