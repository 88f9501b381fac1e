// A client for measurements: one download into memory that is used again, and as many requests as wrk can make.
import { execa } from 'execa';
import { connect } from 'node:net';

export interface Target {
  readonly host: string;
  readonly port: number;
}

const READ_BYTES = 1024 * 1024;

/** Milliseconds until `bytes` have come. Fails when the server ends before. */
export function download({ host, port }: Target, path: string, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let got = 0;
    const socket = connect({
      host,
      port,
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ_BYTES),
        callback: (count) => {
          got += count;
          if (got < bytes) return true;
          resolve(performance.now() - start);
          socket.destroy();
          return false;
        },
      },
    });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error(`only ${got} of ${bytes} bytes came from ${host}:${port}`)));
    socket.write(`GET ${path} HTTP/1.0\r\n\r\n`);
  });
}

/** Milliseconds that 1,000 requests take, over connections that are kept. */
export async function thousandRequests({ host, port }: Target, { connections, seconds }: { readonly connections: number; readonly seconds: number }): Promise<number> {
  const { stdout } = await execa('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, `http://${host.includes(':') ? `[${host}]` : host}:${port}/`]);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  if (!(perSecond > 0) || /Socket errors|Non-2xx/.test(stdout)) throw new Error(`wrk did not succeed:\n${stdout}`);
  return 1_000_000 / perSecond;
}

/** Milliseconds until somebody answers an HTTP request. */
export async function answered(target: Target, { timeoutMs = 10_000 } = {}): Promise<number> {
  const start = performance.now();
  while (performance.now() - start < timeoutMs) {
    if (await answers(target)) return performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`nobody answers on ${target.host}:${target.port}`);
}

function answers({ host, port }: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.on('data', (data) => {
      resolve(data.toString('latin1').startsWith('HTTP/1.1 200'));
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    socket.write('GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n');
  });
}
