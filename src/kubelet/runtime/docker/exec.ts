// A command in a running container: the engine's exec, of which the exit code is asked for once its output has ended.
import { sleep } from '../../../base/clock.ts';
import { RuntimeError, type ExecOptions, type ExecSession, type OutputChunk, type TerminalSize } from '../container-runtime.ts';
import type { EngineContext } from './containers.ts';
import { NO_DETACH_KEYS } from './detach-keys.ts';
import { EngineRefusal } from './engine-client.ts';
import { tolerating, translated } from './engine-errors.ts';
import { inspectExec } from './exec-state.ts';
import { asRecord, asText } from './json-fields.ts';
import { killExecuted } from './kill-executed.ts';
import { hijackedStreams, type HijackedStreams } from './process-streams.ts';

export async function execInContainer(context: EngineContext, container: string, options: ExecOptions): Promise<ExecSession> {
  const id = await createExec(context, container, options);
  const streams = hijackedStreams(await startExec(context, id, options), { isRaw: options.tty });
  const exit = Promise.withResolvers<number>();
  exit.promise.catch(() => {}); // Not everybody asks for it.
  const resize = (size: TerminalSize): Promise<void> => (options.tty ? resizeExec(context, id, size) : Promise.resolve());
  if (options.size !== undefined) void resize(options.size).catch(() => {});
  let kill: Promise<void> | undefined;
  return {
    output: readToExit({ context, id, streams, exit, wasKilled: () => kill !== undefined }),
    write: streams.write,
    endInput: streams.endInput,
    resize,
    close: streams.close,
    exitCode: exit.promise,
    kill: () => (kill ??= killExecuted(context, { id, container }).finally(streams.close)),
  };
}

async function createExec(context: EngineContext, container: string, { command, stdin, tty }: ExecOptions): Promise<string> {
  const json = { Cmd: command, AttachStdin: stdin, AttachStdout: true, AttachStderr: !tty, Tty: tty, DetachKeys: NO_DETACH_KEYS };
  const call = { method: 'POST', path: `/containers/${container}/exec`, json } as const;
  return asText(asRecord(await translated(() => context.client.json(call)))['Id']);
}

/** Where the engine tells a failed start by a status, it is the command's. */
function startExec(context: EngineContext, id: string, { tty }: ExecOptions) {
  const call = { method: 'POST', path: `/exec/${id}/start`, json: { Detach: false, Tty: tty } } as const;
  return translated(() => context.client.hijack(call), { 400: 'StartFailed', 500: 'StartFailed' });
}

interface Running {
  readonly context: EngineContext;
  readonly id: string;
  readonly streams: HijackedStreams;
  readonly exit: PromiseWithResolvers<number>;
  readonly wasKilled: () => boolean;
}

/** What the engine notes of a command whose session ended before the command did: a killed one's may. */
const BROKEN_OFF = 126;
/** What a shell reports for SIGKILL. */
const KILLED = 137;

/** The engine writes why a command cannot be started where its output would be: the first bytes are looked at twice. */
async function* readToExit({ context, id, streams, exit, wasKilled }: Running): AsyncGenerator<OutputChunk> {
  const isGivenUp = (): boolean => streams.isClosed() && !wasKilled();
  let refusal: string | undefined;
  let isFirst = true;
  try {
    for await (const chunk of streams.output) {
      if (isFirst && (await hasNotStarted(context, id))) refusal = '';
      isFirst = false;
      if (refusal === undefined) yield chunk;
      else refusal += Buffer.from(chunk.bytes).toString();
    }
    if (isGivenUp()) throw new RuntimeError('Failed', 'the session was closed before the process had ended');
    const noted = await untilExited(context, id, isGivenUp);
    const exitCode = wasKilled() && noted === BROKEN_OFF ? KILLED : noted;
    if (refusal === undefined) exit.resolve(exitCode);
    else exit.reject(new RuntimeError('StartFailed', refusal.trim()));
  } catch (error) {
    exit.reject(error);
    if (!isGivenUp()) throw error;
  } finally {
    streams.close();
    exit.reject(new RuntimeError('Failed', 'the output was not read to its end'));
  }
}

/** True once the engine has given up the start; a process may write before the engine has noted that it runs. */
async function hasNotStarted(context: EngineContext, id: string): Promise<boolean> {
  try {
    for (;;) {
      const { pid, exitCode } = await inspectExec(context, id);
      if (pid > 0 || exitCode !== undefined) return pid === 0;
      await sleep(context.clock, FIRST_WAIT_MS, new AbortController().signal);
    }
  } catch (error) {
    // A container removed meanwhile took its commands along: this one had begun, for it has written.
    if (error instanceof RuntimeError && error.code === 'NotFound') return false;
    throw error;
  }
}

const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 1_000;

/** A process may close its output and go on; the engine has no call that waits for it. */
async function untilExited(context: EngineContext, id: string, isGivenUp: () => boolean): Promise<number> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    const { isRunning, exitCode } = await inspectExec(context, id);
    if (!isRunning && exitCode !== undefined) return exitCode;
    if (isGivenUp()) throw new RuntimeError('Failed', 'the session was closed before the process had ended');
    await sleep(context.clock, waitMs, new AbortController().signal);
  }
}

/** The end of the process is no failure of a resize. */
async function resizeExec(context: EngineContext, id: string, { columns, rows }: TerminalSize): Promise<void> {
  const call = { method: 'POST', path: `/exec/${id}/resize`, query: { w: columns, h: rows } } as const;
  try {
    await tolerating([404, 409], undefined, () => context.client.done(call));
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    if ((await inspectExec(context, id).catch(() => undefined))?.isRunning) throw new RuntimeError('Failed', error.message, { cause: error });
  }
}
