// Processes and ports of Pods for the API server's exec, attach and portforward.
import type { Pod } from '../api/generated/types.ts';
import { NotRunningError, type ContainerChoice, type PodStreams, type ProcessEnd } from '../api/pod/pod-streams.ts';
import type { OutputChunk, ProcessStreams } from '../api/pod/process-streams.ts';
import { chooseContainer } from './choose-container.ts';
import { findContainers, type PodContainers } from './pod-containers.ts';
import { connectTo } from './pod-connection.ts';
import type { ExecSession } from './runtime/container-runtime.ts';

export function createPodStreams(containers: PodContainers): PodStreams {
  const { runtime } = containers;
  return {
    async exec({ command, wanted, ...choice }) {
      const id = await runningContainer(containers, choice);
      return async () => {
        const session = await runtime.exec(id, { command, stdin: wanted.stdin, tty: wanted.tty });
        if (!wanted.stdin) session.endInput();
        return { ...streamsOf(session), end: endOf(session) };
      };
    },
    async attach({ wanted, ...choice }) {
      const id = await runningContainer(containers, choice);
      return async () => {
        const streams = await runtime.attach(id, wanted);
        const over = Promise.withResolvers<ProcessEnd>();
        return { ...streamsOf(streams), output: toEnd(streams.output, over.resolve), end: over.promise };
      };
    },
    async portForward({ pod }) {
      await networkOf(containers, pod);
      // Asked again for each connection: a container that was restarted may have another address.
      return async (port) => {
        const { host, id } = await networkOf(containers, pod);
        return connectTo({ host, port, viaLoopback: () => runtime.connectLoopback(id, port) });
      };
    },
  };
}

/** The newest run of the container, which must be alive. */
async function runningContainer(containers: PodContainers, choice: ContainerChoice): Promise<string> {
  const chosen = chooseContainer(choice);
  if ('error' in chosen) throw chosen.error;
  const runs = (await findContainers(containers, choice.pod)).filter(({ identity }) => identity.container === chosen.name);
  const newest = runs.sort((a, b) => a.identity.attempt - b.identity.attempt).at(-1);
  if (newest?.phase !== 'running') throw new NotRunningError(`container not found ("${chosen.name}")`);
  return newest.id;
}

/** Methods of its own: those of a class would not be spread. */
function streamsOf(streams: ProcessStreams): ProcessStreams {
  return {
    output: streams.output,
    write: (bytes) => streams.write(bytes),
    endInput: () => streams.endInput(),
    resize: (size) => streams.resize(size),
    close: () => streams.close(),
  };
}

function endOf({ exitCode }: ExecSession): Promise<ProcessEnd> {
  return exitCode.then(
    (code): ProcessEnd => ({ type: 'exited', exitCode: code }),
    (error: unknown): ProcessEnd => ({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
}

async function* toEnd(output: AsyncIterable<OutputChunk>, onEnd: (end: ProcessEnd) => void): AsyncGenerator<OutputChunk> {
  try {
    yield* output;
  } finally {
    onEnd({ type: 'exited', exitCode: 0 });
  }
}

/** Of the container that holds the Pod's network; on the host's there is none. */
async function networkOf(containers: PodContainers, pod: Pod): Promise<{ readonly host: string; readonly id: string }> {
  const running = (await findContainers(containers, pod)).filter(({ phase }) => phase === 'running');
  if (running.length === 0) throw new NotRunningError(`unable to do port forwarding: pod ${pod.metadata?.name} is not running`);
  const holder = running.find(({ ip }) => ip !== '');
  return { host: holder?.ip ?? '127.0.0.1', id: (holder ?? running[0]!).id };
}
