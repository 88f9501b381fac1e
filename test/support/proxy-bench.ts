// The real proxy, thread and all, in front of backends that a test makes: rules in, sockets out.
import { createServer, connect, type Server, type Socket } from 'node:net';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { Backend, ForwardingRule, HealthCheck } from '../../src/network/forwarding/forwarding-table.ts';
import type { NetworkState } from '../../src/network/network-part.ts';
import type { ListenerNews } from '../../src/network/proxy/listener-book.ts';
import type { ListenerReport } from '../../src/network/proxy/protocol.ts';
import { ProxyPart } from '../../src/network/proxy/proxy-part.ts';

export const LOCAL = '127.0.0.1';

export class ProxyBench {
  readonly part: ProxyPart;
  readonly news: ListenerNews[] = [];
  readonly deaths: string[] = [];
  reserved: ReadonlySet<string> = new Set();
  unopened: readonly ListenerReport[] = [];
  readonly #cleanUp: (() => unknown)[] = [];

  constructor(options: { readonly entry?: URL; readonly clock?: Clock; readonly nodeAddresses?: readonly string[] } = {}) {
    this.part = new ProxyPart({
      ...(options.entry === undefined ? {} : { entry: options.entry }),
      nodeAddresses: () => options.nodeAddresses ?? [LOCAL],
      onReserved: (keys) => (this.reserved = keys),
      onUnopened: (listeners) => (this.unopened = listeners),
      onNews: (news) => this.news.push(...news),
      onDeath: (why) => this.deaths.push(why),
      clock: options.clock ?? systemClock,
      log: silentLogger,
    });
  }

  async apply(rules: readonly ForwardingRule[], healthChecks: readonly HealthCheck[] = [], more: Partial<NetworkState> = {}): Promise<void> {
    await this.part.apply({
      rules: new Map(rules.map((rule) => [rule.key, rule])),
      healthChecks: new Map(healthChecks.map((check) => [check.key, check])),
      reserved: this.reserved,
      listenOnClusterIps: 'none',
      kernelForwards: 'none',
      ...more,
    });
  }

  /** A TCP server on a port of its own. */
  async backend(serve: (socket: Socket) => void, address = LOCAL): Promise<Backend & { readonly server: Server; readonly sockets: Set<Socket> }> {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      serve(socket);
    });
    server.listen(0, address);
    await once(server, 'listening');
    this.onClose(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return { ip: address, port: (server.address() as { port: number }).port, server, sockets };
  }

  onClose(run: () => unknown): void {
    this.#cleanUp.push(run);
  }

  async close(): Promise<void> {
    await this.part.stop();
    for (const run of this.#cleanUp.splice(0).reverse()) await run();
  }
}

/** A rule for one node port. */
export function aRule(nodePort: number, backends: readonly Backend[], changes: Partial<ForwardingRule> = {}): ForwardingRule {
  const plain = backends.map(({ ip, port }) => ({ ip, port }));
  return {
    key: 'default/web:/TCP',
    namespace: 'default',
    service: 'web',
    protocol: 'TCP',
    clusterIp: '10.96.0.9',
    port: 80,
    nodePort,
    externalIps: [],
    loadBalancerIps: [],
    sourceRanges: [],
    internal: plain,
    external: plain,
    withoutInternal: 'reject',
    withoutExternal: 'reject',
    ...changes,
  };
}

/** A port that nobody has just now. */
export async function freePort(protocol: 'TCP' | 'UDP' = 'TCP'): Promise<number> {
  if (protocol === 'UDP') {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, LOCAL, resolve));
    const { port } = socket.address();
    socket.close();
    return port;
  }
  const server = createServer().listen(0, LOCAL);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Sends `text`, ends, and gives all that comes back; rejects with the connection's error. */
export function talk(port: number, text = '', address = LOCAL): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.end(text);
  });
}

/** The code of the error with which a connection ends. */
export async function failureOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'none',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}
