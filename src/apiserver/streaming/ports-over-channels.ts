// Port-forward as client libraries speak it: one connection to each port that the request names, over channels of a
// WebSocket. Port number i has channel 2i for its data and 2i+1 for its error; each begins with the port in two bytes.
import type { Duplex } from 'node:stream';
import type { OpenPort, PodConnection } from '../../api/pod/pod-streams.ts';
import { writeBytes } from '../../base/write-bytes.ts';
import { decodeChannel, encodeChannel, type ChannelProtocol } from '../../streams/channels.ts';
import { forwardingFailure } from './serve-ports.ts';

export interface ChanneledPorts {
  readonly ports: readonly number[];
  readonly open: OpenPort;
  readonly pod: string;
  readonly protocol: ChannelProtocol;
}

/** `messages`: a chunk is a message. Ends when all connections have ended, or the caller has gone. Never rejects. */
export async function servePortsOverChannels(messages: Duplex, { ports, open, pod, protocol }: ChanneledPorts): Promise<void> {
  messages.on('error', () => {}); // The reader below sees it.
  const send = (channel: number, bytes: Uint8Array): Promise<void> => writeBytes(messages, encodeChannel(protocol, { channel, bytes }));
  for (const [index, port] of ports.entries()) for (const channel of [2 * index, 2 * index + 1]) await send(channel, Uint8Array.of(port & 0xff, port >> 8));
  const connections = ports.map((port) => open(port));
  const over = connections.map(async (connection, index) => {
    try {
      for await (const bytes of (await connection).bytes) await send(2 * index, bytes);
    } catch (cause) {
      await send(2 * index + 1, new TextEncoder().encode(forwardingFailure({ port: ports[index]!, pod, cause })));
    }
  });
  const fed = feed(messages, { connections, protocol });
  await Promise.race([Promise.all(over), fed]);
  messages.end();
  await fed;
  for (const connection of connections) await connection.then((opened) => opened.close(), () => {});
}

async function feed(messages: Duplex, { connections, protocol }: { readonly connections: readonly Promise<PodConnection>[]; readonly protocol: ChannelProtocol }): Promise<void> {
  try {
    for await (const message of messages as AsyncIterable<Uint8Array | string>) {
      const decoded = decodeChannel(protocol, message);
      const connection = decoded === undefined || decoded.channel % 2 === 1 ? undefined : await connections[decoded.channel / 2]?.catch(() => undefined);
      await connection?.write(decoded!.bytes);
    }
  } catch {
    // The connection broke: the caller has gone.
  }
}
