// A container's log as plain bytes: the engine's frames are taken apart, following ends quietly when aborted.
import type { LogQuery } from '../container-runtime.ts';
import type { EngineContext } from './containers.ts';
import type { EngineReply } from './engine-client.ts';
import { translated } from './engine-errors.ts';
import { asRecord } from './json-fields.ts';
import { createFrameReader } from './log-frames.ts';

export async function* readLogs(context: EngineContext, id: string, query: LogQuery): AsyncGenerator<Uint8Array> {
  let left = query.limitBytes ?? Infinity;
  if (left <= 0 || query.signal.aborted) return;
  try {
    const isRaw = await hasTerminal(context, id);
    const reply = await openLogs(context, id, query);
    const frames = createFrameReader({ wanted: query.stream, timestamps: query.timestamps });
    // Leaving the loop early destroys the body, which closes the connection.
    for await (const chunk of reply.body) {
      // A line is a frame: handed on one by one, they would cost more than all the rest.
      const bytes = isRaw ? (chunk as Uint8Array) : Buffer.concat(frames.push(chunk as Uint8Array));
      if (bytes.length === 0) continue;
      yield bytes.length > left ? bytes.subarray(0, left) : bytes;
      left -= bytes.length;
      if (left <= 0) return;
    }
  } catch (error) {
    if (!query.signal.aborted) throw error;
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
