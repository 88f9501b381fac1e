// A process that sends back what it gets, for tests that need more sockets than one process may have. Prints its port.
import { createServer } from 'node:net';

let open = 0;
const server = createServer((socket) => {
  open += 1;
  socket.on('error', () => undefined);
  socket.on('close', () => (open -= 1));
  socket.on('data', (data: Buffer) => socket.write(data.toString() === 'how many?' ? String(open) : data));
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => process.stdout.write(`${(server.address() as { port: number }).port}\n`));
