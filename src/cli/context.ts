// Everything that a verb may touch, injected: streams, clock, the client, and what the global flags said.
import type { Command } from 'commander';
import type { Resource } from '../api/kinds.ts';
import type { Clock } from '../base/clock.ts';
import type { Client } from '../client/client.ts';
import type { Forwarder } from '../client/forwarder.ts';
import type { StreamClient } from '../client/stream-client.ts';

export interface CliContext {
  /** Connects on first use; starts the daemon when none runs (and says so once on stderr). */
  client(): Promise<Client>;
  /** Conversations with Pods, through the same server. */
  streams(): Promise<StreamClient>;
  /** Hands requests of other programs on to the same server. */
  forwarder(): Promise<Forwarder>;
  /** What the server serves: the kinds table for minik's own, discovery for any other. */
  resources(): Promise<readonly Resource[]>;
  /** -n/--namespace, else the kubeconfig context's, else "default". */
  readonly namespace: string;
  /** True when -n was given. */
  readonly namespaceGiven: boolean;
  readonly home: string;
  readonly stdin: NodeJS.ReadableStream;
  readonly out: Output;
  readonly err: Output;
  readonly clock: Clock;
  /** Aborted by Ctrl-C, unless the verb holds the interrupts. */
  readonly signal: AbortSignal;
  readonly interrupts: Interrupts;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Interrupt = 'SIGINT' | 'SIGTERM';

/** For a verb that has something to tidy up: while it holds the interrupts they end nothing, and it is told of each. */
export interface Interrupts {
  /** Returns how to let go of them again. */
  hold(onInterrupt: (by: Interrupt) => void): () => void;
}

export interface Output {
  /** Resolves when the text is handed over; a closed pipe (EPIPE) ends the program quietly. */
  write(text: string | Uint8Array): Promise<void>;
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Of the terminal; absent where there is none. */
  readonly rows?: number | undefined;
  readonly colour: boolean;
  /** Calls back when the terminal has another size; returns how to stop. Absent where there is no terminal. */
  readonly onResize?: (listener: () => void) => () => void;
}

/** The exit code; nothing means 0. A thrown error is printed as kubectl prints it, exit code 1. */
export type RunVerb = (context: CliContext) => Promise<number | void>;

/** Builds the context from the global flags of `command` and runs the verb. Used inside commander actions. */
export type Launch = (command: Command, run: RunVerb) => Promise<void>;

/** One file a verb exports one of these: declares flags on the program, parses them, and launches. */
export type RegisterVerb = (program: Command, launch: Launch) => void;

/** A mistake of the caller's, in a sentence: printed as "error: <message>", exit code 1. */
export class UsageError extends Error {
  override name = 'UsageError';
}
