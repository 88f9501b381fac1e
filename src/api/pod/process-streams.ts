// pure: a conversation with a process in a container, between those who have containers and those who serve it.

/** In characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface OutputChunk {
  /** With a terminal there is only stdout. */
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

export interface ProcessStreams {
  /** For one reader. Read slowly, it slows the process; not read at all, it stops it in the end. Rejects when the connection breaks. */
  readonly output: AsyncIterable<OutputChunk>;
  /** Resolves when more may be written. What is written to a process that has ended is dropped. */
  write(bytes: Uint8Array): Promise<void>;
  /** The process reads an end of file, once it has read what was written. */
  endInput(): void;
  /** Without a terminal, or after the end, nothing happens. */
  resize(size: TerminalSize): Promise<void>;
  /** Leaves the conversation: `output` ends, the process goes on. */
  close(): void;
}
