// minik debug: a container of another image in a running Pod, to look at what its own containers have no tools for.
import { containersOfPod } from '../../api/pod/pod-containers.ts';
import { randomIds } from '../../base/ids.ts';
import type { ContainerStatus, EphemeralContainer, Pod } from '../../api/generated/types.ts';
import { PODS, resourcePath } from '../../api/kinds.ts';
import { sleep } from '../../base/clock.ts';
import { readChunks } from '../../client/response-body.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { findPod, podSource, runningTimeout } from '../converse/choose-pod.ts';
import { append } from '../write/write-flags.ts';
import { attach } from './attach.ts';

interface Flags {
  readonly argumentsOnly?: boolean;
  readonly attach?: boolean;
  readonly container?: string;
  readonly env?: readonly string[];
  readonly image?: string;
  readonly imagePullPolicy?: string;
  readonly quiet?: boolean;
  readonly stdin?: boolean;
  readonly target?: string;
  readonly tty?: boolean;
}

const POLL_MS = 250;
const POD_TIMEOUT = '1m0s';

export const registerDebug: RegisterVerb = (program, launch) => {
  const command = program
    .command('debug')
    .summary('look into a running pod')
    .description('Adds a container to a running Pod, in its network and, with --target, beside the processes of one of its containers:\nminik debug POD --image=IMAGE [--target=CONTAINER] [-it] [-- COMMAND [args...]]')
    .argument('[pod] [command...]', 'POD or TYPE/NAME, then -- and the command')
    .option('--arguments-only', 'what is behind -- are arguments of the image, not a command')
    .option('--attach', 'join the container once it runs; so it is with -i')
    .option('-c, --container <name>', 'the name of the new container; default: debugger-xxxxx')
    .option('--env <NAME=value>', 'set a variable; may be repeated', append)
    .option('--image <image>', 'what to run')
    .option('--image-pull-policy <policy>', 'Always, IfNotPresent or Never')
    .option('-q, --quiet', 'say less')
    .option('-i, --stdin', 'pass stdin on')
    .option('--target <container>', 'see the processes of this container')
    .option('-t, --tty', 'stdin is a terminal');
  command.action((words: string[], flags: Flags) => launch(command, (context) => debug(context, words, flags)));
};

async function debug(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  const [word, ...args] = words;
  if (word === undefined) throw new UsageError('NAME is required for debug');
  if ((flags.image ?? '') === '') throw new UsageError('you must specify --image: a new container is added to the Pod, and this is what it runs');
  if (flags.tty === true && flags.stdin !== true) throw new UsageError('-i/--stdin is required for containers with -t/--tty=true');
  const pod = await findPod(context, await podSource(context, word), runningTimeout(POD_TIMEOUT));
  const container = containerOf(pod, args, flags);
  const say = (line: string): Promise<void> => (flags.quiet === true ? Promise.resolve() : context.out.write(`${line}\n`));
  if (flags.target !== undefined) {
    await say(`Targeting container ${JSON.stringify(flags.target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.`);
  }
  if (flags.container === undefined) await say(`Defaulting debug container name to ${container.name}.`);
  const client = await context.client();
  const { name = '', namespace = '' } = pod.metadata ?? {};
  const body = { spec: { ephemeralContainers: [container] } };
  await client.patch(PODS, { namespace, name }, { type: 'strategic', body }, { subresource: 'ephemeralcontainers', fieldManager: 'kubectl-debug' });
  if (!(flags.attach ?? flags.stdin === true)) return 0;
  const started = await untilStarted(context, { namespace, name }, container.name);
  if (started.state?.terminated === undefined) return attach(context, [name], { container: container.name, stdin: flags.stdin, tty: flags.tty, quiet: flags.quiet, podRunningTimeout: POD_TIMEOUT });
  // It was over before anybody could join it: its log has all that it said.
  const { body: log } = await client.request({ path: resourcePath(PODS, { namespace, name, subresource: 'log' }), query: { container: container.name } });
  for await (const chunk of readChunks(log)) await context.out.write(chunk);
  return started.state.terminated.exitCode;
}

function containerOf(pod: Pod, args: readonly string[], flags: Flags): EphemeralContainer {
  const env = (flags.env ?? []).map((pair) => {
    const equals = pair.indexOf('=');
    if (equals <= 0) throw new UsageError(`invalid env: ${pair}`);
    return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
  return {
    name: flags.container ?? freeName(pod),
    image: flags.image!,
    terminationMessagePolicy: 'File',
    ...(flags.imagePullPolicy === undefined ? {} : { imagePullPolicy: flags.imagePullPolicy }),
    ...(args.length === 0 ? {} : flags.argumentsOnly === true ? { args: [...args] } : { command: [...args] }),
    ...(env.length === 0 ? {} : { env }),
    ...(flags.stdin === true ? { stdin: true } : {}),
    ...(flags.tty === true ? { tty: true } : {}),
    ...(flags.target === undefined ? {} : { targetContainerName: flags.target }),
  };
}

function freeName(pod: Pod): string {
  const taken = new Set(containersOfPod(pod).map(({ name }) => name));
  for (;;) {
    const name = `debugger-${randomIds.suffix(5)}`;
    if (!taken.has(name)) return name;
  }
}

/** Running, or over by now. */
async function untilStarted(context: CliContext, at: { readonly namespace: string; readonly name: string }, container: string): Promise<ContainerStatus> {
  const client = await context.client();
  for (;;) {
    const { status } = await client.get(PODS, at);
    const found = status?.ephemeralContainerStatuses?.find(({ name }) => name === container);
    if (found?.state?.running !== undefined || found?.state?.terminated !== undefined) return found;
    if (status?.phase === 'Succeeded' || status?.phase === 'Failed') throw new UsageError(`the Pod ${at.name} is over: container ${container} does not start any more`);
    const why = found?.state?.waiting;
    if (why?.reason === 'ErrImageNeverPull' || why?.reason === 'InvalidImageName') throw new UsageError(`container ${container} cannot start: ${why.reason}: ${why.message ?? ''}`);
    await sleep(context.clock, POLL_MS, context.signal);
  }
}
