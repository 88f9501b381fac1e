// An open UDP port: a flow for each client, until it is idle, its backend is gone, or there are too many.
import { createSocket, type RemoteInfo } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock, Timer } from '../../../base/clock.ts';
import type { Listener } from './listener.ts';
import { sourceFilter } from './source-filter.ts';
import type { ListenerContext } from './tcp-listener.ts';
import { UdpFlow } from './udp-flow.ts';

/** As the kernel's own tracking of connections has it. */
const UNANSWERED_MS = 30_000;
const ANSWERED_MS = 120_000;
const SWEEP_MS = 5_000;
/** Each is a file descriptor. The longest idle one makes room. */
const MOST_FLOWS = 2_048;

export async function openUdp(context: ListenerContext & { readonly clock: Clock }): Promise<Listener> {
  const { point, balancer, gate, now, clock } = context;
  const isWelcome = sourceFilter(point.sourceRanges);
  const socket = createSocket(isIPv6(point.address) ? 'udp6' : 'udp4');
  /** Least recently used first. */
  const flows = new Map<string, UdpFlow>();
  let sweep: Timer | undefined;

  const end = (key: string): void => {
    flows.get(key)?.close();
    flows.delete(key);
  };
  const lookForIdle = (): void => {
    for (const [key, { lastUsed, isAnswered }] of flows) if (now() - lastUsed >= (isAnswered ? ANSWERED_MS : UNANSWERED_MS)) end(key);
    sweep = flows.size === 0 ? undefined : clock.setTimer(SWEEP_MS, lookForIdle);
  };
  const begin = (key: string, { address, port }: RemoteInfo): UdpFlow | undefined => {
    const backend = gate.allowed({ client: address, address: point.address, protocol: 'UDP' }, balancer.order(point.side, address, now()))[0];
    if (backend === undefined) return undefined;
    if (flows.size >= MOST_FLOWS) end(flows.keys().next().value!);
    const flow = new UdpFlow(backend, now(), {
      answer: (datagram) => {
        flow.lastUsed = now();
        socket.send(datagram, port, address);
      },
      over: () => {
        if (flows.get(key) === flow) end(key);
      },
    });
    sweep ??= clock.setTimer(SWEEP_MS, lookForIdle);
    return flow;
  };
  socket.on('message', (datagram, client) => {
    if (isWelcome?.(client.address) === false) return;
    const key = `${client.address} ${client.port}`;
    const flow = flows.get(key) ?? begin(key, client);
    if (flow === undefined) return;
    flow.lastUsed = now();
    balancer.keep(client.address, flow.backend, now());
    flows.delete(key);
    flows.set(key, flow);
    flow.send(datagram);
  });

  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: point.address, port: point.port, exclusive: true }, () => {
      socket.off('error', reject);
      // An answer that cannot be delivered is lost, as datagrams are.
      socket.on('error', () => undefined);
      resolve();
    });
  });
  return {
    close() {
      sweep?.cancel();
      for (const key of [...flows.keys()]) end(key);
      socket.close();
    },
    refresh() {
      for (const [key, { backend }] of flows) if (!balancer.has(point.side, backend)) end(key);
    },
  };
}
