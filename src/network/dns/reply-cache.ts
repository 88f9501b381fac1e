// pure: answers of other servers for as long as they are good, a bounded number of them; those unused for longest go first.
import type { UpstreamReply } from './upstream-reply.ts';

export interface CachedReply {
  readonly reply: UpstreamReply;
  readonly ageSeconds: number;
}

export interface ReplyCacheLimits {
  readonly entries: number;
  /** Nothing is believed for longer, whatever it says: the host may be in another network by then. */
  readonly seconds: number;
}

export class ReplyCache {
  readonly #entries = new Map<string, { readonly reply: UpstreamReply; readonly storedAt: number; readonly goodUntil: number }>();
  readonly #limits: ReplyCacheLimits;

  constructor(limits: ReplyCacheLimits) {
    this.#limits = limits;
  }

  get(key: string, now: number): CachedReply | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    // A clock that was set back makes it old, too.
    if (now >= entry.goodUntil || now < entry.storedAt) return undefined;
    this.#entries.set(key, entry);
    return { reply: entry.reply, ageSeconds: Math.floor((now - entry.storedAt) / 1_000) };
  }

  put(key: string, reply: UpstreamReply, now: number): void {
    this.#entries.delete(key);
    const seconds = Math.min(reply.ttl, this.#limits.seconds);
    if (seconds <= 0 || reply.truncated) return;
    this.#entries.set(key, { reply, storedAt: now, goodUntil: now + seconds * 1_000 });
    if (this.#entries.size > this.#limits.entries) this.#entries.delete(this.#entries.keys().next().value!);
  }

  clear(): void {
    this.#entries.clear();
  }
}
