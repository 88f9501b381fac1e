// The command line over a real API in process: a home with a socket, no daemon, no containers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { listen } from '../../src/apiserver/listen.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { Dial } from '../../src/apiserver/proxy/exchange.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Output } from '../../src/cli/context.ts';
import type { AttemptSource } from '../../src/api/attempt/attempt-source.ts';
import type { PodStreams } from '../../src/api/pod/pod-streams.ts';
import type { PodLogs } from '../../src/api/pod/pod-logs.ts';
import type { NetworkStatusSource } from '../../src/api/network/network-status.ts';
import type { UsageSource } from '../../src/api/usage/usage-source.ts';
import { startApi, type TestApi } from './api.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CliHome {
  readonly api: TestApi;
  readonly directory: string;
  minik(words: readonly string[], stdin?: string, options?: { readonly signal?: AbortSignal; readonly env?: Readonly<Record<string, string>>; /** Called as it is written to stdout. */ readonly onOutput?: (text: string) => void }): Promise<CliResult>;
  close(): Promise<void>;
}

export async function startCliHome(options: { readonly podLogs?: PodLogs; readonly podStreams?: PodStreams; readonly attempts?: AttemptSource; readonly usage?: UsageSource; readonly dial?: Dial; readonly networkStatus?: NetworkStatusSource } = {}): Promise<CliHome> {
  const directory = mkdtempSync(join(tmpdir(), 'minik-cli-'));
  const api = await startApi(options);
  const listener = await listen({ handle: api.handle, log: silentLogger, clock: systemClock, authenticate: () => ({ username: 'test' }), at: { socketPath: join(directory, 'minik.sock') } });
  return {
    api,
    directory,
    async minik(words, stdin = '', { signal = new AbortController().signal, env = {}, onOutput } = {}) {
      const [out, err] = [gather(onOutput), gather()];
      const code = await runProgram(words, {
        env: { MINIK_HOME: directory, HOME: directory, ...env },
        stdin: Readable.from([Buffer.from(stdin)]),
        out: out.output,
        err: err.output,
        signal,
      });
      return { code, out: out.text(), err: err.text() };
    },
    async close() {
      await listener.close();
      await api.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function gather(onOutput: (text: string) => void = () => {}): { readonly output: Output; readonly text: () => string } {
  const chunks: Buffer[] = [];
  return {
    output: { write: async (text) => { chunks.push(Buffer.from(text)); onOutput(String(text)); }, isTerminal: false, columns: 80, colour: false },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
