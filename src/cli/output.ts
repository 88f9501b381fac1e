// Output over a stream: waits for the reader, knows the terminal, ends quietly when the reader has gone.
import type { Output } from './context.ts';

export interface TextStream {
  write(text: string | Uint8Array, done: (error?: Error | null) => void): boolean;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** What a shell reports for a program that SIGPIPE ended. */
const SIGPIPE_EXIT_CODE = 141;

export function createOutput(
  stream: TextStream,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly exit: (code: number) => void },
): Output {
  // The write's own callback reports errors; without a listener the stream would throw them a second time.
  stream.on('error', () => {});
  const isTerminal = stream.isTTY === true;
  const { NO_COLOR, TERM } = options.env;
  return {
    isTerminal,
    get columns() {
      // A terminal of no known size says 0.
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows;
    },
    colour: isTerminal && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb',
    ...(isTerminal && {
      onResize: (listener) => {
        stream.on('resize', listener);
        return () => void stream.off('resize', listener);
      },
    }),
    write: (text) =>
      new Promise((resolve, reject) => {
        if (text.length === 0) return resolve();
        stream.write(text, (error) => {
          if (error === undefined || error === null) return resolve();
          if ((error as NodeJS.ErrnoException).code === 'EPIPE') return options.exit(SIGPIPE_EXIT_CODE);
          reject(error);
        });
      }),
  };
}
