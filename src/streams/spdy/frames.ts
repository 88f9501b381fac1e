// pure: SPDY/3.1 frames as bytes and back. Header blocks stay compressed here: their state belongs to a connection.

export type SpdyFrame =
  /** Some bytes of a data frame; `isLast` closes the sender's half of the stream. */
  | { readonly type: 'data'; readonly streamId: number; readonly bytes: Uint8Array; readonly isLast: boolean }
  | { readonly type: 'syn-stream'; readonly streamId: number; readonly isLast: boolean; readonly block: Uint8Array }
  | { readonly type: 'syn-reply' | 'headers'; readonly streamId: number; readonly isLast: boolean; readonly block: Uint8Array }
  | { readonly type: 'rst-stream'; readonly streamId: number; readonly code: number }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'goaway'; readonly lastStreamId: number; readonly code: number }
  /** Settings and windows: neither is needed where the transport alone slows the sender, as Kubernetes' ends do it. */
  | { readonly type: 'ignored'; readonly code: number };

export class SpdyError extends Error {
  override name = 'SpdyError';
}

const VERSION = 3;
const HEADER_BYTES = 8;
const FLAG_FIN = 1;
const MOST_CONTROL_BYTES = 1 << 20;
export const MOST_DATA_BYTES = (1 << 24) - 1;
const TYPES = { 'syn-stream': 1, 'syn-reply': 2, 'rst-stream': 3, ping: 6, goaway: 7, headers: 8 } as const;

/** Data is handed on as it comes, control frames when they are whole. Throws SpdyError for what is no SPDY/3. */
export function createSpdySplitter(): (chunk: Uint8Array) => readonly SpdyFrame[] {
  let pending: Uint8Array = new Uint8Array();
  let data: { readonly streamId: number; readonly isLast: boolean; left: number } | undefined;
  return (chunk) => {
    const frames: SpdyFrame[] = [];
    let rest = pending.length === 0 ? chunk : concat([pending, chunk]);
    for (;;) {
      if (data !== undefined) {
        const bytes = rest.subarray(0, data.left);
        rest = rest.subarray(bytes.length);
        data.left -= bytes.length;
        const isWhole = data.left === 0;
        if (bytes.length > 0 || (isWhole && data.isLast)) frames.push({ type: 'data', streamId: data.streamId, bytes, isLast: isWhole && data.isLast });
        if (!isWhole) break;
        data = undefined;
      }
      if (rest.length < HEADER_BYTES) break;
      const view = viewOf(rest);
      const [first, flags, length] = [view.getUint32(0), view.getUint8(4), view.getUint32(4) & 0xffffff];
      if (first < 0x80000000) {
        data = { streamId: first, isLast: (flags & FLAG_FIN) !== 0, left: length };
        rest = rest.subarray(HEADER_BYTES);
        continue;
      }
      const version = (first >>> 16) & 0x7fff;
      if (version !== VERSION) throw new SpdyError(`expected SPDY version ${VERSION}, got ${version}`);
      if (length > MOST_CONTROL_BYTES) throw new SpdyError(`a control frame of ${length} bytes: ${MOST_CONTROL_BYTES} at most`);
      if (rest.length < HEADER_BYTES + length) break;
      frames.push(controlFrame({ code: first & 0xffff, isLast: (flags & FLAG_FIN) !== 0, payload: rest.slice(HEADER_BYTES, HEADER_BYTES + length) }));
      rest = rest.subarray(HEADER_BYTES + length);
    }
    pending = rest.slice();
    return frames;
  };
}

function controlFrame({ code, isLast, payload }: { readonly code: number; readonly isLast: boolean; readonly payload: Uint8Array }): SpdyFrame {
  const view = viewOf(payload);
  const word = (at: number): number => {
    if (payload.length < at + 4) throw new SpdyError(`control frame ${code} is too short: ${payload.length} bytes`);
    return view.getUint32(at);
  };
  const streamId = (): number => word(0) & 0x7fffffff;
  switch (code) {
    case TYPES['syn-stream']:
      if (payload.length < 10) throw new SpdyError(`control frame ${code} is too short: ${payload.length} bytes`);
      return { type: 'syn-stream', streamId: streamId(), isLast, block: payload.subarray(10) };
    case TYPES['syn-reply']:
      return { type: 'syn-reply', streamId: streamId(), isLast, block: payload.subarray(4) };
    case TYPES.headers:
      return { type: 'headers', streamId: streamId(), isLast, block: payload.subarray(4) };
    case TYPES['rst-stream']:
      return { type: 'rst-stream', streamId: streamId(), code: word(4) };
    case TYPES.ping:
      return { type: 'ping', id: word(0) };
    case TYPES.goaway:
      return { type: 'goaway', lastStreamId: streamId(), code: word(4) };
    default:
      return { type: 'ignored', code };
  }
}

/** Data must be at most MOST_DATA_BYTES long. */
export function encodeFrame(frame: Exclude<SpdyFrame, { type: 'ignored' }>): Uint8Array {
  switch (frame.type) {
    case 'data':
      return concat([words(frame.streamId, flagged(frame.isLast, frame.bytes.length)), frame.bytes]);
    case 'syn-stream':
      return control(frame, concat([words(frame.streamId, 0), Uint8Array.of(0, 0), frame.block]));
    case 'syn-reply':
    case 'headers':
      return control(frame, concat([words(frame.streamId), frame.block]));
    case 'rst-stream':
      return control(frame, words(frame.streamId, frame.code));
    case 'ping':
      return control(frame, words(frame.id));
    case 'goaway':
      return control(frame, words(frame.lastStreamId, frame.code));
  }
}

function control(frame: { readonly type: keyof typeof TYPES; readonly isLast?: boolean }, payload: Uint8Array): Uint8Array {
  const head = 0x80000000 + (VERSION << 16) + TYPES[frame.type];
  return concat([words(head, flagged(frame.isLast === true, payload.length)), payload]);
}

function flagged(isLast: boolean, length: number): number {
  return (isLast ? FLAG_FIN << 24 : 0) + length;
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  values.forEach((value, index) => viewOf(bytes).setUint32(4 * index, value));
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
