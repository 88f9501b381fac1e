// Ports of this machine, listened on at every address that was asked for.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { hostPort } from '../../api/host-port.ts';
import { UsageError } from '../context.ts';
import type { ListenAddress, PortPair } from './parse-ports.ts';

export interface Listeners {
  /** What each listens on: "127.0.0.1:8080". */
  readonly at: readonly string[];
  readonly port: number;
  close(): void;
}

/** A free port that the first address was given is taken for the others too. Rejects when an address that must be had is not free. */
export async function listenFor(pair: PortPair, { addresses, onConnection }: { readonly addresses: readonly ListenAddress[]; readonly onConnection: (socket: Socket) => void }): Promise<Listeners> {
  const servers: Server[] = [];
  const errors: string[] = [];
  let port = pair.local;
  let mustFail = false;
  for (const { host, isOptional } of addresses) {
    try {
      const server = await listenAt(host, port, onConnection);
      servers.push(server);
      ({ port } = server.address() as AddressInfo);
    } catch (error) {
      errors.push(`unable to create listener: Error ${(error as Error).message}`);
      if (!isOptional) mustFail = true;
    }
  }
  if (servers.length === 0 || mustFail) {
    for (const server of servers) server.close();
    throw new UsageError(`Unable to listen on port ${pair.local}: Listeners failed to create with the following errors: [${errors.join(' ')}]`);
  }
  return { port, at: servers.map(addressText), close: () => servers.forEach((server) => server.close()) };
}

async function listenAt(host: string, port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  // A client may close its half and still wait for the answer.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
  server.listen({ host, port, ipv6Only: host.includes(':') });
  await once(server, 'listening');
  return server;
}

function addressText(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return hostPort(address, port);
}
