// pure: an answer as bytes that fit. Owners that were named before are pointers: some clients never ask again by TCP, and
// what is left out for them is lost.
import { encode, type Answer } from 'dns-packet';
import { HEADER_BYTES, type DnsRefusal, type DnsRequest } from './dns-request.ts';
import type { DnsRecord } from './dns-records.ts';

export const CODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 } as const;

export interface Reply {
  /** Of the protocol: 0 is NOERROR. */
  readonly code: number;
  /** Said by the zone's own server. */
  readonly authoritative: boolean;
  readonly answers: readonly ReplyRecord[];
  readonly authorities: readonly ReplyRecord[];
  readonly additionals: readonly ReplyRecord[];
}

/** One of ours, or one that an upstream server gave. */
export type ReplyRecord = DnsRecord | Exclude<Answer, { readonly type: 'OPT' }>;

const FLAGS = { response: 0x8000, authoritative: 0x0400, truncated: 0x0200, recursionDesired: 0x0100, recursionAvailable: 0x0080, checkingDisabled: 0x0010 };
const POINTER = 0xc000;
const LAST_POINTER_TARGET = 0x3fff;
const OPT_BYTES = 11;
/** What this server takes by UDP. */
const OWN_UDP_BYTES = 4_096;

/** `limit`: the most bytes the packet may have. */
export function writeReply(request: DnsRequest, reply: Reply, limit: number): Uint8Array {
  const room = limit - (request.edns === undefined ? 0 : OPT_BYTES);
  const packet = new PacketWriter(request.questionBytes, room);
  packet.remember(request.question.name, HEADER_BYTES);
  const answers = packet.records(reply.answers);
  const authorities = packet.records(reply.authorities);
  const isCut = answers < reply.answers.length || authorities < reply.authorities.length;
  // Nobody asked for these: where there is no room it is no loss.
  const additionals = isCut ? 0 : packet.records(reply.additionals);
  const flags = requestFlags(request) | (reply.authoritative ? FLAGS.authoritative : 0) | (isCut ? FLAGS.truncated : 0) | (reply.code & 0xf);
  if (request.edns !== undefined) packet.opt(request.edns.dnssec, 0);
  return packet.finish(request.id, flags, [1, answers, authorities, additionals + (request.edns === undefined ? 0 : 1)]);
}

export function writeFailure(request: DnsRequest, code: keyof typeof CODES): Uint8Array {
  return writeReply(request, { code: CODES[code], authoritative: false, answers: [], authorities: [], additionals: [] }, Number.MAX_SAFE_INTEGER);
}

/** undefined: better said nothing. */
export function writeRefusal({ code, id, questionBytes }: DnsRefusal): Uint8Array | undefined {
  if (code === undefined) return undefined;
  const packet = new PacketWriter(questionBytes, Number.MAX_SAFE_INTEGER);
  const extended = CODES[code] >> 4;
  if (extended !== 0) packet.opt(false, extended);
  return packet.finish(id, FLAGS.response | (CODES[code] & 0xf), [questionBytes.length === 0 ? 0 : 1, 0, 0, extended === 0 ? 0 : 1]);
}

function requestFlags({ recursionDesired, checkingDisabled }: DnsRequest): number {
  return FLAGS.response | FLAGS.recursionAvailable | (recursionDesired ? FLAGS.recursionDesired : 0) | (checkingDisabled ? FLAGS.checkingDisabled : 0);
}

class PacketWriter {
  readonly #parts: Uint8Array[] = [];
  readonly #owners = new Map<string, number>();
  readonly #limit: number;
  #length = HEADER_BYTES;

  constructor(question: Uint8Array, limit: number) {
    this.#limit = limit;
    this.#push(question);
  }

  /** A name that stands at an offset of the packet, for those that come to point to. */
  remember(name: string, offset: number): void {
    if (offset <= LAST_POINTER_TARGET && !this.#owners.has(name)) this.#owners.set(name, offset);
  }

  /** Returns how many of them went in. */
  records(records: readonly ReplyRecord[]): number {
    for (const [written, record] of records.entries()) {
      const whole = encodeRecord(record);
      const known = this.#owners.get(record.name);
      const bytes = known === undefined ? whole : Buffer.concat([pointerTo(known), whole.subarray(ownerBytes(record.name))]);
      if (this.#length + bytes.length > this.#limit) return written;
      this.remember(record.name, this.#length);
      this.#push(bytes);
    }
    return records.length;
  }

  opt(dnssec: boolean, extendedCode: number): void {
    this.#push(Uint8Array.of(0, 0, 41, OWN_UDP_BYTES >> 8, OWN_UDP_BYTES & 0xff, extendedCode, 0, dnssec ? 0x80 : 0, 0, 0, 0));
  }

  finish(id: number, flags: number, counts: readonly [number, number, number, number]): Uint8Array {
    const header = Buffer.alloc(HEADER_BYTES);
    [id, flags, ...counts].forEach((value, row) => header.writeUInt16BE(value, row * 2));
    return Buffer.concat([header, ...this.#parts]);
  }

  #push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }
}

function encodeRecord(record: ReplyRecord): Uint8Array {
  return encode({ answers: [record] }).subarray(HEADER_BYTES);
}

function pointerTo(offset: number): Uint8Array {
  return Uint8Array.of((POINTER | offset) >> 8, offset & 0xff);
}

function ownerBytes(name: string): number {
  return name === '' || name === '.' ? 1 : Buffer.byteLength(name) + 2;
}
