// Writing to a stream at the pace of its reader.
import type { Writable } from 'node:stream';

/** Streams that are full: however many write to one, it is listened to once. */
const full = new WeakMap<Writable, Promise<void>>();

/** Resolves when more may be written; at once when nobody reads any more: what is written then is dropped. */
export function writeBytes(stream: Writable, bytes: Uint8Array | string): Promise<void> {
  if (!stream.writable || stream.write(bytes)) return Promise.resolve();
  let ready = full.get(stream);
  if (ready === undefined) {
    ready = untilReady(stream);
    full.set(stream, ready);
  }
  return ready;
}

const ENDS = ['drain', 'close', 'finish'] as const;

async function untilReady(stream: Writable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const event of ENDS) stream.once(event, resolve);
  await promise;
  full.delete(stream);
  for (const event of ENDS) stream.off(event, resolve);
}
