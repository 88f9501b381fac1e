// A process in a container as a client of exec and attach sees it: Kubernetes' channels over WebSocket, from the other end.
import type { Duplex } from 'node:stream';
import type { Status } from '../api/generated/types.ts';
import type { OutputChunk, ProcessStreams } from '../api/pod/process-streams.ts';
import { writeBytes } from '../base/write-bytes.ts';
import { CHANNEL, CLOSE_CHANNEL, decodeChannel, encodeChannel, type ChannelProtocol } from '../streams/channels.ts';
import { TransportError } from './client.ts';

export interface RemoteProcess extends ProcessStreams {
  /**
   * How it went, once `output` has been read to its end: success, or a failure with a reason. Rejects with TransportError
   * when the connection ended without a word.
   */
  readonly end: Promise<Status>;
}

/** `messages`: a chunk is a message. */
export function remoteProcess(messages: Duplex, protocol: ChannelProtocol): RemoteProcess {
  messages.on('error', () => {}); // The reader below sees it.
  const end = Promise.withResolvers<Status>();
  end.promise.catch(() => {}); // Not everybody asks for it.
  const send = (channel: number, bytes: Uint8Array): Promise<void> => writeBytes(messages, encodeChannel(protocol, { channel, bytes }));
  return {
    output: readOutput(messages, { protocol, end }),
    end: end.promise,
    write: (bytes) => send(CHANNEL.stdin, bytes),
    endInput: () => {
      // kube: before v5 there was no way to say so.
      if (protocol.hasClose) void send(CLOSE_CHANNEL, Uint8Array.of(CHANNEL.stdin));
    },
    resize: ({ columns, rows }) => send(CHANNEL.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows }))),
    close: () => void messages.destroy(),
  };
}

interface Reading {
  readonly protocol: ChannelProtocol;
  readonly end: PromiseWithResolvers<Status>;
}

async function* readOutput(messages: Duplex, { protocol, end }: Reading): AsyncGenerator<OutputChunk> {
  let status = '';
  let cause: unknown;
  try {
    for await (const message of messages as AsyncIterable<Uint8Array | string>) {
      const decoded = decodeChannel(protocol, message);
      if (decoded === undefined || decoded.bytes.length === 0) continue;
      const { channel, bytes } = decoded;
      if (channel === CHANNEL.stdout) yield { stream: 'stdout', bytes };
      else if (channel === CHANNEL.stderr) yield { stream: 'stderr', bytes };
      else if (channel === CHANNEL.error) status += Buffer.from(bytes).toString();
    }
  } catch (error) {
    cause = error;
  } finally {
    messages.destroy();
    if (status === '') end.reject(new TransportError('the connection to the container was lost', 'ELOST', { cause }));
    else end.resolve(parseStatus(status));
  }
}

function parseStatus(text: string): Status {
  try {
    return JSON.parse(text) as Status;
  } catch {
    return { status: 'Failure', message: text };
  }
}
