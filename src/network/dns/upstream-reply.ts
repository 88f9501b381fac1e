// pure: the answer of another server, kept as the bytes it came in: nothing that this program does not know of is lost on
// its way to the client. Only what must differ for each client is written over.
import { endOfName, HEADER_BYTES, type DnsRequest } from './dns-request.ts';

export interface UpstreamReply {
  readonly bytes: Uint8Array;
  readonly code: number;
  readonly truncated: boolean;
  /** Where each record begins, and the end of the last. */
  readonly recordOffsets: readonly number[];
  /** Where times to live stand, those of OPT records left out: theirs are none. */
  readonly ttlOffsets: readonly number[];
  /** Seconds for which it may be remembered; 0: not at all. */
  readonly ttl: number;
}

const QUESTION_TAIL_BYTES = 4;
const RECORD_HEAD_BYTES = 10;
const TYPE = { SOA: 6, OPT: 41 };
const CODE = { NOERROR: 0, NXDOMAIN: 3 };
const TRUNCATED = 0x02;
const COUNTS_AT = 4;

/** undefined: not an answer to this question, or not to be understood. */
export function readUpstreamReply(bytes: Uint8Array, asked: { readonly id: number; readonly questionBytes: Uint8Array }): UpstreamReply | undefined {
  try {
    return read(bytes, asked);
  } catch {
    return undefined; // It ends before what it announces.
  }
}

function read(bytes: Uint8Array, { id, questionBytes }: { readonly id: number; readonly questionBytes: Uint8Array }): UpstreamReply | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isAnswer = view.getUint16(0) === id && (view.getUint8(2) & 0x80) !== 0;
  if (!isAnswer || view.getUint16(COUNTS_AT) !== 1 || !sameQuestion(bytes.subarray(HEADER_BYTES, HEADER_BYTES + questionBytes.length), questionBytes)) return undefined;
  const code = view.getUint8(3) & 0xf;
  const answers = view.getUint16(COUNTS_AT + 2);
  const records = answers + view.getUint16(COUNTS_AT + 4) + view.getUint16(COUNTS_AT + 6);
  const recordOffsets = [HEADER_BYTES + questionBytes.length];
  const ttlOffsets: number[] = [];
  let ttl = Infinity;
  let denial = 0;
  for (let row = 0; row < records; row += 1) {
    const head = endOfName(bytes, recordOffsets[row]!);
    const type = view.getUint16(head);
    const end = head + RECORD_HEAD_BYTES + view.getUint16(head + 8);
    if (end > bytes.length) return undefined;
    recordOffsets.push(end);
    if (type === TYPE.OPT) continue;
    ttlOffsets.push(head + 4);
    ttl = Math.min(ttl, view.getUint32(head + 4));
    if (type === TYPE.SOA) denial = Math.min(view.getUint32(head + 4), view.getUint32(end - 4));
  }
  const isDenial = code === CODE.NXDOMAIN || (code === CODE.NOERROR && answers === 0);
  const known = isDenial ? denial : code === CODE.NOERROR && ttl !== Infinity ? ttl : 0;
  return { bytes, code, truncated: (view.getUint8(2) & TRUNCATED) !== 0, recordOffsets, ttlOffsets, ttl: known };
}

/** The letters of the name may differ in case. */
function sameQuestion(left: Uint8Array, right: Uint8Array): boolean {
  const nameEnd = right.length - QUESTION_TAIL_BYTES;
  return left.length === right.length && left.every((byte, row) => byte === right[row] || (row < nameEnd && lowerCase(byte) === lowerCase(right[row]!)));
}

function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/** For this client: its id, its letters, times to live less `ageSeconds`, and as many whole records as fit into `limit`. */
export function bytesForClient(reply: UpstreamReply, request: DnsRequest, { ageSeconds, limit }: { readonly ageSeconds: number; readonly limit: number }): Uint8Array {
  const bytes = Uint8Array.from(reply.bytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, request.id);
  bytes.set(request.questionBytes, HEADER_BYTES);
  for (const offset of reply.ttlOffsets) view.setUint32(offset, Math.max(0, view.getUint32(offset) - ageSeconds));
  return bytes.length <= limit ? bytes : cut(bytes, reply, limit);
}

function cut(bytes: Uint8Array, { recordOffsets }: UpstreamReply, limit: number): Uint8Array {
  const fitting = Math.max(0, recordOffsets.findLastIndex((end) => end <= limit));
  const view = new DataView(bytes.buffer);
  let left = fitting;
  for (const at of [COUNTS_AT + 2, COUNTS_AT + 4, COUNTS_AT + 6]) {
    const kept = Math.min(left, view.getUint16(at));
    view.setUint16(at, kept);
    left -= kept;
  }
  view.setUint8(2, view.getUint8(2) | TRUNCATED);
  return bytes.subarray(0, recordOffsets[fitting]!);
}
