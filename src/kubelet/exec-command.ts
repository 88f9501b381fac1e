// Runs a command in a container to its end, for probes and hooks: its exit code, and what it said first.
import type { ContainerRuntime } from './runtime/container-runtime.ts';

export interface CommandRun {
  readonly command: readonly string[];
  /** Bytes of output that are kept, of both streams together. */
  readonly longestOutput: number;
  /** Gives up: what still runs is killed as far as the runtime can. */
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
}

/** What a shell reports for SIGKILL. */
const KILLED = 137;

/** Rejects when the command could not be run; an abort resolves with what there is. */
export async function execCommand(runtime: ContainerRuntime, id: string, { command, longestOutput, signal }: CommandRun): Promise<CommandResult> {
  const session = await runtime.exec(id, { command, stdin: false, tty: false });
  const onAbort = (): void => void session.kill();
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const chunks: Uint8Array[] = [];
    let left = longestOutput;
    for await (const { bytes } of session.output) {
      if (left > 0) chunks.push(bytes.subarray(0, left));
      left -= bytes.length;
    }
    const output = Buffer.concat(chunks).toString('utf8');
    return { exitCode: await session.exitCode.catch((error: unknown) => (signal.aborted ? KILLED : Promise.reject(error))), output };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
