// pure: a client's packet, read: what it asks, how it wants the answer, or why it gets none.
import { decode, type DecodedPacket, type OptAnswer } from 'dns-packet';
import type { DnsQuestion } from './dns-records.ts';

export interface DnsRequest {
  readonly id: number;
  readonly question: DnsQuestion;
  /** The question as it came: an answer repeats it to the letter. */
  readonly questionBytes: Uint8Array;
  readonly recursionDesired: boolean;
  readonly checkingDisabled: boolean;
  /** What the client says of itself by EDNS; undefined: it does not know EDNS. */
  readonly edns?: { readonly udpBytes: number; readonly dnssec: boolean };
}

/** Bytes that cannot be answered as a question; `code` is the answer, undefined: none at all. */
export interface DnsRefusal {
  readonly code: 'FORMERR' | 'NOTIMP' | 'REFUSED' | 'BADVERS' | undefined;
  readonly id: number;
  /** What is to be repeated of the question. */
  readonly questionBytes: Uint8Array;
}

export const HEADER_BYTES = 12;
const RESPONSE = 0x80;
const TYPE_AND_CLASS_BYTES = 4;
const LEAST_UDP_BYTES = 512;
/** Nobody gets more by UDP, whatever it says it can take: it would come in pieces. */
const MOST_UDP_BYTES = 4_096;
const NOTHING = new Uint8Array();
/** Transfers of whole zones: nobody's business. */
const TRANSFERS = new Set(['AXFR', 'IXFR']);

export function readRequest(bytes: Uint8Array): DnsRequest | DnsRefusal {
  if (bytes.length < HEADER_BYTES || (bytes[2]! & RESPONSE) !== 0) return { code: undefined, id: 0, questionBytes: NOTHING };
  const packet = decoded(bytes);
  const refuse = (code: DnsRefusal['code'], questionBytes: Uint8Array = NOTHING): DnsRefusal => ({ code, id: (bytes[0]! << 8) | bytes[1]!, questionBytes });
  if (((bytes[2]! >> 3) & 0xf) !== 0) return refuse('NOTIMP');
  const [question, ...more] = packet?.questions ?? [];
  if (packet === undefined || question === undefined || more.length > 0) return refuse('FORMERR');
  const questionBytes = bytes.subarray(HEADER_BYTES, endOfName(bytes, HEADER_BYTES) + TYPE_AND_CLASS_BYTES);
  if (question.class !== 'IN' || TRANSFERS.has(question.type)) return refuse('REFUSED', questionBytes);
  const edns = packet.additionals?.find((record): record is OptAnswer => record.type === 'OPT');
  if (edns !== undefined && edns.ednsVersion !== 0) return refuse('BADVERS', questionBytes);
  return {
    id: packet.id ?? 0,
    question: { name: question.name === '.' ? '' : question.name, type: question.type },
    questionBytes,
    recursionDesired: packet.flag_rd,
    checkingDisabled: packet.flag_cd,
    ...(edns === undefined ? {} : { edns: { udpBytes: Math.min(Math.max(edns.udpPayloadSize, LEAST_UDP_BYTES), MOST_UDP_BYTES), dnssec: edns.flag_do } }),
  };
}

/** How much of an answer goes into one UDP packet for this client. */
export function udpLimit({ edns }: Pick<DnsRequest, 'edns'>): number {
  return edns?.udpBytes ?? LEAST_UDP_BYTES;
}

/** The offset behind a name; throws RangeError where the packet ends before it does. */
export function endOfName(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const length = bytes[at];
    if (length === undefined) throw new RangeError(`the name at ${start} goes beyond the packet`);
    if (length === 0) return at + 1;
    if ((length & 0xc0) !== 0) return at + 2;
    at += length + 1;
  }
}

/** "example.com" as a packet has it. */
export function nameBytes(name: string): Uint8Array {
  return Buffer.concat([...name.split('.').filter((label) => label !== '').map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1')), Uint8Array.of(0)]);
}

function decoded(bytes: Uint8Array): DecodedPacket | undefined {
  try {
    return decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch {
    return undefined;
  }
}
