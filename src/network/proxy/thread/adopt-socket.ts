// Turns a socket that a server accepted into one that reads into buffers of ours.
//
// Node offers `onread` for sockets that connect, not for those that are accepted. Both are made of the same handle: it is
// taken from the accepted socket and given to a new one. Measured, this halves what a stream towards a Pod costs.
import { Socket, type OnReadOpts } from 'node:net';

interface HandleOwner {
  _handle: object | null;
}

/** The connection, not reading yet; undefined when it is gone already. `accepted` must not be used any more. */
export function adoptSocket(accepted: Socket, onread: OnReadOpts): Socket | undefined {
  const owner = accepted as unknown as HandleOwner;
  const handle = owner._handle;
  if (handle === null || accepted.destroyed) return undefined;
  owner._handle = null;
  // Without its handle it has nothing to close but its place among the server's connections.
  accepted.destroy();
  const adopted = new Socket({ handle, allowHalfOpen: true, onread } as ConstructorParameters<typeof Socket>[0]);
  adopted.pause();
  return adopted;
}
