// A running container's own process: its output from now on, and its input where the container was made with one.
import { RuntimeError, type AttachOptions, type ProcessStreams, type TerminalSize } from '../container-runtime.ts';
import type { EngineContext } from './containers.ts';
import { tolerating, translated } from './engine-errors.ts';
import { NO_DETACH_KEYS } from './detach-keys.ts';
import { asRecord } from './json-fields.ts';
import { hijackedStreams } from './process-streams.ts';

export async function attachToContainer(context: EngineContext, id: string, options: AttachOptions): Promise<ProcessStreams> {
  const { tty, stdinOnce } = await inputOfRunning(context, id);
  const query = { stream: true, stdin: options.stdin, stdout: options.stdout, stderr: options.stderr && !tty, detachKeys: NO_DETACH_KEYS };
  const call = { method: 'POST', path: `/containers/${id}/attach`, query } as const;
  const { output, write, endInput, close } = hijackedStreams(await translated(() => context.client.hijack(call)), { isRaw: tty });
  const resize = (size: TerminalSize): Promise<void> => (tty ? resizeContainer(context, id, size) : Promise.resolve());
  // Where the end of this input is not the end of the process's, the engine would only end the output at it.
  return { output, write, endInput: stdinOnce && !tty ? endInput : () => {}, resize, close };
}

/** The engine would attach to a container that has ended, and wait for its next start. */
async function inputOfRunning(context: EngineContext, id: string): Promise<{ readonly tty: boolean; readonly stdinOnce: boolean }> {
  const found = asRecord(await translated(() => context.client.json({ method: 'GET', path: `/containers/${id}/json` })));
  if (asRecord(found['State'])['Running'] !== true) throw new RuntimeError('Conflict', `Container ${id} is not running`);
  const config = asRecord(found['Config']);
  return { tty: config['Tty'] === true, stdinOnce: config['StdinOnce'] === true };
}

async function resizeContainer(context: EngineContext, id: string, { columns, rows }: TerminalSize): Promise<void> {
  const call = { method: 'POST', path: `/containers/${id}/resize`, query: { w: columns, h: rows } } as const;
  await translated(() => tolerating([404, 409], undefined, () => context.client.done(call)));
}
