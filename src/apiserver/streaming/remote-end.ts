// The caller's end of an exec or attach, whatever protocol it speaks.
import type { Status } from '../../api/generated/types.ts';
import type { OutputChunk, TerminalSize } from '../../api/pod/process-streams.ts';

export type RemoteInput =
  | { readonly type: 'input'; readonly bytes: Uint8Array }
  | { readonly type: 'input-ended' }
  | { readonly type: 'resize'; readonly size: TerminalSize };

export interface RemoteEnd {
  /** Resolves when the connection is over, also while nobody reads `input`. */
  readonly gone: Promise<void>;
  /** For one reader; ends when the caller has gone. */
  readonly input: AsyncIterable<RemoteInput>;
  /** Resolves when more may be written; at once when the caller has gone. */
  write(stream: OutputChunk['stream'], bytes: Uint8Array): Promise<void>;
  /** Says how it went, and ends the connection. */
  finish(status: Status): Promise<void>;
}

/** `{"Width":80,"Height":24}`; undefined for anything else. */
export function parseTerminalSize(text: string): TerminalSize | undefined {
  try {
    const { Width: columns, Height: rows } = JSON.parse(text) as { readonly Width?: unknown; readonly Height?: unknown };
    return isCount(columns) && isCount(rows) ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;
}
