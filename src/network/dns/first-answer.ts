// Several servers, one answer: the next is asked when one fails or is slow, and the first good answer ends it for all.
import { sleep, type Clock } from '../../base/clock.ts';
import type { UpstreamReply } from './upstream-reply.ts';

export type Attempt = (signal: AbortSignal) => Promise<UpstreamReply>;

export interface Patience {
  /** After this the next is asked, too. */
  readonly perAttemptMs: number;
  /** After this it is over. */
  readonly totalMs: number;
}

const SERVFAIL = 2;
const NOTIMP = 4;
const REFUSED = 5;
/** Another server may know better. */
const USELESS = new Set([SERVFAIL, NOTIMP, REFUSED]);

/** A useless answer when there was no better one; undefined: none at all. Never rejects. */
export async function firstAnswer(attempts: readonly Attempt[], patience: Patience, clock: Clock): Promise<{ readonly reply: UpstreamReply; readonly attempt: number } | undefined> {
  const over = new AbortController();
  const end = clock.setTimer(patience.totalMs, () => over.abort(new Error('no answer in time')));
  let useless: { reply: UpstreamReply; attempt: number } | undefined;
  const { promise: found, resolve: find } = Promise.withResolvers<{ reply: UpstreamReply; attempt: number }>();
  const run = async (attempt: number): Promise<void> => {
    const reply = await attempts[attempt]!(over.signal);
    if (USELESS.has(reply.code)) useless = { reply, attempt };
    else find({ reply, attempt });
  };
  const all = async (): Promise<undefined> => {
    const running: Promise<void>[] = [];
    for (let attempt = 0; attempt < attempts.length && !over.signal.aborted; attempt += 1) {
      const done = run(attempt).catch(() => {});
      running.push(done);
      const enough = new AbortController();
      await Promise.race([done, sleep(clock, patience.perAttemptMs, AbortSignal.any([over.signal, enough.signal])).catch(() => {})]);
      enough.abort();
    }
    await Promise.all(running);
  };
  try {
    return (await Promise.race([found, all()])) ?? useless;
  } finally {
    end.cancel();
    over.abort(new Error('answered'));
  }
}
