// pure: the payload of the engine's log frames, of the wanted stream only, with one time a line.
import { createFrameSplitter, type FramePiece, type OutputStream } from './frames.ts';

/** Feed it chunks as they come; it returns the payload bytes in them. */
export interface FrameReader {
  push(chunk: Uint8Array): readonly Uint8Array[];
}

const NEWLINE = 10;
const SPACE = 32;

/** `timestamps`: each payload begins with one. The engine cuts long lines; of their later parts the time is left out. */
export function createFrameReader({ wanted, timestamps = false }: { readonly wanted?: OutputStream; readonly timestamps?: boolean } = {}): FrameReader {
  const split = createFrameSplitter();
  /** Streams in the middle of a line. */
  const unended = new Set<OutputStream>();
  let inTime = false;

  const visible = ({ stream, bytes, isFirst }: FramePiece): readonly Uint8Array[] => {
    if (isFirst) inTime = timestamps && unended.has(stream);
    const timeEnd = inTime ? bytes.indexOf(SPACE) : -1;
    if (inTime && timeEnd < 0) return [];
    inTime = false;
    if (bytes.at(-1) === NEWLINE) unended.delete(stream);
    else unended.add(stream);
    return timeEnd + 1 === bytes.length ? [] : [bytes.subarray(timeEnd + 1)];
  };

  return { push: (chunk) => split(chunk).filter(({ stream }) => wanted === undefined || wanted === stream).flatMap(visible) };
}
