// pure: headers as SPDY's block of names and values, and a compressed stream that compresses nothing.
//
// A sender may put its blocks into a zlib stream as they are ("stored"). Headers here are a few words for each stream, so
// that costs nothing, and needs no compressor whose state must be kept in step with the frames.
import { SpdyError } from './frames.ts';

/** Names in lower case. */
export type SpdyHeaders = Readonly<Record<string, string>>;

export function encodeHeaders(headers: SpdyHeaders): Uint8Array {
  const texts = Object.entries(headers).flatMap(([name, value]) => [name.toLowerCase(), value]).map((text) => new TextEncoder().encode(text));
  const bytes = new Uint8Array(4 + texts.reduce((sum, text) => sum + 4 + text.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, texts.length / 2);
  let at = 4;
  for (const text of texts) {
    view.setUint32(at, text.length);
    bytes.set(text, at + 4);
    at += 4 + text.length;
  }
  return bytes;
}

/** Several values of one name are kept as they come: with a zero byte between them. */
export function decodeHeaders(block: Uint8Array): SpdyHeaders {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  let at = 0;
  const number = (): number => {
    if (at + 4 > block.length) throw new SpdyError('a header block is cut short');
    at += 4;
    return view.getUint32(at - 4);
  };
  const text = (): string => {
    const length = number();
    if (at + length > block.length) throw new SpdyError('a header block is cut short');
    at += length;
    return new TextDecoder().decode(block.subarray(at - length, at));
  };
  const headers: Record<string, string> = {};
  for (let left = number(); left > 0; left -= 1) headers[text().toLowerCase()] = text();
  return headers;
}

const ZLIB_HEADER = [0x78, 0x01];
const LONGEST_STORED = 0xffff;

/** Blocks in the order in which their frames are sent. */
export function createBlockStore(): (block: Uint8Array) => Uint8Array {
  let isFirst = true;
  return (block) => {
    const out: number[] = isFirst ? [...ZLIB_HEADER] : [];
    isFirst = false;
    for (let at = 0; at < block.length; at += LONGEST_STORED) {
      const part = block.subarray(at, at + LONGEST_STORED);
      const low = part.length & 0xff;
      const high = part.length >> 8;
      out.push(0, low, high, low ^ 0xff, high ^ 0xff, ...part);
    }
    // An empty block: some readers, Go's among them, give out what they have only then.
    out.push(0, 0, 0, 0xff, 0xff);
    return Uint8Array.from(out);
  };
}
