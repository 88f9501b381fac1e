// Cluster DNS as a part of the service network: a thread that holds the address, fed with every change of the zone. A
// thread that dies is replaced.
import type { NetworkCapability } from '../../api/network/network-status.ts';
import { backoffDelayMs } from '../../base/backoff.ts';
import { sleep, type Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import { KernelError } from '../kernel/kernel-error.ts';
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
  /** Resolves when the address is one of this host's; rejects with KernelError where it never will be. */
  readonly ready: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

export type DnsState = { readonly state: 'idle' } | { readonly state: 'on'; readonly ip: string; readonly port: number } | { readonly state: 'off'; readonly why: string; readonly remedy: string };

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

  /** Rejects with the system's words where the address cannot be held. */
  const open = async (): Promise<void> => {
    const made = new DnsThread({ domain, ip, port, resolvConf }, log);
    thread = made;
    made.apply(wholeZone(options));
    try {
      await options.ready();
      now = { state: 'on', ip, port: await made.open() };
    } catch (error) {
      now = offBecause(error, { ip, port });
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
      try {
        await open();
      } catch (error) {
        // Rights do not come by waiting.
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

function isForGood(error: unknown): boolean {
  return error instanceof KernelError || codeOf(error) === 'EACCES';
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

function offBecause(error: unknown, { ip, port }: { readonly ip: string; readonly port: number }): DnsState {
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof KernelError) return { state: 'off', why, remedy: error.remedy };
  switch (codeOf(error)) {
    case 'EACCES':
      return { state: 'off', why: `only root may listen on port ${port}`, remedy: `sudo sysctl net.ipv4.ip_unprivileged_port_start=${port}, then minik stop and minik start` };
    case 'EADDRINUSE':
      return { state: 'off', why: `another program listens on port ${port} of ${ip}, or of every address of this host`, remedy: `sudo ss -lnup 'sport = :${port}' shows which; minik tries again` };
    default:
      return { state: 'off', why, remedy: '' };
  }
}

function capabilityOf(now: DnsState): NetworkCapability {
  const name = 'cluster DNS';
  switch (now.state) {
    case 'idle':
      return { name, state: 'idle', why: 'starts with the first Pod or Service', howToTurnOn: '' };
    case 'on':
      return { name, state: 'on', why: `answers at ${now.ip}`, howToTurnOn: '' };
    case 'off':
      return { name, state: 'off', why: `${now.why}; Pods use the resolver of this host`, howToTurnOn: now.remedy };
  }
}
