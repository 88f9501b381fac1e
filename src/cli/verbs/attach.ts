// minik attach: joins this terminal to the process that a container runs.
import type { Pod } from '../../api/generated/types.ts';
import { containersOfPod } from '../../api/pod/pod-containers.ts';
import { findPod, podSource, runningTimeout } from '../converse/choose-pod.ts';
import { converse, exitCodeOf } from '../converse/converse.ts';
import { terminalOf } from '../converse/terminal.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { containersOf, defaultedText } from '../logs/log-sources.ts';

interface Flags {
  readonly container?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
  readonly quiet?: boolean;
  readonly podRunningTimeout: string;
}

export const registerAttach: RegisterVerb = (program, launch) => {
  const command = program
    .command('attach')
    .summary('join the process of a container')
    .description('Joins the process that a container runs: minik attach (POD | TYPE/NAME) [-c CONTAINER] [-i] [-t]')
    .argument('[words...]', 'a Pod, TYPE/NAME or TYPE NAME')
    .option('-c, --container <name>', 'the container; default: the annotated one, or the first')
    .option('-i, --stdin', 'pass stdin on')
    .option('-t, --tty', 'stdin is a terminal')
    .option('-q, --quiet', 'only show what the process writes')
    .option('--pod-running-timeout <duration>', 'how long to wait for a Pod of TYPE/NAME to run', '1m0s');
  command.action((words: string[], flags: Flags) => launch(command, (context) => attach(context, words, flags)));
};

export async function attach(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  if (words.length === 0) throw new UsageError('at least 1 argument is required for attach');
  if (words.length > 2) throw new UsageError(`expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${words.length}: [${words.join(' ')}]`);
  const pod = await findPod(context, await podSource(context, words.join('/')), runningTimeout(flags.podRunningTimeout));
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') throw new UsageError(`cannot attach a container in a completed pod; current phase is ${phase}`);
  const container = await containerOf(context, pod, flags);
  const say = async (line: string): Promise<void> => {
    if (flags.quiet !== true) await context.err.write(`${line}\n`);
  };
  if (flags.tty === true && container.tty !== true) await say(`error: Unable to use a TTY - container ${container.name} did not allocate one`);
  const stdin = flags.stdin === true;
  // kube: a process that has a terminal is given one, asked for or not.
  const terminal = stdin && container.tty === true ? terminalOf(context) : undefined;
  const streams = await context.streams();
  await say('All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.');
  await say("If you don't see a command prompt, try pressing enter.");
  const wanted = { stdin, stdout: true, stderr: container.tty !== true, tty: container.tty === true };
  const name = pod.metadata?.name ?? '';
  const process = await streams.attach({ namespace: context.namespace, name, container: container.name }, { wanted });
  const code = await exitCodeOf(context, await converse(context, process, { stdin, terminal }));
  if (terminal !== undefined && flags.quiet !== true) await context.out.write(`Session ended, resume using 'minik attach ${name} -c ${container.name} -n ${context.namespace} -i -t' command\n`);
  return code;
}

async function containerOf(context: CliContext, pod: Pod, { container, quiet }: Flags): Promise<{ readonly name: string; readonly tty: boolean }> {
  const all = containersOfPod(pod);
  const choice = { allContainers: false };
  const told = container === undefined ? defaultedText(pod, choice) : undefined;
  if (told !== undefined && quiet !== true) await context.err.write(`${told}\n`);
  const name = container ?? containersOf(pod, choice)[0]!.container;
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new UsageError(`cannot attach to the container: container ${name} not found in pod ${pod.metadata?.name}`);
  return { name, tty: found.tty === true };
}
