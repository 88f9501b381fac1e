// Hands a connection over to a process or to ports of a Pod, in the protocol that its caller asked for.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequestError, StatusError } from '../../api/status-error.ts';
import type { UpgradeTarget } from '../../api/wire.ts';
import type { Clock } from '../../base/clock.ts';
import { writeBytes } from '../../base/write-bytes.ts';
import { CHANNEL_PROTOCOLS, UNNAMED_PROTOCOL } from '../../streams/channels.ts';
import { createSpdySession } from '../../streams/spdy/session.ts';
import { acceptWebSocket, byteStream, keepAlive, messageStream, type WebSocket } from '../../streams/websocket.ts';
import { servePortsOverChannels } from './ports-over-channels.ts';
import { portStreams } from './serve-ports.ts';
import { serveProcess } from './serve-process.ts';
import { SPDY_PROTOCOLS, spdyEnd, SpdyStreams } from './spdy-end.ts';
import { webSocketEnd } from './websocket-end.ts';

export interface Upgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly clock: Clock;
}

const STREAMS_TIMEOUT_MS = 30_000;
const PORT_FORWARD = 'portforward.k8s.io';
const TUNNELED = 'SPDY/3.1+portforward.k8s.io';

/** Resolves when the conversation is over. Rejects with a StatusError, before anything is sent, for an unknown protocol. */
export async function takeOver(upgrade: Upgrade, target: UpgradeTarget): Promise<void> {
  if (target.type === 'tunnel') return relay(upgrade, target);
  const wanted = (upgrade.incoming.headers.upgrade ?? '').toLowerCase();
  if (wanted === 'websocket') return target.type === 'process' ? processOverWebSocket(upgrade, target) : portsOverWebSocket(upgrade, target);
  if (wanted === 'spdy/3.1') return target.type === 'process' ? processOverSpdy(upgrade, target) : portsOverSpdy(upgrade, target);
  throw badRequestError(`unable to upgrade: expected websocket or SPDY/3.1, got "${upgrade.incoming.headers.upgrade}"`);
}

/** kube: neither the older nor the newer ones are for ports. */
const PORT_PROTOCOLS = CHANNEL_PROTOCOLS.filter(({ name }) => name.startsWith('v4.'));

type Target<Type extends UpgradeTarget['type']> = Extract<UpgradeTarget, { type: Type }>;

async function processOverWebSocket(upgrade: Upgrade, { open, wanted }: Target<'process'>): Promise<void> {
  const offered = offeredIn(upgrade, 'sec-websocket-protocol');
  const protocol = offered.length === 0 ? UNNAMED_PROTOCOL : CHANNEL_PROTOCOLS.find(({ name }) => offered.includes(name));
  if (protocol === undefined) throw protocolError(offered, CHANNEL_PROTOCOLS);
  const gone = goneOf(upgrade);
  const socket = await acceptKept(upgrade, protocol.name);
  await serveProcess(webSocketEnd(messageStream(socket), { protocol, wanted, gone }), open);
}

async function portsOverWebSocket(upgrade: Upgrade, target: Target<'ports'>): Promise<void> {
  const offered = offeredIn(upgrade, 'sec-websocket-protocol');
  if (offered.includes(TUNNELED)) {
    const socket = await acceptKept(upgrade, TUNNELED);
    return createSpdySession(byteStream(socket), { ...serverOf(upgrade), onStream: portStreams(target) }).closed;
  }
  const protocol = offered.length === 0 ? UNNAMED_PROTOCOL : PORT_PROTOCOLS.find(({ name }) => offered.includes(name));
  if (protocol === undefined) throw protocolError(offered, [{ name: TUNNELED }, ...PORT_PROTOCOLS]);
  if (target.ports.length === 0) throw badRequestError('query parameter "ports" is required');
  const socket = await acceptKept(upgrade, protocol.name);
  await servePortsOverChannels(messageStream(socket), { ...target, protocol });
}

async function processOverSpdy(upgrade: Upgrade, { open, wanted }: Target<'process'>): Promise<void> {
  const offered = offeredIn(upgrade, 'x-stream-protocol-version');
  const protocol = offered.length === 0 ? SPDY_PROTOCOLS.at(-1)! : SPDY_PROTOCOLS.find(({ name }) => offered.includes(name));
  if (protocol === undefined) throw protocolError(offered, SPDY_PROTOCOLS);
  const streams = new SpdyStreams(wanted, protocol);
  const gone = goneOf(upgrade);
  const session = createSpdySession(switchToSpdy(upgrade, offered.length === 0 ? undefined : protocol.name), { ...serverOf(upgrade), onStream: (stream) => streams.add(stream) });
  const whole = await Promise.race([streams.whole(upgrade.clock, STREAMS_TIMEOUT_MS), session.closed]);
  if (whole === undefined) return session.close();
  await serveProcess(spdyEnd(session, { streams: whole, protocol, gone }), open);
}

async function portsOverSpdy(upgrade: Upgrade, target: Target<'ports'>): Promise<void> {
  const offered = offeredIn(upgrade, 'x-stream-protocol-version');
  if (offered.length > 0 && !offered.includes(PORT_FORWARD)) throw protocolError(offered, [{ name: PORT_FORWARD }]);
  await createSpdySession(switchToSpdy(upgrade, offered.length === 0 ? undefined : PORT_FORWARD), { ...serverOf(upgrade), onStream: portStreams(target) }).closed;
}

/** Whatever the two agree to speak, the bytes of each are the other's. */
async function relay({ socket, head }: Upgrade, { backend }: Target<'tunnel'>): Promise<void> {
  const toBackend = async (): Promise<void> => {
    if (head.length > 0) await backend.write(head);
    for await (const chunk of socket as AsyncIterable<Uint8Array>) await backend.write(chunk);
    backend.end();
  };
  const fromBackend = async (): Promise<void> => {
    for await (const bytes of backend.bytes) await writeBytes(socket, bytes);
    socket.end();
  };
  try {
    await Promise.all([toBackend(), fromBackend()]);
  } finally {
    backend.close();
    socket.destroy();
  }
}

/** The connection itself tells, however it is read. */
function goneOf({ socket }: Upgrade): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function acceptKept(upgrade: Upgrade, protocol: string): Promise<WebSocket> {
  const socket = await acceptWebSocket(upgrade, protocol);
  keepAlive(socket, upgrade.clock);
  return socket;
}

function serverOf({ clock }: Upgrade): { readonly role: 'server'; readonly keepAlive: Clock } {
  return { role: 'server', keepAlive: clock };
}

/** Best first, as callers send them: in one header or several. */
function offeredIn({ incoming }: Upgrade, header: string): readonly string[] {
  return (incoming.headersDistinct[header] ?? []).flatMap((line) => line.split(',')).map((name) => name.trim()).filter((name) => name !== '');
}

function protocolError(offered: readonly string[], known: readonly { readonly name: string }[]): StatusError {
  const names = (list: readonly string[]): string => `[${list.join(' ')}]`;
  const message = `unable to upgrade: unable to negotiate protocol: client supports ${names(offered)}, server accepts ${names(known.map(({ name }) => name))}`;
  return new StatusError({ code: 403, reason: 'Forbidden', message });
}

function switchToSpdy({ socket, head }: Upgrade, protocol: string | undefined): Duplex {
  const named = protocol === undefined ? '' : `X-Stream-Protocol-Version: ${protocol}\r\n`;
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n${named}\r\n`);
  if (head.length > 0) socket.unshift(head);
  return socket;
}
