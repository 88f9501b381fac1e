// Channels over WebSocket as bytes and as text.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createByteQueue } from '../../../src/streams/byte-queue.ts';
import { CHANNEL_PROTOCOLS, decodeChannel, encodeChannel, UNNAMED_PROTOCOL } from '../../../src/streams/channels.ts';

describe.each([...CHANNEL_PROTOCOLS, UNNAMED_PROTOCOL])('channels of "$name"', (protocol) => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.uint8Array(), (channel, bytes) => {
        const decoded = decodeChannel(protocol, encodeChannel(protocol, { channel, bytes }));
        expect({ channel: decoded?.channel, bytes: [...decoded!.bytes] }).toEqual({ channel, bytes: [...bytes] });
      }),
    );
  });

  test('an empty message names none', () => {
    expect(decodeChannel(protocol, '')).toBeUndefined();
    expect(decodeChannel(protocol, new Uint8Array())).toBeUndefined();
  });
});

test('base64 begins with the digit of the channel', () => {
  const protocol = CHANNEL_PROTOCOLS.find(({ isBase64 }) => isBase64)!;
  expect(encodeChannel(protocol, { channel: 1, bytes: Buffer.from('hello') })).toBe('1aGVsbG8=');
  expect(decodeChannel(protocol, 'aGVsbG8=')).toBeUndefined();
});

describe('a queue of bytes', () => {
  const bytes = (length: number): Uint8Array => new Uint8Array(length);

  test('gives what was put, then the end, and counts what is taken', async () => {
    const taken: number[] = [];
    const queue = createByteQueue((count) => taken.push(count));
    queue.put(bytes(3));
    queue.put(bytes(2));
    queue.end();
    const read: number[] = [];
    for await (const chunk of queue) read.push(chunk.length);
    expect(read).toEqual([3, 2]);
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(5);
  });

  test('drops what nobody will read, and counts that too', async () => {
    let taken = 0;
    const queue = createByteQueue((count) => (taken += count));
    queue.put(bytes(3));
    for await (const _chunk of queue) break;
    queue.put(bytes(4));
    expect(taken).toBe(7);
    queue.discard();
    expect(await Array.fromAsync(queue)).toEqual([]);
  });
});
