// A TCP socket as a connection of port-forward.
import type { Socket } from 'node:net';
import type { PodConnection } from '../../api/pod/pod-streams.ts';
import { writeBytes } from '../../base/write-bytes.ts';

/** The socket must allow to be half open: either side may have said all it has to say before the other. */
export function socketConnection(socket: Socket): PodConnection {
  socket.setNoDelay(true);
  socket.on('error', () => {}); // The reader sees it.
  return {
    bytes: socket.iterator({ destroyOnReturn: false }),
    write: (bytes) => writeBytes(socket, bytes),
    end: () => {
      if (socket.writable) socket.end();
    },
    close: () => socket.destroy(),
  };
}
