// SPDY/3.1 as bytes, and as a session between two ends that share a pipe.
import { Duplex, duplexPair } from 'node:stream';
import { constants, createDeflate } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBlockReader } from '../../../src/streams/spdy/block-reader.ts';
import { spdyDictionary } from '../../../src/streams/spdy/dictionary.ts';
import { createSpdySplitter, encodeFrame, type SpdyFrame } from '../../../src/streams/spdy/frames.ts';
import { createBlockStore, decodeHeaders, encodeHeaders } from '../../../src/streams/spdy/header-block.ts';
import { createSpdySession, type SpdySession, type SpdyStream } from '../../../src/streams/spdy/session.ts';
import { soon } from '../../support/virtual-clock.ts';

type Sent = Exclude<SpdyFrame, { type: 'ignored' }>;

const streamId = fc.integer({ min: 1, max: 0x7fffffff });
const block = fc.uint8Array({ maxLength: 60 });
const isLast = fc.boolean();
const word = fc.integer({ min: 0, max: 0xffffffff });
const frame: fc.Arbitrary<Sent> = fc.oneof(
  fc.record({ type: fc.constant('data' as const), streamId, bytes: fc.uint8Array({ minLength: 1, maxLength: 80 }), isLast }),
  fc.record({ type: fc.constantFrom('syn-stream' as const, 'syn-reply' as const, 'headers' as const), streamId, block, isLast }),
  fc.record({ type: fc.constant('rst-stream' as const), streamId, code: word }),
  fc.record({ type: fc.constant('ping' as const), id: word }),
  fc.record({ type: fc.constant('goaway' as const), lastStreamId: streamId, code: word }),
);

function cut(whole: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < whole.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    pieces.push(whole.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** Pieces of one data frame as the frame that they were. */
function joined(frames: readonly SpdyFrame[]): readonly unknown[] {
  const whole: unknown[] = [];
  let open: { type: 'data'; streamId: number; bytes: Uint8Array; isLast: boolean } | undefined;
  for (const one of frames) {
    if (one.type !== 'data') whole.push(one);
    else if (open?.streamId === one.streamId && whole.at(-1) === open) Object.assign(open, { bytes: Buffer.concat([open.bytes, one.bytes]), isLast: one.isLast });
    else whole.push((open = { ...one, bytes: Buffer.from(one.bytes) }));
  }
  return whole.map((one) => ({ ...(one as object), ...('block' in (one as object) ? { block: [...(one as { block: Uint8Array }).block] } : {}), ...('bytes' in (one as object) ? { bytes: [...(one as { bytes: Uint8Array }).bytes] } : {}) }));
}

describe('frames', () => {
  test('come out as they were put in, wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }), (sent, sizes) => {
        // Two data frames of one stream in a row are one to whoever reads the stream.
        const apart = sent.filter((one, index) => !(one.type === 'data' && sent[index - 1]?.type === 'data'));
        const split = createSpdySplitter();
        const bytes = Buffer.concat(apart.map(encodeFrame));
        expect(joined(cut(bytes, sizes).flatMap((piece) => split(piece)))).toEqual(joined(apart));
      }),
    );
  });

  test('of other versions, and control frames beyond all bounds, are refused', () => {
    expect(() => createSpdySplitter()(Uint8Array.of(0x80, 2, 0, 1, 0, 0, 0, 0))).toThrow('expected SPDY version 3, got 2');
    expect(() => createSpdySplitter()(Uint8Array.of(0x80, 3, 0, 1, 0, 0xff, 0, 0))).toThrow('1048576 at most');
    expect(() => createSpdySplitter()(Uint8Array.of(0x80, 3, 0, 3, 0, 0, 0, 4, 0, 0, 0, 1))).toThrow('too short: 4 bytes');
  });

  test('of kinds that are not needed are passed over', () => {
    const split = createSpdySplitter();
    expect(split(Uint8Array.of(0x80, 3, 0, 9, 0, 0, 0, 8, 0, 0, 0, 1, 0, 1, 0, 0))).toEqual([{ type: 'ignored', code: 9 }]);
  });
});

const headers = fc.dictionary(fc.stringMatching(/^[a-z-]{1,12}$/), fc.string({ maxLength: 30 }));

describe('header blocks', () => {
  test('are read as they were written, one after another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(headers, { minLength: 1, maxLength: 4 }), async (all) => {
        const store = createBlockStore();
        const reader = createBlockReader();
        for (const one of all) expect(decodeHeaders(await reader.read(store(encodeHeaders(one))))).toEqual({ ...one });
        reader.close();
      }),
      { numRuns: 40 },
    );
  });

  test('of a compressor with the dictionary are read', async () => {
    const deflate = createDeflate({ dictionary: spdyDictionary() });
    let chunks: Buffer[] = [];
    deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
    const reader = createBlockReader();
    for (const port of ['80', '8080', '80']) {
      chunks = [];
      deflate.write(encodeHeaders({ streamtype: 'error', port }));
      await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
      expect(decodeHeaders(await reader.read(Buffer.concat(chunks)))).toEqual({ streamtype: 'error', port });
    }
    reader.close();
  });

  test('that are no blocks are refused', async () => {
    const reader = createBlockReader();
    await expect(reader.read(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).rejects.toThrow();
    reader.close();
    expect(() => decodeHeaders(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 9, 65))).toThrow('cut short');
  });

  test('begin with the dictionary of the protocol', () => {
    const text = Buffer.from(spdyDictionary()).toString('latin1');
    expect(text).toHaveLength(1423);
    expect(text.startsWith('\0\0\0\x07options\0\0\0\x04head')).toBe(true);
    expect(text.endsWith('.1,utf-,*,enq=0.') || text.endsWith('utf-,*,enq=0.')).toBe(true);
  });
});

