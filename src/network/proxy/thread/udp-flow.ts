// The datagrams between one client and one backend: a socket of its own, so that answers find their way back.
import { createSocket, type Socket } from 'node:dgram';
import type { Backend } from '../../forwarding/forwarding-table.ts';

/** Held until the socket is there; a sender of datagrams counts on no more. */
const MOST_WAITING = 64;

export interface FlowEvents {
  readonly answer: (datagram: Buffer) => void;
  /** The backend refuses, or the socket failed: the flow is over. */
  readonly over: () => void;
}

export class UdpFlow {
  readonly backend: Backend;
  lastUsed: number;
  isAnswered = false;
  readonly #socket: Socket;
  #waiting: Buffer[] | undefined = [];

  constructor(backend: Backend, now: number, { answer, over }: FlowEvents) {
    this.backend = backend;
    this.lastUsed = now;
    this.#socket = createSocket('udp4');
    this.#socket.on('error', over);
    this.#socket.on('message', (datagram) => {
      this.isAnswered = true;
      answer(datagram);
    });
    this.#socket.connect(backend.port, backend.ip, () => {
      for (const datagram of this.#waiting ?? []) this.#socket.send(datagram);
      this.#waiting = undefined;
    });
  }

  send(datagram: Buffer): void {
    if (this.#waiting === undefined) this.#socket.send(datagram, (error) => void (error !== null && this.#socket.emit('error', error)));
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push(datagram);
  }

  close(): void {
    this.#socket.close();
  }
}
