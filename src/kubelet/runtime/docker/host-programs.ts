// Programs of the host, run as root by the engine: in a container on the host's network, made of the host's own folders. It gets the one
// right that they need, over networks: not every engine can give away all the rights that "privileged" stands for.
//
// The container's input is the daemon's connection, and the engine closes it with that (StdinOnce): so the program ends with the daemon,
// and the engine removes what is left of the container.
import { readdir } from 'node:fs/promises';
import type { HearOutput, HostProgram, HostPrograms } from '../../../api/network/host-programs.ts';
import { sleep } from '../../../base/clock.ts';
import type { ProcessStreams } from '../container-runtime.ts';
import type { EngineContext } from './containers.ts';
import { tolerating, translated } from './engine-errors.ts';
import { ensureSandboxImage } from './images.ts';
import { asRecord, asText } from './json-fields.ts';
import { CLUSTER_LABEL } from './labels.ts';
import { hijackedStreams } from './process-streams.ts';

/** What a program needs of the host: itself, its libraries, where to find them, and the settings of interfaces. */
const SETTINGS = 'sys';
const FOLDERS = [SETTINGS, 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32', 'usr', 'etc', 'nix'];
/** HOME: nft would leave its history there. */
const ENVIRONMENT = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/dev/null', 'LC_ALL=C'];
export const HOST_PROGRAM_LABEL = 'minik.dev/host-program';
const END_MS = 5_000;

export function createHostPrograms(context: EngineContext): HostPrograms {
  return { way: 'through a helper container', open: (command, hear) => openProgram(context, command, hear) };
}

async function openProgram(context: EngineContext, command: readonly string[], hear: HearOutput): Promise<HostProgram> {
  const { client } = context;
  const json = await containerOf(context, command);
  const created = asRecord(await translated(() => client.json({ method: 'POST', path: '/containers/create', json })));
  const container = `/containers/${asText(created['Id'])}`;
  const remove = (): Promise<void> => translated(() => tolerating([404, 409], undefined, () => client.done({ method: 'DELETE', path: container, query: { force: true } })));
  try {
    const query = { stream: true, stdin: true, stdout: true, stderr: true };
    // Before the start: nothing that it says is missed.
    const streams = hijackedStreams(await translated(() => client.hijack({ method: 'POST', path: `${container}/attach`, query })), { isRaw: false });
    await translated(() => client.done({ method: 'POST', path: `${container}/start` }));
    return programOf(context, { streams, program: command[0] ?? '', hear, remove, untilGone: () => untilGone(context, container) });
  } catch (error) {
    await remove().catch(() => {});
    throw error;
  }
}

async function containerOf(context: EngineContext, command: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const there = new Set(await readdir('/'));
  return {
    Image: await ensureSandboxImage(context),
    Entrypoint: command,
    Env: ENVIRONMENT,
    User: '0:0',
    WorkingDir: '/',
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    // Its end takes down what it holds; an engine that shuts down need not wait for it.
    StopTimeout: 1,
    Labels: { [CLUSTER_LABEL]: context.clusterId, [HOST_PROGRAM_LABEL]: command[0] ?? '' },
    HostConfig: {
      AutoRemove: true,
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN'],
      SecurityOpt: ['apparmor=unconfined', 'label=disable', 'no-new-privileges'],
      // /proc/sys as it is on the host.
      MaskedPaths: [],
      ReadonlyPaths: [],
      NetworkMode: 'host',
      UsernsMode: 'host',
      LogConfig: { Type: 'none' },
      Mounts: FOLDERS.filter((name) => there.has(name)).map((name) => ({ Type: 'bind', Source: `/${name}`, Target: `/${name}`, ReadOnly: name !== SETTINGS })),
    },
  };
}

interface Started {
  readonly streams: Omit<ProcessStreams, 'resize'>;
  readonly program: string;
  readonly hear: HearOutput;
  readonly remove: () => Promise<void>;
  readonly untilGone: () => Promise<void>;
}

function programOf({ clock }: EngineContext, { streams, program, hear, remove, untilGone }: Started): HostProgram {
  const ended = listen(streams, hear).then(
    () => `${program} in the helper container ended`,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const encoder = new TextEncoder();
  return {
    ended,
    write: (text) => void streams.write(encoder.encode(text)),
    async end() {
      streams.endInput();
      const patience = new AbortController();
      const late = sleep(clock, END_MS, patience.signal).then(remove, () => {});
      await Promise.race([ended, late]);
      patience.abort(new Error('it has ended'));
      // The engine takes a moment to remove what has ended; whoever stops a home is to find nothing of it.
      await untilGone().catch(() => {});
    },
  };
}

async function untilGone({ client }: EngineContext, container: string): Promise<void> {
  const call = { method: 'POST', path: `${container}/wait`, query: { condition: 'removed' }, timeoutMs: END_MS } as const;
  await translated(() => tolerating([404], undefined, () => client.done(call)));
}

async function listen({ output }: Pick<ProcessStreams, 'output'>, hear: HearOutput): Promise<void> {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  for await (const { stream, bytes } of output) hear(stream, decoders[stream].decode(bytes, { stream: true }));
}
