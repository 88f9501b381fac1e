// The servers that this host asks, as /etc/resolv.conf has them now: it changes with every network the host joins.
import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { parseResolvConf } from '../../api/pod/resolv-conf.ts';
import type { Clock } from '../../base/clock.ts';
import type { ServerAddress } from './exchange.ts';

export interface HostResolversOptions {
  /** "/etc/resolv.conf" */
  readonly path: string;
  /** Our own addresses: to ask them would be to ask for ever. */
  readonly own: readonly string[];
  readonly clock: Clock;
  /** Called when the servers are others than before. */
  readonly onChange: () => void;
}

const LOOK_AGAIN_MS = 1_000;
const DNS_PORT = 53;

export class HostResolvers {
  readonly #options: HostResolversOptions;
  #servers: readonly ServerAddress[] = [];
  #version = '';
  #lookedAt = -Infinity;

  constructor(options: HostResolversOptions) {
    this.#options = options;
  }

  /** In the file's order; none when there is no such file. */
  async servers(): Promise<readonly ServerAddress[]> {
    const { clock, path } = this.#options;
    const sinceMs = clock.now() - this.#lookedAt;
    if (sinceMs >= 0 && sinceMs < LOOK_AGAIN_MS) return this.#servers;
    this.#lookedAt = clock.now();
    const file = await stat(path).catch(() => undefined);
    const version = file === undefined ? 'none' : `${file.dev}/${file.ino}/${file.mtimeMs}/${file.size}`;
    if (version !== this.#version) await this.#read(version);
    return this.#servers;
  }

  async #read(version: string): Promise<void> {
    const { own, path, onChange } = this.#options;
    const { nameservers } = parseResolvConf(await readFile(path, 'utf8').catch(() => ''));
    const servers = nameservers.filter((ip) => isIP(ip) !== 0 && !own.includes(ip)).map((ip) => ({ ip, port: DNS_PORT }));
    const isNews = this.#version !== '' && JSON.stringify(servers) !== JSON.stringify(this.#servers);
    this.#version = version;
    this.#servers = servers;
    if (isNews) onChange();
  }
}
