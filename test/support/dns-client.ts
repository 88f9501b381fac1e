// A DNS client and an upstream server for tests, over real sockets of 127.0.0.1.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { decode, encode, type Answer, type DecodedPacket, type Packet } from 'dns-packet';
import { openDnsServer } from '../../src/network/dns/dns-server.ts';
import { silentLogger } from '../../src/base/log.ts';

export interface Asked {
  readonly type?: string;
  /** The size that the client says by EDNS; absent: no EDNS. */
  readonly edns?: number;
  readonly dnssec?: boolean;
}

export interface Reply extends DecodedPacket {
  readonly rcode: string;
  /** "name TYPE data" */
  readonly texts: readonly string[];
  readonly bytes: number;
}

export function questionPacket(name: string, { type = 'A', edns, dnssec = false }: Asked = {}): Buffer {
  const opt: Answer = { type: 'OPT', name: '.', udpPayloadSize: edns ?? 0, extendedRcode: 0, ednsVersion: 0, flags: dnssec ? 0x8000 : 0, flag_do: dnssec, options: [] };
  const packet: Packet = { type: 'query', id: 4711, flags: 0x0100, questions: [{ name, type: type as 'A' }], additionals: edns === undefined ? [] : [opt] };
  return encode(packet);
}

/** undefined: no answer within `waitMs`. */
export async function sendUdp(port: number, packet: Uint8Array, { ip = '127.0.0.1', waitMs = 3_000 } = {}): Promise<Reply | undefined> {
  const socket = createSocket('udp4');
  try {
    socket.send(packet, port, ip);
    const [message] = (await once(socket, 'message', { signal: AbortSignal.timeout(waitMs) })) as [Buffer];
    return replyOf(message);
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}

export async function askUdp(port: number, name: string, asked?: Asked & { readonly ip?: string }): Promise<Reply> {
  const reply = await sendUdp(port, questionPacket(name, asked), { ip: asked?.ip });
  if (reply === undefined) throw new Error(`no answer for ${name}`);
  return reply;
}

/** Each packet in a frame of its own, all over one connection; the answers in the order they came in. */
export async function sendTcp(port: number, packets: readonly Uint8Array[], ip = '127.0.0.1'): Promise<readonly Reply[]> {
  const socket = connect(port, ip);
  const replies: Reply[] = [];
  let received: Buffer = Buffer.alloc(0);
  try {
    for (const packet of packets) socket.write(Buffer.concat([Buffer.from([packet.length >> 8, packet.length & 255]), packet]));
    while (replies.length < packets.length) {
      const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(3_000) })) as [Buffer];
      received = Buffer.concat([received, chunk]);
      for (let length = frameLength(received); length !== undefined; length = frameLength(received)) {
        replies.push(replyOf(received.subarray(2, 2 + length)));
        received = received.subarray(2 + length);
      }
    }
    return replies;
  } finally {
    socket.destroy();
  }
}

export async function askTcp(port: number, name: string, asked?: Asked): Promise<Reply> {
  const [reply] = await sendTcp(port, [questionPacket(name, asked)]);
  return reply!;
}

function frameLength(received: Buffer): number | undefined {
  const length = received.length < 2 ? Infinity : received.readUInt16BE(0);
  return received.length >= 2 + length ? length : undefined;
}

function replyOf(message: Buffer): Reply {
  const packet = decode(message) as DecodedPacket & { rcode: string };
  return { ...packet, rcode: packet.rcode, texts: (packet.answers ?? []).map(answerText), bytes: message.length };
}

function answerText(answer: Answer): string {
  return `${answer.name} ${answer.type} ${answer.type === 'OPT' ? '' : String(answer.data)}`;
}

export interface FakeUpstream {
  readonly address: { readonly ip: string; readonly port: number };
  /** "example.com A udp", in the order they came. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface UpstreamAnswer {
  readonly code?: number;
  readonly answers?: Answer[];
  readonly authorities?: Answer[];
  readonly truncated?: boolean;
}

/** `answer` undefined: silence. */
export async function fakeUpstream(answer: (name: string, transport: string) => UpstreamAnswer | undefined): Promise<FakeUpstream> {
  const asked: string[] = [];
  const server = await openDnsServer({
    ip: '127.0.0.1',
    port: 0,
    log: silentLogger,
    async respond(bytes, transport) {
      const { id, questions = [] } = decode(Buffer.from(bytes));
      const { name, type } = questions[0]!;
      asked.push(`${name} ${type} ${transport}`);
      const given = answer(name, transport);
      if (given === undefined) return undefined;
      const { code = 0, answers = [], authorities = [], truncated = false } = given;
      return encode({ type: 'response', id, flags: 0x0180 | (truncated ? 0x0200 : 0) | code, questions, answers, authorities });
    },
  });
  return { address: { ip: '127.0.0.1', port: server.port }, asked, close: () => server.close() };
}
