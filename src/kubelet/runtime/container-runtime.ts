// The port to whatever runs containers. Types are minik's own: nothing of Docker's JSON passes through here.
//
// Every container carries the identity below as labels, so that a daemon started afresh finds what runs. Calls are safe
// to repeat: creating what exists returns it, starting what runs and removing what is gone succeed.
import type { PodConnection } from '../../api/pod/pod-streams.ts';
import type { ProcessStreams, TerminalSize } from '../../api/pod/process-streams.ts';

export type { OutputChunk, ProcessStreams, TerminalSize } from '../../api/pod/process-streams.ts';

/** Who a container belongs to; stored as the minik.dev/* labels. */
export interface ContainerIdentity {
  readonly namespace: string;
  readonly pod: string;
  readonly podUid: string;
  /** The container's name in the Pod, or SANDBOX. */
  readonly container: string;
  /** 0 for the first run, then 1, 2, ...: the restart count. */
  readonly attempt: number;
}

/** Container name of the pause container that holds a Pod's network namespace. */
export const SANDBOX = 'POD';

export interface ContainerSpec {
  readonly identity: ContainerIdentity;
  readonly image: string;
  /** Absent: the image's own. */
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly workingDir?: string;
  /** The engine's runtime that it is for: "runc", "runsc"; absent: the engine's default. */
  readonly runtimeHandler?: string;
  /** Ignored where network joins another container: that one's hostname rules. */
  readonly hostname?: string;
  /** What follows the host name in its full name; ignored like it. */
  readonly domainname?: string;
  readonly network: NetworkMode;
  readonly mounts: readonly Mount[];
  readonly resources: ContainerResources;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  /** "SIGINT"; absent: the image's own, or TERM. */
  readonly stopSignal?: string;
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly privileged?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly noNewPrivileges?: boolean;
  /** Absent: the host's, as far as they are of use in a container. Ignored like the host name. */
  readonly dns?: DnsSpec;
  readonly exposedPorts?: readonly string[];
  readonly hostPorts?: readonly HostPort[];
  readonly shareProcessNamespaceWith?: string;
  /** The host's process namespace. */
  readonly hostProcesses?: boolean;
  readonly hostIpc?: boolean;
  /** Kernel parameters of the container's own namespaces. */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** 'unconfined', or a profile as JSON. Absent: the runtime's own. */
  readonly seccomp?: string;
  /** 'unconfined', or the name of a profile that the host has loaded. */
  readonly appArmor?: string;
  readonly seLinux?: { readonly user?: string; readonly role?: string; readonly type?: string; readonly level?: string };
  /** /proc as it is, nothing hidden. */
  readonly unmaskedProc?: boolean;
  /** Further labels, on top of the identity. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A resolver: each list as it is to be, or absent for the host's. */
export interface DnsSpec {
  readonly servers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly string[];
}

export type NetworkMode =
  | { readonly type: 'own' }
  | { readonly type: 'join'; readonly containerId: string }
  | { readonly type: 'host' };

/** A port of the host that leads to one of the container. */
export interface HostPort {
  /** '' for every address. */
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: string;
}

export interface Mount {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly readOnly: boolean;
  /** How mounts that are made later are seen: none (absent), the host's in the container, or both ways. */
  readonly propagation?: 'rslave' | 'rshared';
}

export interface ContainerResources {
  readonly memoryLimitBytes?: number;
  /** 1000 = one core. */
  readonly cpuLimitMillis?: number;
  readonly cpuRequestMillis?: number;
}

export type ContainerPhase = 'created' | 'running' | 'exited';

/** One container as the runtime sees it. */
export interface ContainerState {
  readonly id: string;
  readonly identity: ContainerIdentity;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly imageId: string;
  readonly phase: ContainerPhase;
  /** Milliseconds since the epoch; 0 = never. */
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** What it is held to. */
  readonly resources: ContainerResources;
  /** Why it could not be started: the runtime's own words. '' otherwise. */
  readonly error: string;
  /** '' when stopped, joined to another, or on the host's network. */
  readonly ip: string;
  /** Where the runtime writes this container's log; '' when unknown. */
  readonly logPath: string;
}

export interface ImageInfo {
  readonly id: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly sizeBytes: number;
  /** USER of the image: '' = root. */
  readonly user: string;
}

/** Something happened to a container or to the connection; the receiver re-reads what it needs. */
export type RuntimeEvent =
  | {
      readonly type: 'container';
      readonly podUid: string;
      readonly containerId: string;
      readonly action: string;
      /** Milliseconds since the epoch. */
      readonly atMs: number;
      /** Of "die", where the runtime tells it. */
      readonly exitCode?: number;
    }
  /** The event stream broke: the engine may have gone. */
  | { readonly type: 'broken' }
  /** The event stream broke and is back: anything may have happened in between. */
  | { readonly type: 'resync' };

export interface LogQuery {
  readonly follow: boolean;
  readonly tailLines?: number;
  /** Milliseconds since the epoch. */
  readonly sinceMs?: number;
  readonly timestamps: boolean;
  readonly limitBytes?: number;
  readonly stream?: 'stdout' | 'stderr';
  readonly signal: AbortSignal;
}

export interface ExecOptions {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
  /** Of the terminal, to begin with. */
  readonly size?: TerminalSize;
}

export interface ExecSession extends ProcessStreams {
  /**
   * Known some time after `output` has been read to its end. Rejects with StartFailed (and the runtime's words) when the
   * command could not be started, with NotFound when the container was removed meanwhile, with Failed after `close`.
   */
  readonly exitCode: Promise<number>;
  /** Kills the process, as far as the engine allows, and ends `output`; its children may live on. */
  kill(): Promise<void>;
}

export interface AttachOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** What a container has used since its start, and uses now. */
export interface ContainerCounters {
  /** Milliseconds since the epoch. */
  readonly readAt: number;
  readonly cpuNanos: number;
  /** The working set: without the page cache that is not in use. */
  readonly memoryBytes: number;
}

export interface ContainerRuntime {
  /** Rejects with code Unavailable when no engine answers. */
  version(): Promise<RuntimeVersion>;
  /** Containers of this cluster, or of one pod, running or not. */
  list(filter?: { readonly podUid?: string }): Promise<readonly ContainerState[]>;
  inspect(id: string): Promise<ContainerState | undefined>;
  /** Returns the id. A container of the same identity is returned as it is. */
  create(spec: ContainerSpec): Promise<string>;
  /** Rejects with code StartFailed (and the runtime's words) when the process cannot be started. */
  start(id: string): Promise<void>;
  /** Another size for a running container; what is absent stays as it is. */
  resize(id: string, resources: ContainerResources): Promise<void>;
  /** Signal, then KILL after `graceSeconds`; returns when it is down. */
  stop(id: string, options: { readonly graceSeconds: number }): Promise<void>;
  kill(id: string, signal: string): Promise<void>;
  remove(id: string): Promise<void>;
  logs(id: string, query: LogQuery): AsyncIterable<Uint8Array>;
  /** Runs a command in a running container, beside its own process. Rejects with NotFound or Conflict when it does not run. */
  exec(id: string, options: ExecOptions): Promise<ExecSession>;
  /** Joins a running container's own process, from now on. Rejects with NotFound or Conflict when it does not run. */
  attach(id: string, options: AttachOptions): Promise<ProcessStreams>;
  /** Connects to a port of the container's own 127.0.0.1. Undefined when nobody listens there, or it cannot be reached from here. */
  connectLoopback(id: string, port: number): Promise<PodConnection | undefined>;
  /** Of those of the containers that run. */
  counters(ids: readonly string[]): Promise<ReadonlyMap<string, ContainerCounters>>;
  /** Undefined when the image is not here. */
  image(reference: string): Promise<ImageInfo | undefined>;
  images(): Promise<readonly ImageInfo[]>;
  /** Rejects with code PullFailed and the registry's words; `unreachable` tells "nobody answered" from "refused". */
  pull(reference: string, options: { readonly signal: AbortSignal; readonly auth?: string }): Promise<ImageInfo>;
  /** A file inside a container, running or not; undefined when absent. At most `limitBytes` are read. */
  readFile(id: string, path: string, limitBytes: number): Promise<Uint8Array | undefined>;
  /** The address that a container with a network of its own had before it ended; '' when it had none or it is not known. */
  lastIp(id: string): Promise<string>;
  /**
   * Gives everybody every right to folders below `root`, a folder of this machine: containers may have made them as
   * another user, and only the runtime is above all users.
   */
  openFolders(root: string, folders: readonly string[]): Promise<void>;
  /** Makes sure that the sandbox image is here; returns its reference. */
  sandboxImage(): Promise<string>;
  events(signal: AbortSignal): AsyncIterable<RuntimeEvent>;
  /** Removes every container, network and volume of this cluster. */
  reset(): Promise<void>;
}

export interface RuntimeVersion {
  /** "docker" */
  readonly name: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly operatingSystem: string;
  readonly kernelVersion: string;
  readonly architecture: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Where the engine keeps images and containers; '' when it does not say. On the engine's machine. */
  readonly dataDir: string;
  /** The address of the host as containers see it: Node InternalIP. */
  readonly gateway: string;
  /** Names of the runtimes that containers may be made for. */
  readonly handlers: readonly string[];
}

export type RuntimeErrorCode =
  /** No engine answers. */
  | 'Unavailable'
  | 'NotFound'
  | 'Conflict'
  | 'ImageNotFound'
  | 'InvalidImageName'
  | 'PullFailed'
  | 'StartFailed'
  /** The engine refused: a bad option, an unknown device, ... */
  | 'Rejected'
  | 'Failed';

export class RuntimeError extends Error {
  readonly code: RuntimeErrorCode;
  /** For PullFailed: no registry could be reached at all. */
  readonly unreachable: boolean;

  constructor(code: RuntimeErrorCode, message: string, options: ErrorOptions & { readonly unreachable?: boolean } = {}) {
    super(message, options);
    this.name = 'RuntimeError';
    this.code = code;
    this.unreachable = options.unreachable ?? false;
  }
}
