// A container runtime in memory, on any clock, that fails when told to. It passes the contract that Docker passes.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../src/base/clock.ts';
import {
  RuntimeError,
  type AttachOptions,
  type ContainerCounters,
  type ContainerResources,
  type ContainerRuntime,
  type ContainerSpec,
  type ContainerState,
  type ExecOptions,
  type ExecSession,
  type ImageInfo,
  type LogQuery,
  type ProcessStreams,
  type RuntimeEvent,
  type RuntimeVersion,
} from '../../src/kubelet/runtime/container-runtime.ts';
import { FakeConversation } from './fake-conversation.ts';
import { canRun, FakeProcess, type FakeProcessOptions } from './fake-process.ts';

export type FaultyCall = 'version' | 'list' | 'inspect' | 'create' | 'start' | 'resize' | 'stop' | 'kill' | 'remove' | 'logs' | 'exec' | 'attach' | 'counters' | 'image' | 'pull' | 'lastIp' | 'openFolders' | 'sandboxImage';

/** 'lost': the work is done, its reply is not heard. 'hang': no reply ever. Else the error is given instead of the work. */
export type Fault = 'lost' | 'hang' | RuntimeError;

interface FakeContainer {
  readonly spec: ContainerSpec;
  state: ContainerState;
  process?: FakeProcess;
  lastIp?: string;
  readonly executed: Set<FakeProcess>;
  readonly attached: Set<FakeConversation>;
  readonly logs: { readonly stream: 'stdout' | 'stderr'; readonly text: string; readonly at: number }[];
}

const PAUSE_IMAGE = 'minik.dev/pause:1';

export class FakeRuntime implements ContainerRuntime {
  readonly #clock: Clock;
  readonly #containers = new Map<string, FakeContainer>();
  readonly #images = new Map<string, ImageInfo>();
  readonly #registry = new Map<string, ImageInfo | RuntimeError>();
  readonly #faults: { readonly call: FaultyCall; readonly fault: Fault }[] = [];
  readonly #listeners = new Set<(event: RuntimeEvent) => void>();
  readonly #logListeners = new Set<() => void>();
  readonly #loads = new Map<string, { readonly cores: number; readonly memoryBytes: number }>();
  #serial = 0;
  #down: RuntimeError | undefined;
  /** "pod/container/attempt" of every process that was started. */
  readonly starts: string[] = [];
  /** Of every container that was made. */
  readonly specs: ContainerSpec[] = [];
  readonly calls: string[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.addImage('busybox');
  }

  addImage(reference: string, image: Partial<ImageInfo> = {}): void {
    this.#images.set(tagged(reference), { id: `sha256:${tagged(reference)}`, tags: [tagged(reference)], digests: [], sizeBytes: 1_000, user: '', ...image });
  }

  removeImage(reference: string): void {
    this.#images.delete(tagged(reference));
  }

  /** What a registry answers for an image; without it nobody can be reached. */
  serve(reference: string, answer: Partial<ImageInfo> | RuntimeError): void {
    const image = { id: `sha256:${tagged(reference)}`, tags: [tagged(reference)], digests: [`${reference}@sha256:0`], sizeBytes: 2_000, user: '' };
    this.#registry.set(tagged(reference), answer instanceof RuntimeError ? answer : { ...image, ...answer });
  }

  /** The next call of this kind goes wrong. */
  failNext(call: FaultyCall, fault: Fault): void {
    this.#faults.push({ call, fault });
  }

  /** No call is answered, until `up`. */
  down(): void {
    this.#down = new RuntimeError('Unavailable', 'cannot connect to the engine');
  }

  up(): void {
    this.#down = undefined;
    this.#emit({ type: 'resync' });
  }

  /** Removes a container behind the back of whoever made it. */
  removeFromOutside(id: string): void {
    const { state } = this.#containers.get(id)!;
    this.#containers.delete(id);
    this.#tell(state, 'destroy');
  }

  /** Ends a process as the kernel's memory killer would. */
  killForMemory(id: string): void {
    this.#exited(this.#containers.get(id)!, { exitCode: 137, oomKilled: true });
  }

  /** Ends a process as somebody with the right to do so would. */
  killFromOutside(id: string): void {
    this.#exited(this.#containers.get(id)!, { exitCode: 137, oomKilled: false });
  }

  /** The engine hears of the memory killer after the exit, and keeps no note of it. */
  tellOfMemory(id: string): void {
    this.#tell(this.#containers.get(id)!.state, 'oom');
  }

