// A claim of one of the host's slots for Service addresses: a socket that listens under the slot's name. The kernel gives the
// name to one process at a time, whoever runs it, and takes it back the moment that process ends: a claim cannot outlive
// its daemon, and its reach is that of the routes it stands for, one network namespace.
import { createConnection, createServer, type ListenOptions } from 'node:net';

export interface SlotClaim {
  release(): Promise<void>;
}

export interface SlotHolder {
  readonly home: string;
  readonly pid: number;
}

const ANSWER_MS = 500;
/** Where sockets have no names apart from files: ports of the loopback address. */
const FIRST_PORT = 16_500;

/** Undefined: another process has it. */
export function claimSlot(slot: number, holder: SlotHolder): Promise<SlotClaim | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(JSON.stringify(holder));
    });
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(placeOf(slot), () => resolve({ release: () => new Promise((done) => server.close(() => done())) }));
  });
}

/** Who has the slot, if it says so. */
export function slotHolder(slot: number): Promise<SlotHolder | undefined> {
  return new Promise((resolve) => {
    let told = '';
    const socket = createConnection(placeOf(slot) as { path: string });
    socket.setEncoding('utf8').setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('data', (text: string) => (told += text));
    socket.on('error', () => {});
    socket.on('close', () => resolve(read(told)));
  });
}

function placeOf(slot: number): ListenOptions {
  return process.platform === 'linux' ? { path: `\0minik-service-addresses-${slot}` } : { host: '127.0.0.1', port: FIRST_PORT + slot };
}

function read(told: string): SlotHolder | undefined {
  try {
    const { home, pid } = JSON.parse(told) as Partial<SlotHolder>;
    return typeof home === 'string' && typeof pid === 'number' ? { home, pid } : undefined;
  } catch {
    return undefined;
  }
}
