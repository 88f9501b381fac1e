// The terminal that a process in a container is joined to: raw while it lasts, so that every key goes there.
import type { ReadStream } from 'node:tty';
import type { TerminalSize } from '../../api/pod/process-streams.ts';
import type { CliContext } from '../context.ts';

export interface Terminal {
  /** Absent when the output goes somewhere else. */
  readonly size: TerminalSize | undefined;
  onResize(listener: (size: TerminalSize) => void): () => void;
  /** Makes it raw; returns how to make it as it was. */
  makeRaw(): () => void;
}

/** Undefined when the input is no terminal. */
export function terminalOf({ stdin, out }: CliContext): Terminal | undefined {
  const input = stdin as Partial<ReadStream>;
  if (input.isTTY !== true || input.setRawMode === undefined) return undefined;
  const size = (): TerminalSize | undefined => (out.isTerminal && out.rows !== undefined ? { columns: out.columns, rows: out.rows } : undefined);
  return {
    get size() {
      return size();
    },
    onResize: (listener) =>
      out.onResize?.(() => {
        const now = size();
        if (now !== undefined) listener(now);
      }) ?? (() => {}),
    makeRaw: () => {
      const wasRaw = input.isRaw === true;
      input.setRawMode!(true);
      return () => void input.setRawMode!(wasRaw);
    },
  };
}
