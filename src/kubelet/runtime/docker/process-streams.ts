// A hijacked connection of the engine as the streams of a process: frames taken apart, back-pressure both ways.
import type { Duplex } from 'node:stream';
import { writeBytes } from '../../../base/write-bytes.ts';
import { RuntimeError, type OutputChunk, type ProcessStreams } from '../container-runtime.ts';
import { createFrameSplitter } from './frames.ts';

export interface HijackedStreams extends Omit<ProcessStreams, 'resize'> {
  /** True after `close`. */
  readonly isClosed: () => boolean;
}

/** `isRaw`: with a terminal there is one stream, and it comes without frames. */
export function hijackedStreams(connection: Duplex, { isRaw }: { readonly isRaw: boolean }): HijackedStreams {
  let closed = false;
  return {
    isClosed: () => closed,
    output: readOutput(connection, { isRaw, isClosed: () => closed }),
    write: (bytes) => writeBytes(connection, bytes),
    endInput: () => {
      if (connection.writable) connection.end();
    },
    close: () => {
      closed = true;
      connection.destroy();
    },
  };
}

async function* readOutput(
  connection: Duplex,
  { isRaw, isClosed }: { readonly isRaw: boolean; readonly isClosed: () => boolean },
): AsyncGenerator<OutputChunk> {
  const split = createFrameSplitter();
  try {
    for await (const chunk of connection as AsyncIterable<Uint8Array>) {
      if (isRaw) yield { stream: 'stdout', bytes: chunk };
      else for (const { stream, bytes } of split(chunk)) yield { stream, bytes };
    }
  } catch (cause) {
    if (isClosed()) return;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RuntimeError('Unavailable', `The connection to the Docker Engine broke: ${why}`, { cause });
  } finally {
    connection.destroy();
  }
}
