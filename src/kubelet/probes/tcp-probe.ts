// TCP probes: a connection that is made passes.
import { connect } from 'node:net';
import type { Container, TCPSocketAction } from '../../api/generated/types.ts';
import { dialError } from './dial-error.ts';
import type { ProbeAnswer } from './probe-answer.ts';
import { resolvePort } from './probe-target.ts';

export interface TcpQuestion {
  readonly action: TCPSocketAction;
  readonly container: Container;
  readonly podIp: string;
  readonly signal: AbortSignal;
}

export function probeTcp({ action, container, podIp, signal }: TcpQuestion): Promise<ProbeAnswer> {
  const resolved = resolvePort(action.port, container);
  if (!resolved.ok) return Promise.resolve({ type: 'error', message: resolved.problem });
  const { port } = resolved;
  const host = action.host || podIp;
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    const end = (answer: ProbeAnswer): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end({ type: 'success' }));
    socket.once('error', (error) => end({ type: 'failure', output: signal.aborted ? `dial tcp ${host}:${port}: i/o timeout` : dialError(error, host, port) }));
  });
}
