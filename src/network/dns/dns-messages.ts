// What the daemon and the thread of its DNS server tell each other.
import type { LogFields, LogLevel } from '../../base/log.ts';
import type { ZoneChange } from './zone-facts.ts';

/** Given when the thread is made. */
export interface DnsThreadOptions {
  readonly domain: string;
  readonly ip: string;
  readonly port: number;
  /** The host's resolv.conf. */
  readonly resolvConf: string;
}

export type ToDnsThread = { readonly type: 'changes'; readonly changes: readonly ZoneChange[] } | { readonly type: 'open' } | { readonly type: 'close' };

export type FromDnsThread =
  | { readonly type: 'opened'; readonly port: number }
  /** The system's code ("EACCES") and words. */
  | { readonly type: 'failed'; readonly code: string; readonly why: string }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly fields: LogFields };
