// The input of "minik run -i": typed keys go through a terminal or line by line, piped bytes beside the log that is followed.
import type { Pod } from '../../api/generated/types.ts';
import { TransportError } from '../../client/client.ts';
import { converse } from '../converse/converse.ts';
import { terminalOf } from '../converse/terminal.ts';
import type { CliContext } from '../context.ts';

export interface InputFlags {
  readonly stdin: boolean;
  readonly quiet: boolean;
}

/**
 * For the first attempt of the first Pod: input is read once. Resolves with true when the attempt has ended and its output
 * has been shown too, with false when that is still to be had from its log.
 *
 * Of a process that is joined, what it writes before is not seen, and of one that is followed, what is not yet a line: so
 * people at a terminal are joined to it, programs are not.
 */
export function createPassInput(context: CliContext, { stdin, quiet }: InputFlags): (pod: Pod) => Promise<boolean> {
  let isOpen = stdin;
  return async (pod) => {
    if (!isOpen) return false;
    isOpen = false;
    if (terminalOf(context) !== undefined) return join(context, { pod, quiet });
    void feed(context, pod);
    return false;
  };
}

async function join(context: CliContext, { pod, quiet }: { readonly pod: Pod; readonly quiet: boolean }): Promise<boolean> {
  const tty = pod.spec?.containers[0]?.tty === true;
  if (!quiet) await context.err.write("If you don't see a command prompt, try pressing enter.\n");
  try {
    const streams = await context.streams();
    const process = await streams.attach(targetOf(pod), { wanted: { stdin: true, stdout: true, stderr: !tty, tty } });
    await converse(context, process, { stdin: true, terminal: tty ? terminalOf(context) : undefined });
    return true;
  } catch (error) {
    if (hasEnded(error)) return false;
    throw error;
  }
}

async function feed(context: CliContext, pod: Pod): Promise<void> {
  try {
    const streams = await context.streams();
    const process = await streams.attach(targetOf(pod), { wanted: { stdin: true, stdout: false, stderr: false, tty: false } });
    await converse(context, process, { stdin: true, terminal: undefined });
  } catch (error) {
    if (hasEnded(error) || context.signal.aborted) return;
    await context.err.write(`the input could not be passed on: ${(error as Error).message}\n`);
  }
}

function targetOf({ metadata, spec }: Pod) {
  return { namespace: metadata?.namespace, name: metadata?.name ?? '', container: spec?.containers[0]?.name ?? '' };
}

/** Its log tells the rest. */
function hasEnded(error: unknown): boolean {
  return error instanceof TransportError && (error.code === 'EUPGRADE' || error.code === 'ELOST');
}
