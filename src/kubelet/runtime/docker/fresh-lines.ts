// pure: of log frames that begin with a time only those that are newer than all before them in their stream.
//
// When the engine begins another log file while somebody follows, it tells some lines twice (Docker 20.10, measured: up
// to a thousand), and a reader that is slower than the writer loses whole files. Times are what tells lines apart.
import type { FramePiece, OutputStream } from './frames.ts';

const SPACE = 32;
const NEWLINE = 10;
/** Longer than any time. */
const MOST_TIME_BYTES = 64;

interface StreamState {
  /** The time of the newest line, as digits that can be compared. */
  last: string;
  /** In the middle of a line: the engine cuts long ones, each part with a time. */
  isUnended: boolean;
  isKept: boolean;
  /** A time that came in several chunks; undefined when the time of the frame has been read. */
  head: Uint8Array | undefined;
}

export interface FreshLines {
  readonly filter: (pieces: readonly FramePiece[]) => readonly Uint8Array[];
  /** The newest time seen, "2026-01-01T00:00:00.123456789Z"; undefined before the first line. */
  readonly newest: () => string | undefined;
}

/** `timestamps`: lines keep their times. */
export function createFreshLines({ wanted, timestamps }: { readonly wanted?: OutputStream; readonly timestamps: boolean }): FreshLines {
  const states: Record<OutputStream, StreamState> = { stdout: newState(), stderr: newState() };

  const visible = ({ stream, bytes, isFirst }: FramePiece): readonly Uint8Array[] => {
    const state = states[stream];
    if (isFirst) state.head = new Uint8Array();
    let rest = bytes;
    let time: Uint8Array | undefined;
    if (state.head !== undefined) {
      const joined = state.head.length === 0 ? bytes : Buffer.concat([state.head, bytes]);
      const end = joined.subarray(0, MOST_TIME_BYTES).indexOf(SPACE);
      if (end < 0 && joined.length < MOST_TIME_BYTES) {
        state.head = joined;
        return [];
      }
      state.head = undefined;
      if (!state.isUnended) {
        const digits = comparable(Buffer.from(joined.subarray(0, Math.max(end, 0))).toString('latin1'));
        state.isKept = digits > state.last;
        if (state.isKept) state.last = digits;
        if (timestamps) time = joined.subarray(0, end + 1);
      }
      rest = joined.subarray(end + 1);
    }
    state.isUnended = rest.length === 0 ? state.isUnended : rest.at(-1) !== NEWLINE;
    if (!state.isKept || (wanted !== undefined && wanted !== stream)) return [];
    return [...(time === undefined ? [] : [time]), ...(rest.length === 0 ? [] : [rest])];
  };

  return {
    filter: (pieces) => pieces.flatMap(visible),
    newest: () => {
      const digits = states.stdout.last > states.stderr.last ? states.stdout.last : states.stderr.last;
      return digits === '' ? undefined : `${digits.slice(0, 19)}.${digits.slice(19)}Z`;
    },
  };
}

function newState(): StreamState {
  return { last: '', isUnended: false, isKept: true, head: undefined };
}

/** The engine leaves zeros out at the end: "…:05.12Z" is "…:05120000000". */
function comparable(time: string): string {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time);
  return match === null ? '' : `${match[1]}${(match[2] ?? '').padEnd(9, '0')}`;
}
