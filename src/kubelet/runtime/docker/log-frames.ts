// pure: takes apart the engine's multiplexed log stream: 8 bytes of header (stream, length), then the payload.

export type LogStream = 'stdout' | 'stderr';

/** Feed it chunks as they come; it returns the payload bytes that are complete, of the wanted stream only. */
export interface FrameReader {
  push(chunk: Uint8Array): readonly Uint8Array[];
}

const HEADER_BYTES = 8;
const STDERR = 2;

export function createFrameReader(wanted?: LogStream): FrameReader {
  const header = new Uint8Array(HEADER_BYTES);
  let headerFill = 0;
  let payloadLeft = 0;
  let keeping = true;

  return {
    push(chunk) {
      const payloads: Uint8Array[] = [];
      let at = 0;
      while (at < chunk.length) {
        if (payloadLeft > 0) {
          const piece = chunk.subarray(at, at + payloadLeft);
          if (keeping) payloads.push(piece);
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
        keeping = wanted === undefined || wanted === streamOf(header[0]);
      }
      return payloads;
    },
  };
}

function streamOf(code: number | undefined): LogStream {
  return code === STDERR ? 'stderr' : 'stdout';
}
