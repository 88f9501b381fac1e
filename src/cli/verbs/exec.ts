// minik exec: runs a command in a container that runs, joined to this terminal, and ends with its exit code.
import { findPod, podSource, podSourceOfFile, runningTimeout } from '../converse/choose-pod.ts';
import { converse, exitCodeOf } from '../converse/converse.ts';
import { execTarget } from '../converse/exec-target.ts';
import { terminalOf } from '../converse/terminal.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';

interface Flags {
  readonly container?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
  readonly quiet?: boolean;
  readonly filename?: string;
  readonly podRunningTimeout: string;
}

export const registerExec: RegisterVerb = (program, launch) => {
  const command = program
    .command('exec')
    .summary('run a command in a container')
    .description('Runs a command in a container: minik exec (POD | TYPE/NAME) [-c CONTAINER] [-i] [-t] -- COMMAND [ARGS...]\nEnds with its exit code.')
    .argument('[target]', 'a Pod, or what has Pods: job/pi')
    .argument('[command...]', 'the command and its arguments')
    .option('-c, --container <name>', 'the container; default: the annotated one, or the first')
    .option('-f, --filename <path>', 'the manifest of the Pod, or of what has Pods, in place of its name')
    .option('-i, --stdin', 'pass stdin on')
    .option('-t, --tty', 'stdin is a terminal')
    .option('-q, --quiet', 'only show what the command writes')
    .option('--pod-running-timeout <duration>', 'how long to wait for a Pod of TYPE/NAME to run', '1m0s');
  command.action((target: string | undefined, words: string[], flags: Flags) => launch(command, (context) => exec(context, { target, words, flags })));
};

interface Given {
  readonly target: string | undefined;
  readonly words: readonly string[];
  readonly flags: Flags;
}

async function exec(context: CliContext, { target, words, flags }: Given): Promise<number> {
  const { filename } = flags;
  if (target === undefined && filename === undefined) throw new UsageError('pod, type/name or --filename must be specified');
  // With a file, the first word is the command's too.
  const command = filename === undefined || target === undefined ? words : [target, ...words];
  if (command.length === 0) throw new UsageError('you must specify at least one command for the container');
  const timeoutMs = runningTimeout(flags.podRunningTimeout);
  const source = await (filename === undefined ? podSource(context, target!) : podSourceOfFile(context, filename));
  const pod = await findPod(context, source, timeoutMs);
  const at = await execTarget(context, pod, flags);
  const terminal = await wantedTerminal(context, flags);
  const tty = terminal !== undefined;
  const streams = await context.streams();
  const wanted = { stdin: flags.stdin === true, stdout: true, stderr: !tty, tty };
  const process = await streams.exec(at, { command, wanted });
  return exitCodeOf(context, await converse(context, process, { stdin: wanted.stdin, terminal }));
}

/** kube: without a terminal at this end there is none at the other, whatever was asked for; without -i, no keys. */
async function wantedTerminal(context: CliContext, { tty, stdin, quiet }: Flags) {
  if (tty !== true) return undefined;
  const terminal = terminalOf(context);
  if (terminal !== undefined && stdin === true) return terminal;
  if (stdin === true && quiet !== true) await context.err.write('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  return undefined;
}
