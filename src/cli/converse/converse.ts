// Joins a process in a container to this program's input, output and terminal, until the process ends.
import type { Status } from '../../api/generated/types.ts';
import type { RemoteProcess } from '../../client/remote-process.ts';
import { UsageError, type CliContext } from '../context.ts';
import type { Terminal } from './terminal.ts';

export interface Joined {
  readonly stdin: boolean;
  /** The process has a terminal: this one. */
  readonly terminal: Terminal | undefined;
}

export async function converse(context: CliContext, process: RemoteProcess, { stdin, terminal }: Joined): Promise<Status> {
  const restore = terminal?.makeRaw();
  const leave = (): void => process.close();
  const stopResizing = terminal?.onResize((size) => void process.resize(size));
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    if (terminal?.size !== undefined) await process.resize(terminal.size);
    if (stdin) void feed(context, process);
    for await (const { stream, bytes } of process.output) await (stream === 'stdout' ? context.out : context.err).write(bytes);
    return await process.end;
  } finally {
    restore?.();
    stopResizing?.();
    context.signal.removeEventListener('abort', leave);
    process.close();
  }
}

/** An input that breaks ends as one that ends. */
async function feed({ stdin }: CliContext, process: RemoteProcess): Promise<void> {
  try {
    for await (const chunk of stdin) await process.write(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array));
  } catch {
    // What was read is all there is.
  }
  process.endInput();
}

/** The exit code of the process; another failure is thrown. */
export async function exitCodeOf(context: CliContext, status: Status): Promise<number> {
  if (status.status === 'Success') return 0;
  const text = status.reason === 'NonZeroExitCode' ? status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message : undefined;
  if (text === undefined || !/^\d+$/.test(text)) throw new UsageError(status.message ?? 'the command failed');
  await context.err.write(`command terminated with exit code ${text}\n`);
  return Number(text);
}
