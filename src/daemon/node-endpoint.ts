// The API where Pods can reach it: TLS on the node's address, which is known when the engine has answered, and may change.
import type { Node } from '../api/generated/types.ts';
import { backoffDelayMs } from '../base/backoff.ts';
import { sleep, type Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Informer } from '../client/informer-contract.ts';
import type { Listener } from '../apiserver/listen.ts';

export interface Address {
  readonly ip: string;
  readonly port: number;
}

export interface NodeEndpointOptions {
  readonly nodes: Informer<Node>;
  readonly nodeName: string;
  /** Rejects where the address is not one of this host's. */
  readonly listen: (ip: string) => Promise<Listener>;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface NodeEndpoint {
  /** Undefined while the address is unknown, or nobody can listen there. */
  readonly address: Address | undefined;
  /** The address, once it has first been tried to listen there. */
  tried(): Promise<Address | undefined>;
  /** Calls `listener` when the address has changed; returns how to stop. */
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}

const RETRY_BASE_MS = 500;
const RETRY_CAP_MS = 30_000;

export function serveOnNode(options: NodeEndpointOptions): NodeEndpoint {
  const { nodes, nodeName } = options;
  const endpoint = new MovingEndpoint(options);
  const follow = (): void => {
    const { addresses = [], conditions = [] } = nodes.get(nodeName)?.status ?? {};
    const ip = addresses.find(({ type }) => type === 'InternalIP')?.address ?? '';
    if (ip !== '') endpoint.moveTo(ip);
    // A node that has been reported and has none: there will be nothing to wait for.
    else if (conditions.length > 0) endpoint.settle();
  };
  const unfollow = nodes.onChange(({ key }) => {
    if (key === nodeName) follow();
  });
  follow();
  return {
    get address() {
      return endpoint.address;
    },
    tried: () => endpoint.tried(),
    onChange: (listener) => endpoint.onChange(listener),
    stop() {
      unfollow();
      return endpoint.stop();
    },
  };
}

class MovingEndpoint {
  readonly #options: NodeEndpointOptions;
  readonly #listeners = new Set<() => void>();
  readonly #tried = Promise.withResolvers<void>();
  #ip = '';
  #leaving = new AbortController();
  #moving: Promise<void> = Promise.resolve();
  #listener: Listener | undefined;
  address: Address | undefined;

  constructor(options: NodeEndpointOptions) {
    this.#options = options;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async tried(): Promise<Address | undefined> {
    await this.#tried.promise;
    return this.address;
  }

  settle(): void {
    this.#tried.resolve();
  }

  moveTo(ip: string): void {
    if (ip === this.#ip) return;
    this.#ip = ip;
    this.#leaving.abort(new Error('the address has changed'));
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#moving = this.#moving.then(() => this.#close()).then(() => this.#open(ip, signal));
  }

  async stop(): Promise<void> {
    this.#leaving.abort(new Error('the daemon stops'));
    this.#tried.resolve();
    await this.#moving;
    await this.#close();
  }

  async #open(ip: string, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        this.#listener = await this.#options.listen(ip);
        this.#tell({ ip, port: this.#listener.port });
        this.#tried.resolve();
        log.info('the API is served to Pods', { address: `${ip}:${this.#listener.port}` });
        return;
      } catch (error) {
        this.#tried.resolve();
        // The bridge comes with the engine; where engine and daemon are not on one host it never does.
        if (failures === 1) log.warn('the API cannot be served to Pods yet', { address: ip, error });
        await sleep(clock, backoffDelayMs(failures, RETRY_BASE_MS, RETRY_CAP_MS), signal).catch(() => {});
      }
    }
  }

  async #close(): Promise<void> {
    await this.#listener?.close();
    this.#listener = undefined;
    this.#tell(undefined);
  }

  #tell(address: Address | undefined): void {
    if (address === this.address) return;
    this.address = address;
    for (const listener of this.#listeners) listener();
  }
}
