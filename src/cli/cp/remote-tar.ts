// tar and test in a container, through exec.
import { sleep } from '../../base/clock.ts';
import type { RemoteProcess } from '../../client/remote-process.ts';
import { TransportError } from '../../client/client.ts';
import type { ContainerTarget, StreamClient } from '../../client/stream-client.ts';
import { UsageError, type CliContext } from '../context.ts';
import { exitCodeOf } from '../converse/converse.ts';
import { splitRemote } from './file-spec.ts';

export interface RemoteFiles {
  readonly context: CliContext;
  readonly streams: StreamClient;
  readonly target: ContainerTarget;
}

/** False also where there is no program to ask. */
export async function isRemoteFolder({ streams, target }: RemoteFiles, path: string): Promise<boolean> {
  const process = await streams.exec(target, { command: ['test', '-d', path], wanted: { stdin: false, stdout: true, stderr: true, tty: false } });
  for await (const _chunk of process.output);
  return (await process.end).status === 'Success';
}

/** Unpacks `archive` in the folder; gives tar's exit code, its words go to stderr. */
export async function unpackRemote(files: RemoteFiles, { folder, archive, preserve }: { readonly folder: string; readonly archive: AsyncIterable<Uint8Array>; readonly preserve: boolean }): Promise<number> {
  const { context, streams, target } = files;
  const command = ['tar', ...(preserve ? [] : ['--no-same-permissions', '--no-same-owner']), '-xmf', '-', '-C', folder];
  const process = await streams.exec(target, { command, wanted: { stdin: true, stdout: true, stderr: true, tty: false } });
  return leaving(context, process, async () => {
    const sent = send(process, archive);
    // A tar that has ended early says why; what is still to be sent is of no use then.
    for await (const { bytes } of process.output) await context.err.write(bytes);
    const end = await process.end;
    const failure = end.status === 'Success' ? await sent : undefined;
    if (failure !== undefined) throw failure.error;
    return exitCode(context, end);
  });
}

/** Never rejects: tells what went wrong at this end. */
async function send(process: RemoteProcess, archive: AsyncIterable<Uint8Array>): Promise<{ readonly error: unknown } | undefined> {
  try {
    for await (const bytes of archive) await process.write(bytes);
    process.endInput();
    return undefined;
  } catch (error) {
    // Half an archive must not look like a whole one.
    process.close();
    return { error };
  }
}

/** The archive of a path. A connection that is lost is taken up again, `retries` times; below 0: always. */
export async function* packRemote({ context, streams, target }: RemoteFiles, { path, retries }: { readonly path: string; readonly retries: number }): AsyncGenerator<Uint8Array> {
  const { folder, name } = splitRemote(path);
  const tar = ['tar', 'cf', '-', '-C', folder, name === '.' ? '.' : `./${name}`];
  let done = 0;
  for (let tries = 0; ; tries += 1) {
    const command = done === 0 ? tar : ['sh', '-c', `${tar.map(quoted).join(' ')} | tail -c+${done + 1}`];
    let process: RemoteProcess | undefined;
    const leave = (): void => process?.close();
    context.signal.addEventListener('abort', leave, { once: true });
    try {
      process = await streams.exec(target, { command, wanted: { stdin: false, stdout: true, stderr: true, tty: false } });
      for await (const { stream, bytes } of process.output) {
        if (stream === 'stderr') {
          await context.err.write(bytes);
          continue;
        }
        done += bytes.length;
        yield bytes;
      }
      const code = await exitCode(context, await process.end);
      if (code !== 0) throw new RemoteFailure(code);
      return;
    } catch (error) {
      const isLost = error instanceof TransportError && error.code !== 'EUPGRADE' && !context.signal.aborted;
      if (!isLost || (retries >= 0 && tries >= retries)) throw error;
      await context.err.write(`Resuming copy at ${done} bytes, retry ${tries + 1}/${retries}\n`);
      await sleep(context.clock, RETRY_MS, context.signal);
    } finally {
      context.signal.removeEventListener('abort', leave);
      leave();
    }
  }
}

/** A server that is started again needs a moment. */
const RETRY_MS = 500;

/** The command in the container has failed, and has said why. */
export class RemoteFailure extends Error {
  override name = 'RemoteFailure';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`command terminated with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

async function exitCode(context: CliContext, end: Awaited<RemoteProcess['end']>): Promise<number> {
  const lacksTar = /exec: "(?:tar|sh)": executable file not found/.test(end.message ?? '');
  if (lacksTar) throw new UsageError(`${end.message}\ncp needs the 'tar' binary in the container's image: without it, copy through a volume`);
  return exitCodeOf(context, end);
}

async function leaving<T>(context: CliContext, process: RemoteProcess, run: () => Promise<T>): Promise<T> {
  const leave = (): void => process.close();
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    return await run();
  } finally {
    context.signal.removeEventListener('abort', leave);
    process.close();
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
