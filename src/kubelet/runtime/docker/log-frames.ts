// pure: takes apart the engine's multiplexed log stream: 8 bytes of header (stream, length), then the payload.

export type LogStream = 'stdout' | 'stderr';

/** Feed it chunks as they come; it returns the payload bytes that are complete, of the wanted stream only. */
export interface FrameReader {
  push(chunk: Uint8Array): readonly Uint8Array[];
}

const HEADER_BYTES = 8;
const STDERR = 2;
const NEWLINE = 10;
const SPACE = 32;

/** `timestamps`: each payload begins with one. The engine cuts long lines; of their later parts the time is left out. */
export function createFrameReader({ wanted, timestamps = false }: { readonly wanted?: LogStream; readonly timestamps?: boolean } = {}): FrameReader {
  const header = new Uint8Array(HEADER_BYTES);
  let headerFill = 0;
  let payloadLeft = 0;
  let keeping = true;
  let stream: LogStream = 'stdout';
  /** Streams in the middle of a line. */
  const unended = new Set<LogStream>();
  let inTime = false;

  const visible = (piece: Uint8Array): readonly Uint8Array[] => {
    const timeEnd = inTime ? piece.indexOf(SPACE) : -1;
    if (inTime && timeEnd < 0) return [];
    inTime = false;
    if (piece.at(-1) === NEWLINE) unended.delete(stream);
    else unended.add(stream);
    return timeEnd + 1 === piece.length ? [] : [piece.subarray(timeEnd + 1)];
  };

  return {
    push(chunk) {
      const payloads: Uint8Array[] = [];
      let at = 0;
      while (at < chunk.length) {
        if (payloadLeft > 0) {
          const piece = chunk.subarray(at, at + payloadLeft);
          if (keeping) payloads.push(...visible(piece));
          payloadLeft -= piece.length;
          at += piece.length;
          continue;
        }
        const piece = chunk.subarray(at, at + HEADER_BYTES - headerFill);
        header.set(piece, headerFill);
        headerFill += piece.length;
        at += piece.length;
        if (headerFill < HEADER_BYTES) continue;
        headerFill = 0;
        payloadLeft = new DataView(header.buffer).getUint32(4);
        stream = streamOf(header[0]);
        keeping = wanted === undefined || wanted === stream;
        inTime = timestamps && unended.has(stream);
      }
      return payloads;
    },
  };
}

function streamOf(code: number | undefined): LogStream {
  return code === STDERR ? 'stderr' : 'stdout';
}
