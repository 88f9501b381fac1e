// pure: exec, attach and port-forward, between the API server that is asked and the kubelet that has the containers.
import type { Pod } from '../generated/types.ts';
import type { ProcessStreams } from './process-streams.ts';

/** Which of its streams a caller wants; with a terminal, stderr is part of stdout. */
export interface WantedStreams {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export interface ContainerChoice {
  readonly pod: Pod;
  /** '' means the only one, or the default one. */
  readonly container: string;
}

export interface PodProcess extends ProcessStreams {
  /** How it ended, some time after `output` has been read to its end. Never rejects. */
  readonly end: Promise<ProcessEnd>;
}

export type ProcessEnd =
  /** Of an attached process the exit code is in the Pod's status: it counts as 0 here. */
  | { readonly type: 'exited'; readonly exitCode: number }
  | { readonly type: 'failed'; readonly message: string };

/** Begins the conversation, once its caller is known to be able to have it. */
export type OpenProcess = () => Promise<PodProcess>;

/** A TCP connection to a port of a Pod. */
export interface PodConnection {
  /** Ends when the Pod's side ends; rejects when the connection is reset. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Resolves when more may be written. What is written to a closed connection is dropped. */
  write(bytes: Uint8Array): Promise<void>;
  /** No more will be written. */
  end(): void;
  close(): void;
}

/** Rejects with a message for people when nobody listens there. */
export type OpenPort = (port: number) => Promise<PodConnection>;

/** All reject with a StatusError for a container or Pod that is not there, with NotRunningError for one that does not run. */
export interface PodStreams {
  exec(request: ContainerChoice & { readonly command: readonly string[]; readonly wanted: WantedStreams }): Promise<OpenProcess>;
  attach(request: ContainerChoice & { readonly wanted: WantedStreams }): Promise<OpenProcess>;
  portForward(request: { readonly pod: Pod }): Promise<OpenPort>;
}

/** Upstream answers it as plain text, which its clients put behind "unable to upgrade connection". */
export class NotRunningError extends Error {
  override name = 'NotRunningError';
}
