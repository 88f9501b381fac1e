// minik proxy: the API on a port of this machine, without certificates or tokens, for as long as it runs.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { hostPort } from '../../api/host-port.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { DEFAULT_FILTER, requestFilter, type Asked, type FilterFlags } from '../proxy/request-filter.ts';

interface Flags extends FilterFlags {
  readonly port: string;
  readonly address: string;
  readonly unixSocket?: string;
  readonly apiPrefix: string;
  readonly disableFilter?: boolean;
}

const DEFAULT_PORT = '8001';

export const registerProxy: RegisterVerb = (program, launch) => {
  const command = program
    .command('proxy')
    .summary('serve the API on a port of this machine')
    .description('Serves the API on a port of this machine, to whoever reaches that port; Ctrl-C ends it.\nServices: curl localhost:8001/api/v1/namespaces/default/services/web:80/proxy/')
    .option('-p, --port <port>', 'where to listen; 0 is any free port', DEFAULT_PORT)
    .option('--address <address>', 'which address to listen on', '127.0.0.1')
    .option('-u, --unix-socket <path>', 'listen on a unix socket instead')
    .option('--api-prefix <prefix>', 'serve the API under this path', '/')
    .option('--accept-hosts <patterns>', 'hosts that may be asked for', DEFAULT_FILTER.acceptHosts)
    .option('--accept-paths <patterns>', 'paths that may be asked for', DEFAULT_FILTER.acceptPaths)
    .option('--reject-paths <patterns>', 'paths that may not', DEFAULT_FILTER.rejectPaths)
    .option('--reject-methods <patterns>', 'methods that may not', DEFAULT_FILTER.rejectMethods)
    .option('--disable-filter', 'hand on everything: commands in containers, too');
  command.action((flags: Flags) => launch(command, (context) => proxy(context, flags)));
};

async function proxy(context: CliContext, flags: Flags): Promise<void> {
  if (flags.unixSocket !== undefined && flags.port !== DEFAULT_PORT) throw new UsageError('cannot set --unix-socket and --port at the same time');
  if (!/^\d{1,5}$/.test(flags.port) || Number(flags.port) > 65_535) throw new UsageError(`--port must be a number from 0 to 65535, not "${flags.port}"`);
  const accepts = flags.disableFilter === true ? () => true : requestFilter(flags);
  if (flags.disableFilter === true) await context.err.write('Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious\n');
  const prefix = `/${flags.apiPrefix.replace(/^\/|\/$/g, '')}/`.replace('//', '/');
  const forwarder = await context.forwarder();
  const upgraded = new Set<Duplex>();
  const server = http.createServer((incoming, outgoing) => {
    const path = pathUnder(prefix, incoming);
    if (path === undefined) outgoing.writeHead(404).end('404 page not found\n');
    else if (!accepts(askedBy(incoming, path))) outgoing.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end('Forbidden\n');
    else void forwarder.forward(incoming, outgoing, path);
  });
  server.on('upgrade', (incoming, socket, head) => {
    const path = pathUnder(prefix, incoming);
    upgraded.add(socket.once('close', () => upgraded.delete(socket)).on('error', () => {}));
    if (path === undefined || !accepts(askedBy(incoming, path))) socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
    else forwarder.upgrade(incoming, { socket, head }, path);
  });
  try {
    await context.out.write(`Starting to serve on ${await listenAt(server, flags)}\n`);
    await Promise.race([once(server, 'error').then(([error]) => Promise.reject(error as Error)), once(context.signal, 'abort')]);
  } finally {
    server.close();
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
    forwarder.close();
  }
}

/** Returns where it listens, as kubectl says it. */
async function listenAt(server: http.Server, { unixSocket, address, port }: Flags): Promise<string> {
  server.listen(unixSocket === undefined ? { host: address, port: Number(port) } : { path: unixSocket });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (unixSocket !== undefined) return unixSocket;
  const at = server.address() as AddressInfo;
  return hostPort(at.address, at.port);
}

/** What is asked of the API, query and all; undefined for what lies beside the prefix. */
function pathUnder(prefix: string, { url = '/' }: http.IncomingMessage): string | undefined {
  return url.startsWith(prefix) ? `/${url.slice(prefix.length)}` : undefined;
}

function askedBy({ method = '', headers }: http.IncomingMessage, path: string): Asked {
  return { method, path: path.split('?')[0]!, host: headers.host ?? '' };
}
