// minik port-forward: ports of this machine that lead into a Pod, for as long as it runs.
import type { Socket } from 'node:net';
import type { Service } from '../../api/generated/types.ts';
import { SERVICES } from '../../api/kinds.ts';
import { findPod, podSource, runningTimeout, type PodSource } from '../converse/choose-pod.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { joinConnection } from '../port-forward/join-connection.ts';
import { listenFor, type Listeners } from '../port-forward/listeners.ts';
import { parseAddresses, parsePorts, type PortPair } from '../port-forward/parse-ports.ts';
import { watchTunnels, type PodTunnels } from '../port-forward/pod-tunnels.ts';

interface Flags {
  readonly address: string;
  readonly podRunningTimeout: string;
}

export const registerPortForward: RegisterVerb = (program, launch) => {
  const command = program
    .command('port-forward')
    .summary('forward ports of this machine to a Pod, or to what a Service leads to')
    .description('Forwards ports of this machine to a Pod: minik port-forward TYPE/NAME [LOCAL:]REMOTE...\nA Pod that is replaced, as those of Jobs and Services are, is found again; Ctrl-C ends it.')
    .argument('[target]', 'a Pod, or what has Pods: svc/web, job/server')
    .argument('[ports...]', '8080, 8080:80, :80 (any free port), 8080:http (a named port); behind svc/NAME those of the Service')
    .option('--address <addresses>', 'where to listen: localhost or IP addresses, comma separated', 'localhost')
    .option('--pod-running-timeout <duration>', 'how long to wait for a Pod of TYPE/NAME to run', '1m0s');
  command.action((target: string | undefined, ports: string[], flags: Flags) => launch(command, (context) => portForward(context, { target, ports, flags })));
};

interface Given {
  readonly target: string | undefined;
  readonly ports: readonly string[];
  readonly flags: Flags;
}

async function portForward(context: CliContext, { target, ports, flags }: Given): Promise<void> {
  if (target === undefined || ports.length === 0) throw new UsageError("TYPE/NAME and list of ports are required for port-forward\nSee 'minik port-forward -h' for help and examples");
  const addresses = parseAddresses(flags.address);
  const timeoutMs = runningTimeout(flags.podRunningTimeout);
  const source = await podSource(context, target);
  const pod = await findPod(context, source, timeoutMs);
  if (pod.status?.phase !== 'Running') throw new UsageError(`unable to forward port because pod is not running. Current status=${pod.status?.phase}`);
  const pairs = parsePorts(ports, { pod, ...(await serviceOf(context, source)) });
  const tunnels = await watchTunnels(context, source);
  const sockets = new Set<Socket>();
  let listening: readonly Listeners[] = [];
  try {
    // Before anybody is invited: a server that cannot do it says so now.
    await tunnels.open(timeoutMs);
    listening = await listenOnAll(context, pairs, (pair, local) => listenFor(pair, {
      addresses,
      onConnection: (socket) => {
        sockets.add(socket.once('close', () => sockets.delete(socket)));
        void handle(context, { socket, tunnels, local: local(), pair, timeoutMs });
      },
    }));
    await Promise.race([tunnels.lost, aborted(context.signal)]);
  } finally {
    for (const listeners of listening) listeners.close();
    for (const socket of sockets) socket.destroy();
    tunnels.close();
  }
}

/** The ports behind a Service's name are the Service's. */
async function serviceOf(context: CliContext, { owner, namespace, name }: PodSource): Promise<{ readonly service?: Service }> {
  if (owner?.resource.kind !== SERVICES.kind || owner.resource.group !== SERVICES.group) return {};
  return { service: await (await context.client()).get(SERVICES, { namespace, name }) };
}

/** kubectl: one of them is enough. */
async function listenOnAll(
  context: CliContext,
  pairs: readonly PortPair[],
  listen: (pair: PortPair, local: () => number) => Promise<Listeners>,
): Promise<readonly Listeners[]> {
  const listening: Listeners[] = [];
  for (const pair of pairs) {
    try {
      const listeners: Listeners = await listen(pair, () => listeners.port);
      listening.push(listeners);
      for (const at of listeners.at) await context.out.write(`Forwarding from ${at} -> ${pair.remote}\n`);
    } catch (error) {
      await context.err.write(`${(error as Error).message}\n`);
    }
  }
  if (listening.length === 0) throw new UsageError(`unable to listen on any of the requested ports: [${pairs.map(({ local, remote }) => `{${local} ${remote}}`).join(' ')}]`);
  return listening;
}

interface Connection {
  readonly socket: Socket;
  readonly tunnels: PodTunnels;
  readonly local: number;
  readonly pair: PortPair;
  readonly timeoutMs: number;
}

/** Whatever happens to one connection, the next is served. */
async function handle(context: CliContext, { socket, tunnels, local, pair, timeoutMs }: Connection): Promise<void> {
  await context.out.write(`Handling connection for ${local}\n`);
  let { remote } = pair;
  let failure: string;
  try {
    const { pod, tunnel } = await tunnels.open(timeoutMs);
    remote = pair.remoteIn(pod);
    failure = await joinConnection(socket, tunnel.connect(remote));
  } catch (error) {
    failure = (error as Error).message;
    socket.destroy();
  }
  if (failure !== '' && !context.signal.aborted) await context.err.write(`an error occurred forwarding ${local} -> ${remote}: ${failure}\n`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
