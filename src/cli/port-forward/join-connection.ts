// Joins a connection of this machine to one of a tunnel, until both halves have ended.
import type { Socket } from 'node:net';
import type { TunnelConnection } from '../../client/port-tunnel.ts';
import { writeBytes } from '../../base/write-bytes.ts';

/** Resolves with why there was no connection at the other end; '' when there was. Never rejects. */
export async function joinConnection(socket: Socket, remote: TunnelConnection): Promise<string> {
  socket.on('error', () => {}); // The reader below sees it.
  void sendUp(socket, remote);
  for await (const bytes of remote.bytes) await writeBytes(socket, bytes);
  const failure = remote.isReset ? '' : await remote.failure;
  if (remote.isReset || failure !== '') socket.resetAndDestroy();
  else if (socket.writable) socket.end();
  // As kubectl does: what is still under way there has no reader.
  remote.reset();
  return failure;
}

async function sendUp(socket: Socket, remote: TunnelConnection): Promise<void> {
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) await remote.write(chunk as Uint8Array);
    remote.end();
  } catch {
    remote.reset();
  }
}
