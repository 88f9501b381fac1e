// A packet in, a packet out: names of the cluster from the index, all others from the host's resolvers.
import { decode, type Answer } from 'dns-packet';
import { answer } from './answer.ts';
import type { DnsAnswer, DnsRecord } from './dns-records.ts';
import { CODES, writeFailure, writeRefusal, writeReply, type ReplyRecord } from './dns-reply.ts';
import { nameBytes, readRequest, udpLimit, type DnsRequest } from './dns-request.ts';
import type { Upstream } from './upstream.ts';
import { bytesForClient } from './upstream-reply.ts';
import type { ZoneIndex } from './zone-index.ts';

export type Transport = 'udp' | 'tcp';

const LONGEST_MESSAGE = 65_535;

export class Responder {
  readonly #index: ZoneIndex;
  readonly #upstream: Upstream;
  #turn = 0;

  constructor({ index, upstream }: { readonly index: ZoneIndex; readonly upstream: Upstream }) {
    this.#index = index;
    this.#upstream = upstream;
  }

  /** undefined: nothing is sent. Never rejects for what a client may send. */
  async respond(bytes: Uint8Array, transport: Transport): Promise<Uint8Array | undefined> {
    const request = readRequest(bytes);
    if ('code' in request) return writeRefusal(request);
    const limit = transport === 'tcp' ? LONGEST_MESSAGE : udpLimit(request);
    const found = answer(request.question, this.#index);
    if (found === undefined) return this.#forward(request, limit);
    this.#turn += 1;
    const own = { code: CODES[found.code], authoritative: true, answers: inTurn(found.answers, this.#turn), authorities: found.authorities, additionals: found.additionals };
    return writeReply(request, found.goOnAt === undefined ? own : await this.#goOn(request, found, found.goOnAt), limit);
  }

  async #forward(request: DnsRequest, limit: number): Promise<Uint8Array> {
    const found = await this.#upstream.ask(request);
    return found === undefined ? writeFailure(request, 'SERVFAIL') : bytesForClient(found.reply, request, { ageSeconds: found.ageSeconds, limit });
  }

  /** The rest of a chain that leaves the cluster. */
  async #goOn(request: DnsRequest, { answers }: DnsAnswer, name: string): Promise<Parameters<typeof writeReply>[1]> {
    const type = request.questionBytes.subarray(-4);
    const found = await this.#upstream.ask({ ...request, question: { ...request.question, name }, questionBytes: Buffer.concat([nameBytes(name), type]) });
    const rest = found === undefined ? undefined : recordsOf(found.reply.bytes, found.ageSeconds);
    if (found === undefined || rest === undefined) return { code: CODES.SERVFAIL, authoritative: true, answers, authorities: [], additionals: [] };
    // The name is there, wherever it leads: as CoreDNS has it, a target that does not exist is no reason to deny it.
    const code = found.reply.code === CODES.NXDOMAIN ? CODES.NOERROR : found.reply.code;
    return { code, authoritative: true, answers: [...answers, ...rest.answers], authorities: rest.authorities, additionals: [] };
  }
}

function recordsOf(bytes: Uint8Array, ageSeconds: number): { readonly answers: readonly ReplyRecord[]; readonly authorities: readonly ReplyRecord[] } | undefined {
  try {
    const { answers = [], authorities = [] } = decode(Buffer.from(bytes));
    const aged = (records: readonly Answer[]): ReplyRecord[] => records.flatMap((record) => (record.type === 'OPT' ? [] : [{ ...record, ttl: Math.max(0, (record.ttl ?? 0) - ageSeconds) }]));
    return { answers: aged(answers), authorities: aged(authorities) };
  } catch {
    return undefined;
  }
}

/** Clients mostly take the first address: each gets another one first. */
function inTurn(records: readonly DnsRecord[], turn: number): readonly DnsRecord[] {
  const start = records.findIndex(({ type }) => type === 'A' || type === 'AAAA');
  if (start === -1 || records.length - start < 2) return records;
  const addresses = records.slice(start);
  const first = turn % addresses.length;
  return [...records.slice(0, start), ...addresses.slice(first), ...addresses.slice(0, first)];
}
