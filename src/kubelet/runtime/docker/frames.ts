// pure: takes apart the engine's multiplexed streams: 8 bytes of header (stream, length), then the payload.

export type OutputStream = 'stdout' | 'stderr';

/** Bytes of one frame, not empty. */
export interface FramePiece {
  readonly stream: OutputStream;
  readonly bytes: Uint8Array;
  /** False for what follows in a frame that came in several chunks. */
  readonly isFirst: boolean;
}

/** Feed it chunks as they come; it returns the bytes of frames in them. */
export type FrameSplitter = (chunk: Uint8Array) => readonly FramePiece[];

const HEADER_BYTES = 8;
const STDERR = 2;

export function createFrameSplitter(): FrameSplitter {
  const header = new Uint8Array(HEADER_BYTES);
  let headerFill = 0;
  let payloadLeft = 0;
  let isFirst = true;
  return (chunk) => {
    const pieces: FramePiece[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (payloadLeft > 0) {
        const bytes = chunk.subarray(at, at + payloadLeft);
        pieces.push({ stream: header[0] === STDERR ? 'stderr' : 'stdout', bytes, isFirst });
        isFirst = false;
        payloadLeft -= bytes.length;
        at += bytes.length;
        continue;
      }
      const part = chunk.subarray(at, at + HEADER_BYTES - headerFill);
      header.set(part, headerFill);
      headerFill += part.length;
      at += part.length;
      if (headerFill < HEADER_BYTES) continue;
      headerFill = 0;
      isFirst = true;
      payloadLeft = new DataView(header.buffer).getUint32(4);
    }
    return pieces;
  };
}
