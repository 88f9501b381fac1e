// A program for one network namespace: it serves on some ports, and connects where it is told, a line of JSON each way.
// Argument: JSON of { ports: [80], addresses: ['10.77.0.10'] }; each port is served over TCP and UDP on each of the addresses.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

export interface Errand {
  readonly id: number;
  /** Address to connect from; '' for any. */
  readonly source: string;
  readonly host: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  readonly timeoutMs: number;
}

const FIRST_SOURCE_PORT = 10_000;

if (import.meta.main) await serve(JSON.parse(process.argv[2] ?? '{}') as Served);

export interface Served {
  readonly ports: readonly number[];
  readonly addresses: readonly string[];
}

async function serve({ ports, addresses }: Served): Promise<void> {
  await Promise.all(addresses.flatMap((address) => ports.flatMap((port) => [listenTcp(port, address), listenUdp(port, address)])));
  console.log(JSON.stringify({ ready: true }));
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => void run(JSON.parse(line) as Errand));
  lines.on('close', () => process.exit(0));
}

async function run(errand: Errand): Promise<void> {
  const reached = await (errand.protocol === 'TCP' ? dial(errand) : ping(errand));
  console.log(JSON.stringify({ id: errand.id, reached }));
}

function dial({ host, port, source, timeoutMs }: Errand): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, ...(source === '' ? {} : { localAddress: source }) });
    const end = (reached: boolean): void => {
      clearTimeout(timer);
      socket.resetAndDestroy();
      resolve(reached);
    };
    const timer = setTimeout(() => end(false), timeoutMs);
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** From a port that was not used before: the kernel remembers for a while whom it let through. */
function ping({ id, host, port, source, timeoutMs }: Errand): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (reached: boolean): void => {
      clearTimeout(timer);
      socket.close();
      resolve(reached);
    };
    const timer = setTimeout(() => end(false), timeoutMs);
    socket.on('error', () => {});
    socket.once('message', () => end(true));
    socket.bind({ address: source === '' ? '0.0.0.0' : source, port: FIRST_SOURCE_PORT + id }, () => socket.send('ping', port, host));
  });
}

function listenTcp(port: number, address: string): Promise<void> {
  return new Promise((resolve) => createServer((socket) => socket.on('error', () => {}).resume()).listen(port, address, 1_024, resolve));
}

function listenUdp(port: number, address: string): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (_, from) => socket.send('pong', from.port, from.address));
  return new Promise((resolve) => socket.bind(port, address, resolve));
}
