// A container's log as plain bytes: the engine's frames are taken apart, following ends quietly when aborted and loses no
// lines where the engine begins another file.
import type { LogQuery } from '../container-runtime.ts';
import type { EngineContext } from './containers.ts';
import type { EngineReply } from './engine-client.ts';
import { translated } from './engine-errors.ts';
import { asRecord } from './json-fields.ts';
import { createFrameSplitter } from './frames.ts';
import { createFreshLines } from './fresh-lines.ts';
import { createFrameReader } from './log-frames.ts';

export async function* readLogs(context: EngineContext, id: string, query: LogQuery): AsyncGenerator<Uint8Array> {
  let left = query.limitBytes ?? Infinity;
  if (left <= 0 || query.signal.aborted) return;
  try {
    const isRaw = await hasTerminal(context, id);
    const chunks = query.follow && !isRaw ? followFrames(context, id, query) : readOnce(context, id, { query, isRaw });
    for await (const bytes of chunks) {
      if (bytes.length === 0) continue;
      yield bytes.length > left ? bytes.subarray(0, left) : bytes;
      left -= bytes.length;
      if (left <= 0) return;
    }
  } catch (error) {
    if (!query.signal.aborted) throw error;
  }
}

async function* readOnce(context: EngineContext, id: string, { query, isRaw }: { readonly query: LogQuery; readonly isRaw: boolean }): AsyncGenerator<Uint8Array> {
  const frames = createFrameReader({ wanted: query.stream, timestamps: query.timestamps });
  const reply = await openLogs(context, id, query);
  // Leaving the loop early destroys the body, which closes the connection. A line is a frame: handed on one by one, they
  // would cost more than all the rest.
  for await (const chunk of reply.body) yield isRaw ? (chunk as Uint8Array) : Buffer.concat(frames.push(chunk as Uint8Array));
}

/** A reader that is so far behind might miss a whole file of the log (20 MB, filled in 750 ms at best). */
const MOST_LAG_MS = 300;
/** Streams are stamped one beside the other, so a line may stand behind one that is a little newer. */
const OVERLAP_MS = 200;

/** Follows; where the engine does not keep pace, reads what there is by now, and follows on from there. */
async function* followFrames(context: EngineContext, id: string, query: LogQuery): AsyncGenerator<Uint8Array> {
  const lines = createFreshLines({ wanted: query.stream, timestamps: query.timestamps });
  const read = async function* (part: LogQuery): AsyncGenerator<Uint8Array> {
    const split = createFrameSplitter();
    const reply = await openLogs(context, id, { ...part, timestamps: true, stream: undefined });
    for await (const chunk of reply.body) yield Buffer.concat(lines.filter(split(chunk as Uint8Array)));
  };
  const newestMs = (): number => Date.parse(lines.newest() ?? '') || 0;
  const fromNewest = (follow: boolean): LogQuery => ({ ...query, follow, tailLines: undefined, ...(lines.newest() === undefined ? {} : { sinceMs: newestMs() - OVERLAP_MS }) });
  const isBehind = (since: number): boolean => newestMs() > since && context.clock.now() - newestMs() > MOST_LAG_MS;
  for (let next = query; ; next = fromNewest(true)) {
    const began = context.clock.now();
    let hasLagged = false;
    for await (const bytes of read(next)) {
      yield bytes;
      // Lines from before are late by nature.
      hasLagged = bytes.length > 0 && isBehind(began);
      if (hasLagged) break;
    }
    if (!hasLagged) return;
    for (let before = ''; before !== lines.newest() && isBehind(0); ) {
      before = lines.newest() ?? '';
      yield* read(fromNewest(false));
    }
  }
}

/** With a terminal there is one stream, and it comes without frames. */
async function hasTerminal(context: EngineContext, id: string): Promise<boolean> {
  const call = { method: 'GET', path: `/containers/${id}/json` } as const;
  return asRecord(asRecord(await translated(() => context.client.json(call)))['Config'])['Tty'] === true;
}

function openLogs(context: EngineContext, id: string, query: LogQuery): Promise<EngineReply> {
  const { follow, timestamps, sinceMs, stream, signal } = query;
  return translated(() =>
    context.client.open({
      method: 'GET',
      path: `/containers/${id}/logs`,
      query: {
        follow,
        timestamps,
        stdout: stream !== 'stderr',
        stderr: stream !== 'stdout',
        tail: query.tailLines ?? 'all',
        since: sinceMs === undefined ? undefined : (sinceMs / 1000).toFixed(3),
      },
      // A followed container may be silent for days.
      timeoutMs: follow ? 0 : undefined,
      signal,
    }),
  );
}