  get containers(): readonly ContainerState[] {
    return [...this.#containers.values()].map(({ state }) => state);
  }

  specOf(id: string): ContainerSpec {
    return this.#containers.get(id)!.spec;
  }

  version(): Promise<RuntimeVersion> {
    const machine = { operatingSystem: 'Fake Linux', kernelVersion: '6.0', architecture: 'x86_64', cpus: 4, memoryBytes: 8 * 2 ** 30 };
    return this.#call('version', () => ({ name: 'fake', version: '1.0', apiVersion: '1.41', gateway: '172.17.0.1', handlers: ['plain'], dataDir: '', ...machine }));
  }

  list(filter: { readonly podUid?: string } = {}): Promise<readonly ContainerState[]> {
    return this.#call('list', () => this.containers.filter(({ identity }) => filter.podUid === undefined || identity.podUid === filter.podUid));
  }

  inspect(id: string): Promise<ContainerState | undefined> {
    return this.#call('inspect', () => this.#containers.get(id)?.state);
  }

  create(spec: ContainerSpec): Promise<string> {
    return this.#call('create', () => {
      const image = this.#images.get(tagged(this.#checkName(spec.image)));
      if (image === undefined && spec.image !== PAUSE_IMAGE) throw new RuntimeError('ImageNotFound', `No such image: ${tagged(spec.image)}`);
      const twin = [...this.#containers.values()].find(({ spec: { identity } }) => identityKey(identity) === identityKey(spec.identity));
      if (twin !== undefined) return twin.state.id;
      this.specs.push(spec);
      const id = (this.#serial += 1).toString(16).padStart(64, '0');
      const times = { createdAt: this.#clock.now(), startedAt: 0, finishedAt: 0 };
      const what = { image: spec.image, imageId: image?.id ?? 'sha256:pause', labels: spec.labels ?? {}, logPath: '' };
      const state = { id, identity: spec.identity, ...what, phase: 'created', ...times, exitCode: 0, oomKilled: false, resources: spec.resources, error: '', ip: '' } as const;
      this.#containers.set(id, { spec, state, executed: new Set(), attached: new Set(), logs: [] });
      this.#tell(state, 'create');
      return id;
    });
  }

  start(id: string): Promise<void> {
    return this.#call('start', () => {
      const container = this.#existing(id);
      if (container.state.phase === 'running') return;
      const { spec } = container;
      const words = spec.image === PAUSE_IMAGE ? ['pause'] : [...(spec.entrypoint ?? []), ...(spec.cmd ?? (spec.entrypoint === undefined ? ['sh'] : []))];
      if (!canRun(words)) {
        const error = `OCI runtime create failed: exec: "${words[0]}": executable file not found in $PATH: unknown`;
        container.state = { ...container.state, error, exitCode: 127 };
        throw new RuntimeError('StartFailed', error);
      }
      this.starts.push(`${spec.identity.pod}/${spec.identity.container}/${spec.identity.attempt}`);
      const ip = spec.network.type === 'own' ? `172.17.${this.#serial >> 8}.${(this.#serial & 255) + 1}` : '';
      container.state = { ...container.state, phase: 'running', startedAt: this.#clock.now(), finishedAt: 0, exitCode: 0, ip };
      container.lastIp = ip;
      this.#tell(container.state, 'start');
      container.process = this.#spawn(container, words);
      container.process.run();
    });
  }

  #spawn(container: FakeContainer, words: readonly string[]): FakeProcess {
    const write: FakeProcessOptions['write'] = (stream, text) => {
      container.logs.push({ stream, text, at: this.#clock.now() });
      for (const conversation of container.attached) conversation.put(stream, text);
      for (const listener of this.#logListeners) listener();
    };
    return this.#process(container, { words, write, onExit: (exitCode, oomKilled) => this.#exited(container, { exitCode, oomKilled }) });
  }

  #process({ spec }: FakeContainer, options: Pick<FakeProcessOptions, 'words' | 'write' | 'onExit'>): FakeProcess {
    return new FakeProcess({
      ...options,
      env: new Map(spec.env),
      clock: this.#clock,
      hostPath: (path) => {
        const mount = spec.mounts.find(({ containerPath }) => path === containerPath || path.startsWith(`${containerPath}/`));
        return mount === undefined ? undefined : mount.hostPath + path.slice(mount.containerPath.length);
      },
    });
  }

  #exited(container: FakeContainer, end: { readonly exitCode: number; readonly oomKilled: boolean }): void {
    if (container.state.phase !== 'running') return;
    container.state = { ...container.state, ...end, phase: 'exited', finishedAt: this.#clock.now(), ip: '' };
    for (const process of container.executed) process.signal('KILL');
    for (const conversation of container.attached) conversation.end();
    this.#tell(container.state, 'die');
    for (const listener of this.#logListeners) listener();
  }

  resize(id: string, resources: ContainerResources): Promise<void> {
    return this.#call('resize', () => {
      const container = this.#existing(id);
      container.state = { ...container.state, resources: { ...container.state.resources, ...resources } };
    });
  }

  stop(id: string, options: { readonly graceSeconds: number }): Promise<void> {
    return this.#call('stop', async () => {
      const container = this.#containers.get(id);
      if (container?.state.phase !== 'running') return;
      container.process?.signal('TERM');
      if (this.#containers.get(id)?.state.phase !== 'running') return;
      await new Promise<void>((resolve) => {
        const done = (event: RuntimeEvent): void => {
          if (event.type !== 'container' || event.containerId !== id || event.action !== 'die') return;
          this.#listeners.delete(done);
          timer.cancel();
          resolve();
        };
        this.#listeners.add(done);
        const timer = this.#clock.setTimer(options.graceSeconds * 1_000, () => container.process?.signal('KILL'));
      });
    });
  }

