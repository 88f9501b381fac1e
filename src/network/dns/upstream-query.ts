// pure: a client's question as this server puts it to another.
import { HEADER_BYTES, type DnsRequest } from './dns-request.ts';

export interface UpstreamQuery {
  readonly id: number;
  readonly questionBytes: Uint8Array;
  readonly bytes: Uint8Array;
}

const RECURSION_DESIRED = 0x0100;
const CHECKING_DISABLED = 0x0010;
/** What passes everywhere in one piece. */
const UDP_BYTES = 1_232;

/** EDNS as the client has it, without its options: those are between it and this server. */
export function upstreamQuery({ questionBytes, checkingDisabled, edns }: DnsRequest, id: number): UpstreamQuery {
  const header = Buffer.alloc(HEADER_BYTES);
  const counts = [1, 0, 0, edns === undefined ? 0 : 1];
  [id, RECURSION_DESIRED | (checkingDisabled ? CHECKING_DISABLED : 0), ...counts].forEach((value, row) => header.writeUInt16BE(value, row * 2));
  const opt = edns === undefined ? [] : [Uint8Array.of(0, 0, 41, UDP_BYTES >> 8, UDP_BYTES & 0xff, 0, 0, edns.dnssec ? 0x80 : 0, 0, 0, 0)];
  return { id, questionBytes, bytes: Buffer.concat([header, questionBytes, ...opt]) };
}

/** Questions that have one answer. */
export function questionKey({ question, checkingDisabled, edns }: DnsRequest): string {
  const manner = edns === undefined ? 'plain' : edns.dnssec ? 'dnssec' : 'edns';
  return `${question.name.toLowerCase()} ${question.type} ${manner}${checkingDisabled ? ' unchecked' : ''}`;
}
