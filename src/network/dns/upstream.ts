// Names of outside: asked of the host's own resolvers, remembered for as long as they say, and asked once however many
// clients want to know at the same time.
import type { Clock } from '../../base/clock.ts';
import type { DnsRequest } from './dns-request.ts';
import { exchange, type ServerAddress } from './exchange.ts';
import { firstAnswer, type Patience } from './first-answer.ts';
import { ReplyCache, type CachedReply, type ReplyCacheLimits } from './reply-cache.ts';
import { questionKey, upstreamQuery } from './upstream-query.ts';

export interface UpstreamOptions {
  /** In order of preference. */
  readonly servers: () => Promise<readonly ServerAddress[]>;
  readonly clock: Clock;
  /** 0 to 65535, unguessable. */
  readonly newId: () => number;
  readonly patience?: Patience;
  readonly cache?: ReplyCacheLimits;
}

/** Clients of libc wait five seconds. */
const PATIENCE: Patience = { perAttemptMs: 1_000, totalMs: 4_500 };
/** kube: half a minute is how long outside names are believed there, too. */
const CACHE: ReplyCacheLimits = { entries: 4_096, seconds: 30 };
const ROUNDS = 2;
const MOST_AT_ONCE = 1_000;

export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #cache: ReplyCache;
  readonly #asking = new Map<string, Promise<CachedReply | undefined>>();
  /** The server that answered last is asked first: one that is away costs its delay once. */
  #preferred: ServerAddress | undefined;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#cache = new ReplyCache(options.cache ?? CACHE);
  }

  /** undefined: nobody answered. Never rejects. */
  ask(request: DnsRequest): Promise<CachedReply | undefined> {
    const key = questionKey(request);
    const known = this.#cache.get(key, this.#options.clock.now());
    if (known !== undefined) return Promise.resolve(known);
    const asking = this.#asking.get(key);
    if (asking !== undefined) return asking;
    if (this.#asking.size >= MOST_AT_ONCE) return Promise.resolve(undefined);
    const answer = this.#askServers(request, key).finally(() => this.#asking.delete(key));
    this.#asking.set(key, answer);
    return answer;
  }

  forget(): void {
    this.#cache.clear();
    this.#preferred = undefined;
  }

  async #askServers(request: DnsRequest, key: string): Promise<CachedReply | undefined> {
    const { clock, newId, patience = PATIENCE, servers } = this.#options;
    const known = await servers().catch(() => []);
    const inOrder = [...known].sort((left, right) => Number(isSame(right, this.#preferred)) - Number(isSame(left, this.#preferred)));
    const tries = Array.from({ length: ROUNDS }, () => inOrder).flat();
    const attempts = tries.map((server) => (signal: AbortSignal) => exchange(server, upstreamQuery(request, newId()), signal));
    const found = await firstAnswer(attempts, patience, clock);
    if (found === undefined) return undefined;
    this.#preferred = tries[found.attempt]!;
    this.#cache.put(key, found.reply, clock.now());
    return { reply: found.reply, ageSeconds: 0 };
  }
}

function isSame(one: ServerAddress, other: ServerAddress | undefined): boolean {
  return one.ip === other?.ip && one.port === other.port;
}