describe('a session', () => {
  const sessions: SpdySession[] = [];

  afterEach(async () => {
    for (const session of sessions) session.close();
    await Promise.all(sessions.splice(0).map(({ closed }) => closed));
  });

  const pair = (onStream?: (stream: SpdyStream) => void): { client: SpdySession; server: SpdySession; ends: readonly [Duplex, Duplex] } => {
    const ends = duplexPair() as [Duplex, Duplex];
    const client = createSpdySession(ends[0], { role: 'client' });
    const server = createSpdySession(ends[1], { role: 'server', onStream });
    sessions.push(client, server);
    return { client, server, ends };
  };
  const textOf = async (stream: SpdyStream): Promise<string> => Buffer.concat(await Array.fromAsync(stream.bytes)).toString();
  const echo = async (stream: SpdyStream): Promise<void> => {
    for await (const bytes of stream.bytes) await stream.write(bytes);
    stream.end();
  };

  test('carries many streams at once, each to its own end', async () => {
    const seen: unknown[] = [];
    const { client } = pair((stream) => {
      seen.push(stream.headers);
      void echo(stream);
    });
    const streams = Array.from({ length: 20 }, (_, index) => client.open({ streamtype: 'data', port: String(index) }));
    await Promise.all(streams.map((stream, index) => stream.write(Buffer.from(`${index}`.repeat(100_000)))));
    for (const stream of streams) stream.end();
    const texts = await Promise.all(streams.map(textOf));
    expect(texts.map((text, index) => text === `${index}`.repeat(100_000))).toEqual(streams.map(() => true));
    expect(seen).toEqual(streams.map((_, index) => ({ streamtype: 'data', port: String(index) })));
  });

  test('keeps one half of a stream open when the other is closed', async () => {
    const { client } = pair((stream) => {
      void (async () => {
        const asked = await textOf(stream);
        await stream.write(Buffer.from(`you said ${asked}`));
        stream.end();
      })();
    });
    const stream = client.open({});
    await stream.write(Buffer.from('hello'));
    stream.end();
    expect(await textOf(stream)).toBe('you said hello');
    expect(stream.isReset).toBe(false);
  });

  test('lets either end break a stream off, and no other suffers', async () => {
    const opened: SpdyStream[] = [];
    const { client } = pair((stream) => opened.push(stream) && void echo(stream));
    const [first, second] = [client.open({}), client.open({})];
    first.reset();
    expect(await textOf(first)).toBe('');
    await second.write(Buffer.from('still here'));
    second.end();
    expect(await textOf(second)).toBe('still here');
    expect(opened.map(({ isReset }) => isReset)).toEqual([true, false]);
    await first.write(Buffer.from('to nobody'));
  });

  test('breaks off a stream that the other end will not have', async () => {
    const { client } = pair(() => {
      throw new Error('unexpected stream type');
    });
    const stream = client.open({ streamtype: 'odd' });
    expect(await textOf(stream)).toBe('');
    expect(stream.isReset).toBe(true);
  });

  test('is over for both when one closes it: streams end, nothing hangs', async () => {
    const opened: SpdyStream[] = [];
    const { client, server } = pair((stream) => opened.push(stream));
    const stream = client.open({});
    await soon('it is opened', () => opened.length === 1);
    const reading = textOf(opened[0]!);
    client.close();
    await Promise.all([client.closed, server.closed]);
    expect(await reading).toBe('');
    expect(opened[0]!.isReset).toBe(true);
    await stream.write(Buffer.from('too late'));
    expect(await textOf(stream)).toBe('');
  });

  test('waits for a reader, but not for ever more bytes', async () => {
    const opened: SpdyStream[] = [];
    const { client } = pair((stream) => opened.push(stream));
    const stream = client.open({});
    const chunk = Buffer.alloc(1 << 16);
    let written = 0;
    const writing = (async () => {
      for (; written < 400; written += 1) await stream.write(chunk);
      stream.end();
    })();
    let before = -1;
    await soon('the writer waits', async () => {
      const isStuck = written === before;
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return isStuck && written > 0;
    });
    expect(written).toBeLessThan(200);
    let size = 0;
    for await (const bytes of opened[0]!.bytes) size += bytes.length;
    await writing;
    expect(size).toBe(400 << 16);
  });

  test('answers a ping of the other end, not an answer to its own', async () => {
    const [far, near] = duplexPair() as [Duplex, Duplex];
    const server = createSpdySession(near, { role: 'server' });
    sessions.push(server);
    const split = createSpdySplitter();
    const answers: SpdyFrame[] = [];
    far.on('data', (chunk: Buffer) => answers.push(...split(chunk)));
    far.write(encodeFrame({ type: 'ping', id: 2 }));
    far.write(encodeFrame({ type: 'ping', id: 7 }));
    await soon('the answer', () => answers.length > 0);
    expect(answers).toEqual([{ type: 'ping', id: 7 }]);
  });

  test('ends when the other end speaks something else', async () => {
    const [far, near] = duplexPair() as [Duplex, Duplex];
    const server = createSpdySession(near, { role: 'server' });
    far.on('error', () => {}).resume();
    far.write('\x80HTTP/1.1 400 Bad Request\r\n\r\n'.replace('\x80H', '\xffH'), 'latin1');
    await server.closed;
    far.destroy();
  });
});
