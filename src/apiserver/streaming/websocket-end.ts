// The caller's end of an exec or attach that speaks Kubernetes' channels over WebSocket.
import type { Duplex } from 'node:stream';
import type { WantedStreams } from '../../api/pod/pod-streams.ts';
import { writeBytes } from '../../base/write-bytes.ts';
import { CHANNEL, CLOSE_CHANNEL, decodeChannel, encodeChannel, type ChannelProtocol } from '../../streams/channels.ts';
import { parseTerminalSize, type RemoteEnd, type RemoteInput } from './remote-end.ts';

export interface WebSocketTerms {
  readonly protocol: ChannelProtocol;
  readonly wanted: WantedStreams;
  readonly gone: Promise<void>;
}

/** `messages`: a chunk is a message. */
export function webSocketEnd(messages: Duplex, terms: WebSocketTerms): RemoteEnd {
  const { protocol, wanted, gone } = terms;
  messages.on('error', () => {}); // The reader below sees it.
  const send = (channel: number, bytes: Uint8Array): Promise<void> => writeBytes(messages, encodeChannel(protocol, { channel, bytes }));
  // Callers wait for a first message to know that they are connected.
  void send(wanted.stdout ? CHANNEL.stdout : wanted.stderr ? CHANNEL.stderr : CHANNEL.error, new Uint8Array());
  return {
    gone,
    input: readInput(messages, terms),
    write: async (stream, bytes) => {
      if (wanted[stream]) await send(CHANNEL[stream], bytes);
    },
    finish: async (status) => {
      const text = protocol.hasStatus ? JSON.stringify(status) : status.status === 'Success' ? '' : (status.message ?? '');
      if (text !== '') await send(CHANNEL.error, new TextEncoder().encode(text));
      messages.end();
    },
  };
}

async function* readInput(messages: Duplex, { protocol, wanted }: WebSocketTerms): AsyncGenerator<RemoteInput> {
  try {
    for await (const message of messages as AsyncIterable<Uint8Array | string>) {
      const decoded = decodeChannel(protocol, message);
      if (decoded === undefined) continue;
      const { channel, bytes } = decoded;
      if (channel === CHANNEL.stdin && wanted.stdin && bytes.length > 0) yield { type: 'input', bytes };
      else if (channel === CLOSE_CHANNEL && protocol.hasClose && bytes[0] === CHANNEL.stdin) yield { type: 'input-ended' };
      else if (channel === CHANNEL.resize) {
        const size = parseTerminalSize(new TextDecoder().decode(bytes));
        if (size !== undefined) yield { type: 'resize', size };
      }
    }
  } catch {
    // The connection broke: the caller has gone.
  }
}
