// Conversations with Pods through an API server: what exec, attach, cp and port-forward stand on.
import { PODS, resourcePath } from '../api/kinds.ts';
import type { WantedStreams } from '../api/pod/pod-streams.ts';
import { CHANNEL_PROTOCOLS, UNNAMED_PROTOCOL } from '../streams/channels.ts';
import type { Target } from './client.ts';
import type { HttpEndpoint } from './http-client.ts';
import { portTunnel, type PortTunnel } from './port-tunnel.ts';
import { remoteProcess, type RemoteProcess } from './remote-process.ts';
import { upgrade } from './upgrade.ts';

export interface ContainerTarget extends Target {
  readonly container: string;
}

/** All reject with StatusError when the server refuses, with TransportError when it cannot be reached or says no more. */
export interface StreamClient {
  exec(target: ContainerTarget, options: { readonly command: readonly string[]; readonly wanted: WantedStreams }): Promise<RemoteProcess>;
  attach(target: ContainerTarget, options: { readonly wanted: WantedStreams }): Promise<RemoteProcess>;
  portForward(target: Target): Promise<PortTunnel>;
}

const OFFERED = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const TUNNELED = 'SPDY/3.1+portforward.k8s.io';

export function createStreamClient(endpoint: HttpEndpoint): StreamClient {
  const converse = async (target: ContainerTarget, subresource: 'exec' | 'attach', query: readonly (readonly [string, string])[]): Promise<RemoteProcess> => {
    const path = resourcePath(PODS, { ...target, subresource });
    const parameters = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]));
    parameters.set('container', target.container);
    const { socket, protocol } = await upgrade(endpoint, { path, query: parameters, protocols: OFFERED });
    const { messageStream } = await import('../streams/websocket.ts');
    return remoteProcess(messageStream(socket), CHANNEL_PROTOCOLS.find(({ name }) => name === protocol) ?? UNNAMED_PROTOCOL);
  };
  return {
    exec: (target, { command, wanted }) => converse(target, 'exec', [...command.map((word) => ['command', word] as const), ...flags(wanted)]),
    attach: (target, { wanted }) => converse(target, 'attach', flags(wanted)),
    async portForward(target) {
      const path = resourcePath(PODS, { ...target, subresource: 'portforward' });
      const { socket } = await upgrade(endpoint, { path, query: new URLSearchParams(), protocols: [TUNNELED] });
      const { byteStream } = await import('../streams/websocket.ts');
      return portTunnel(byteStream(socket));
    },
  };
}

function flags(wanted: WantedStreams): readonly (readonly [string, string])[] {
  return (['stdin', 'stdout', 'stderr', 'tty'] as const).filter((name) => wanted[name]).map((name) => [name, 'true']);
}
