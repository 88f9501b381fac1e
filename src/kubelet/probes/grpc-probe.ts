// gRPC probes: the health service of a container must answer SERVING. Plain HTTP/2, as upstream's probes.
import { connect } from 'node:http2';
import type { GRPCAction } from '../../api/generated/types.ts';
import { healthRequest, servingStatus } from './grpc-health.ts';
import type { ProbeAnswer } from './probe-answer.ts';

export interface GrpcQuestion {
  readonly action: GRPCAction;
  readonly podIp: string;
  readonly agent: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const METHOD = '/grpc.health.v1.Health/Check';
const UNIMPLEMENTED = '12';

export function probeGrpc(question: GrpcQuestion): Promise<ProbeAnswer> {
  const { action, podIp, agent, timeoutMs, signal } = question;
  const address = `${podIp}:${action.port}`;
  return new Promise((resolve) => {
    const session = connect(`http://${address}`);
    const end = (answer: ProbeAnswer): void => {
      session.destroy();
      resolve(answer);
    };
    const fail = (output: string): void => end({ type: 'failure', output });
    const tooLate = (): void => fail(`timeout: failed to connect service "${address}" within ${timeoutMs / 1_000}s: context deadline exceeded`);
    signal.addEventListener('abort', tooLate, { once: true });
    let isConnected = false;
    session.once('connect', () => (isConnected = true));
    const broken = (error: Error): void => fail(isConnected ? `error: health rpc probe failed: ${error.message}` : `error: failed to connect service at "${address}": ${error.message}`);
    session.once('error', broken);

    const stream = session.request({ ':method': 'POST', ':path': METHOD, 'content-type': 'application/grpc', te: 'trailers', 'user-agent': agent });
    const chunks: Buffer[] = [];
    let status: string | undefined;
    const keepStatus = (headers: Record<string, unknown>): void => {
      const found = headers['grpc-status'];
      if (found !== undefined) status = String(found);
    };
    stream.on('response', keepStatus);
    stream.on('trailers', keepStatus);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', broken);
    stream.once('end', () => {
      if (status === UNIMPLEMENTED) return fail('error: this server does not implement the grpc health protocol (grpc.health.v1.Health)');
      if (status !== undefined && status !== '0') return fail(`error: health rpc probe failed: status ${status}`);
      const serving = servingStatus(Buffer.concat(chunks));
      if (serving === 'SERVING') return end({ type: 'success' });
      return fail(`service unhealthy (responded with "${serving ?? 'UNKNOWN'}")`);
    });
    stream.end(healthRequest(action.service ?? ''));
  });
}
