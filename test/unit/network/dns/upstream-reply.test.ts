import { describe, expect, test } from '@jest/globals';
import { decode, encode, type Answer } from 'dns-packet';
import fc from 'fast-check';
import { readRequest, type DnsRequest } from '../../../../src/network/dns/dns-request.ts';
import { ReplyCache } from '../../../../src/network/dns/reply-cache.ts';
import { bytesForClient, readUpstreamReply, type UpstreamReply } from '../../../../src/network/dns/upstream-reply.ts';
import { questionPacket } from '../../../support/dns-client.ts';

const ID = 9;
const request = readRequest(questionPacket('Example.com')) as DnsRequest;
const asked = { id: ID, questionBytes: request.questionBytes };
const an = (row: number, ttl = 60): Answer => ({ name: 'example.com', type: 'A', ttl, data: `192.0.2.${row}` });
const soa: Answer = { name: 'com', type: 'SOA', ttl: 50, data: { mname: 'a.com', rname: 'b.com', minimum: 20 } };
const packet = (answers: Answer[], { code = 0, authorities = [] as Answer[], name = 'example.COM', id = ID } = {}): Buffer =>
  encode({ type: 'response', id, flags: 0x0180 | code, questions: [{ name, type: 'A' }], answers, authorities });
const read = (bytes: Uint8Array): UpstreamReply | undefined => readUpstreamReply(bytes, asked);

describe('the answer of another server', () => {
  test.each([
    ['is remembered for as long as the shortest of its records', packet([an(1, 60), an(2, 30)]), 30],
    ['that there is no such name, for as long as the zone says', packet([], { code: 3, authorities: [soa] }), 20],
    ['that there is nothing of the type, as well', packet([], { authorities: [soa] }), 20],
    ['that denies without saying for how long, not at all', packet([], { code: 3 }), 0],
    ['that it failed, not at all', packet([], { code: 2 }), 0],
  ])('%s', (_title, bytes, ttl) => {
    expect(read(bytes)?.ttl).toBe(ttl);
  });

  test.each([
    ['to another question', packet([an(1)], { name: 'example.org' })],
    ['with another id', packet([an(1)], { id: 10 })],
    ['that is a question', questionPacket('example.com')],
    ['that ends too soon', packet([an(1)]).subarray(0, 40)],
    ['of a few bytes', Uint8Array.of(0, 9, 0x81)],
  ])('is none: one %s', (_title, bytes) => {
    expect(read(bytes)).toBeUndefined();
  });

  test('reaches the client with its own id and letters, older by the time it was kept', () => {
    const { id, questions, answers } = decode(Buffer.from(bytesForClient(read(packet([an(1, 60), an(2, 5)]))!, request, { ageSeconds: 10, limit: 512 })));
    expect({ id, name: questions![0]!.name, ttls: answers!.map((answer) => (answer as { ttl?: number }).ttl) }).toEqual({ id: 4711, name: 'Example.com', ttls: [50, 0] });
  });

  test('is cut to whole records where it is too large', () => {
    const reply = read(packet(Array.from({ length: 30 }, (_, row) => an(row)), { authorities: [soa] }))!;
    const bytes = Buffer.from(bytesForClient(reply, request, { ageSeconds: 0, limit: 512 }));
    const { flag_tc: isCut, answers, authorities } = decode(bytes);
    expect({ isCut, answers: answers!.length, authorities }).toEqual({ isCut: true, answers: Math.floor((512 - 29) / 27), authorities: [] });
  });

  test('of any bytes at all is read or not, and never too large for the client', () => {
    const valid = packet([an(1), an(2), an(3)], { authorities: [soa] });
    const damaged = fc.array(fc.tuple(fc.integer({ min: 4, max: valid.length - 1 }), fc.nat(255)), { maxLength: 6 }).map((changes) => changes.reduce((bytes, [at, byte]) => ((bytes[at] = byte), bytes), Buffer.from(valid)));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), fc.integer({ min: 40, max: 200 }), (bytes, limit) => {
        const reply = read(bytes);
        if (reply !== undefined) expect(bytesForClient(reply, request, { ageSeconds: 1, limit }).length).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what is remembered', () => {
  const reply = (ttl: number): UpstreamReply => read(packet([an(1, ttl)]))!;

  test('is good until its time is over, or the longest that anything is believed', () => {
    const cache = new ReplyCache({ entries: 10, seconds: 30 });
    cache.put('short', reply(10), 1_000);
    cache.put('long', reply(600), 1_000);
    cache.put('never', reply(0), 1_000);
    expect(cache.get('short', 10_500)?.ageSeconds).toBe(9);
    expect(cache.get('short', 11_000)).toBeUndefined();
    expect(cache.get('long', 30_999)).toBeDefined();
    expect(cache.get('long', 31_000)).toBeUndefined();
    expect(cache.get('never', 1_000)).toBeUndefined();
  });

  test('is no more than there is room for: what nobody asked for goes first', () => {
    const cache = new ReplyCache({ entries: 2, seconds: 30 });
    cache.put('a', reply(10), 0);
    cache.put('b', reply(10), 0);
    cache.get('a', 1);
    cache.put('c', reply(10), 2);
    expect(['a', 'b', 'c'].filter((key) => cache.get(key, 3) !== undefined)).toEqual(['a', 'c']);
  });

  test('is old when the clock was set back', () => {
    const cache = new ReplyCache({ entries: 2, seconds: 30 });
    cache.put('a', reply(10), 5_000);
    expect(cache.get('a', 4_000)).toBeUndefined();
  });
});