  kill(id: string, signal: string): Promise<void> {
    return this.#call('kill', () => this.#containers.get(id)?.process?.signal(signal.replace(/^SIG/, '')));
  }

  remove(id: string): Promise<void> {
    return this.#call('remove', () => {
      const container = this.#containers.get(id);
      if (container === undefined) return;
      container.process?.signal('KILL');
      this.#containers.delete(id);
      this.#tell(container.state, 'destroy');
    });
  }

  async *logs(id: string, query: LogQuery): AsyncIterable<Uint8Array> {
    const container = await this.#call('logs', () => this.#existing(id));
    let left = query.limitBytes ?? Infinity;
    let next = query.tailLines === undefined ? 0 : Math.max(0, container.logs.length - query.tailLines);
    while (!query.signal.aborted) {
      for (; next < container.logs.length && left > 0; next += 1) {
        const { stream, text, at } = container.logs[next]!;
        if ((query.stream !== undefined && query.stream !== stream) || at < (query.sinceMs ?? 0)) continue;
        const bytes = new TextEncoder().encode(query.timestamps ? `${new Date(at).toISOString()} ${text}` : text).subarray(0, left);
        left -= bytes.length;
        yield bytes;
      }
      if (!query.follow || left <= 0 || container.state.phase !== 'running') return;
      await this.#moreLogs(query.signal);
    }
  }

  #moreLogs(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#logListeners.delete(wake);
        resolve();
      };
      this.#logListeners.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  exec(id: string, options: ExecOptions): Promise<ExecSession> {
    return this.#call('exec', () => {
      const container = this.#running(id);
      const exit = Promise.withResolvers<number>();
      exit.promise.catch(() => {});
      let ended: { readonly exitCode: number } | RuntimeError = new RuntimeError('Failed', 'the session was closed before the process had ended');
      const process = this.#process(container, {
        words: options.command,
        write: (stream, text) => conversation.put(options.tty ? 'stdout' : stream, text),
        onExit: (exitCode) => {
          ended = { exitCode };
          container.executed.delete(process);
          conversation.end();
        },
      });
      const feed = { push: (text: string) => process.feed(text), end: () => process.endInput() };
      const conversation = new FakeConversation(feed, () => (ended instanceof RuntimeError ? exit.reject(ended) : exit.resolve(ended.exitCode)));
      if (options.size !== undefined) conversation.sizes.push(options.size);
      if (canRun(options.command)) {
        container.executed.add(process);
        process.run();
      } else {
        ended = new RuntimeError('StartFailed', `OCI runtime exec failed: exec: "${options.command[0]}": executable file not found in $PATH: unknown`);
        conversation.end();
      }
      return Object.assign(conversation, { exitCode: exit.promise, kill: async () => process.signal('KILL') });
    });
  }

  attach(id: string, { stdin }: AttachOptions): Promise<ProcessStreams> {
    return this.#call('attach', () => {
      const container = this.#running(id);
      const push = (text: string): void => container.process?.feed(text);
      const end = (): void => (container.spec.stdinOnce ? container.process?.endInput() : undefined);
      const open = stdin && container.spec.stdin;
      const conversation: FakeConversation = new FakeConversation({ push: open ? push : () => {}, end: open ? end : () => {} }, () => container.attached.delete(conversation));
      container.attached.add(conversation);
      return conversation;
    });
  }

  async connectLoopback(): Promise<undefined> {
    return undefined;
  }

  #running(id: string): FakeContainer {
    const container = this.#existing(id);
    if (container.state.phase === 'running') return container;
    throw new RuntimeError('Conflict', `Container ${id} is not running`);
  }

  /** What a container uses from its start on; without it, little. */
  load(id: string, load: { readonly cores: number; readonly memoryBytes: number }): void {
    this.#loads.set(id, load);
  }

  counters(ids: readonly string[]): Promise<ReadonlyMap<string, ContainerCounters>> {
    return this.#call('counters', () => {
      const running = ids.flatMap((id) => this.#containers.get(id)?.state ?? []).filter(({ phase }) => phase === 'running');
      const readAt = this.#clock.now();
      return new Map(running.map(({ id, startedAt }) => {
        const { cores, memoryBytes } = this.#loads.get(id) ?? { cores: 0.001, memoryBytes: 2 ** 20 };
        return [id, { readAt, cpuNanos: (readAt - startedAt) * cores * 1e6, memoryBytes }];
      }));
    });
  }

  image(reference: string): Promise<ImageInfo | undefined> {
    return this.#call('image', () => this.#images.get(tagged(this.#checkName(reference))));
  }

  images(): Promise<readonly ImageInfo[]> {
    return Promise.resolve([...this.#images.values()]);
  }

  pull(reference: string): Promise<ImageInfo> {
    return this.#call('pull', () => {
      const answer = this.#registry.get(tagged(this.#checkName(reference)));
      if (answer === undefined) throw new RuntimeError('PullFailed', 'dial tcp: lookup registry: no such host', { unreachable: true });
      if (answer instanceof RuntimeError) throw answer;
      this.#images.set(tagged(reference), answer);
      return answer;
    });
  }

  async readFile(): Promise<Uint8Array | undefined> {
    return undefined;
  }

  lastIp(id: string): Promise<string> {
    return this.#call('lastIp', () => this.#containers.get(id)?.lastIp ?? '');
  }

  openFolders(root: string, folders: readonly string[]): Promise<void> {
    return this.#call('openFolders', () => {
      for (const folder of folders) chmodSync(join(root, folder), 0o777);
    });
  }

  sandboxImage(): Promise<string> {
    return this.#call('sandboxImage', () => PAUSE_IMAGE);
  }

  async *events(signal: AbortSignal): AsyncIterable<RuntimeEvent> {
    const queue: RuntimeEvent[] = [{ type: 'resync' }];
    let wake = (): void => {};
    const listener = (event: RuntimeEvent): void => {
      queue.push(event);
      wake();
    };
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => wake(), { once: true });
    try {
      while (!signal.aborted) {
        const event = queue.shift();
        if (event !== undefined) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }

  async reset(): Promise<void> {
    for (const id of [...this.#containers.keys()]) await this.remove(id);
  }

  async #call<Value>(call: FaultyCall, run: () => Value | Promise<Value>): Promise<Value> {
    this.calls.push(call);
    await Promise.resolve();
    if (this.#down !== undefined) throw this.#down;
    const at = this.#faults.findIndex((planned) => planned.call === call);
    if (at < 0) return run();
    const { fault } = this.#faults.splice(at, 1)[0]!;
    if (fault === 'hang') return new Promise<Value>(() => {});
    if (fault !== 'lost') throw fault;
    await run();
    throw new RuntimeError('Unavailable', `the reply to ${call} was lost`);
  }

  #existing(id: string): FakeContainer {
    const container = this.#containers.get(id);
    if (container === undefined) throw new RuntimeError('NotFound', `No such container: ${id}`);
    return container;
  }

  #checkName(reference: string): string {
    if (/^[a-z0-9][a-z0-9._/:@-]*$/.test(reference)) return reference;
    throw new RuntimeError('InvalidImageName', `couldn't parse image name "${reference}": invalid reference format`);
  }

  #tell({ id, identity, exitCode }: ContainerState, action: string): void {
    const event = { type: 'container', podUid: identity.podUid, containerId: id, action, atMs: this.#clock.now() } as const;
    this.#emit(action === 'die' ? { ...event, exitCode } : event);
  }

  #emit(event: RuntimeEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function tagged(reference: string): string {
  return reference.includes('@') || reference.slice(reference.lastIndexOf('/')).includes(':') ? reference : `${reference}:latest`;
}

function identityKey({ podUid, container, attempt }: ContainerSpec['identity']): string {
  return `${podUid}/${container}/${attempt}`;
}
