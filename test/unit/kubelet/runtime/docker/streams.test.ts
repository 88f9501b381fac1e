// Streams of the engine, cut at any byte: log frames, lines, the account of a pull, archives.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLineReader } from '../../../../../src/kubelet/runtime/docker/line-reader.ts';
import { createFrameReader } from '../../../../../src/kubelet/runtime/docker/log-frames.ts';
import { createPullReader, isUnreachable } from '../../../../../src/kubelet/runtime/docker/pull-progress.ts';
import { concatBytes, readFirstEntry, writeTar } from '../../../../../src/kubelet/runtime/docker/tar.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (parts: readonly Uint8Array[]): string => new TextDecoder().decode(concatBytes(parts));

function frame(stream: 1 | 2, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(8);
  header[0] = stream;
  new DataView(header.buffer).setUint32(4, payload.length);
  return concatBytes([header, payload]);
}

/** The same bytes in pieces of the given sizes, over and over. */
function cut(whole: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < whole.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(whole.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const frames = fc.array(fc.tuple(fc.constantFrom<1 | 2>(1, 2), fc.uint8Array({ maxLength: 40 })));
const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 });

describe('log frames', () => {
  test.each<['stdout' | 'stderr' | undefined]>([[undefined], ['stdout'], ['stderr']])('payloads of %s come out whole, wherever the stream is cut', (wanted) => {
    fc.assert(
      fc.property(frames, sizes, (all, pieces) => {
        const reader = createFrameReader({ wanted });
        const seen = cut(concatBytes(all.map(([stream, payload]) => frame(stream, payload))), pieces).flatMap((piece) => reader.push(piece));
        const kept = all.filter(([stream]) => wanted === undefined || wanted === (stream === 2 ? 'stderr' : 'stdout'));
        expect(concatBytes(seen)).toEqual(concatBytes(kept.map(([, payload]) => payload)));
      }),
    );
  });
});

describe('log frames with times', () => {
  const time = '2026-01-01T00:00:00.000000000Z ';
  const out = (payload: string): Uint8Array => frame(1, bytes(time + payload));
  const err = (payload: string): Uint8Array => frame(2, bytes(time + payload));

  test.each([
    { what: 'whole lines', sent: [out('a\n'), err('b\n')], seen: `${time}a\n${time}b\n` },
    { what: 'a line in three parts', sent: [out('aa'), out('bb'), out('c\n'), out('d\n')], seen: `${time}aabbc\n${time}d\n` },
    { what: 'parts of two streams', sent: [out('aa'), err('x\n'), out('b\n')], seen: `${time}aa${time}x\nb\n` },
    { what: 'an end without a newline', sent: [out('a\n'), out('b')], seen: `${time}a\n${time}b` },
  ])('have one time a line: $what', ({ sent, seen }) => {
    for (let size = 1; size < 60; size += 1) {
      const reader = createFrameReader({ timestamps: true });
      expect(text(cut(concatBytes(sent), [size]).flatMap((piece) => reader.push(piece)))).toBe(seen);
    }
  });
});

describe('lines', () => {
  test('are the same wherever the stream is cut, also inside a character', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-zäö€]{1,8}$/)), sizes, (lines, pieces) => {
        const reader = createLineReader();
        const seen = cut(bytes(lines.join('\r\n')), pieces).flatMap((piece) => reader.push(piece));
        expect([...seen, ...reader.rest()].map((line) => line.trim())).toEqual(lines);
      }),
    );
  });
});

describe('the account of a pull', () => {
  const failureOf = (...lines: readonly string[]): string | undefined => {
    const reader = createPullReader();
    for (const piece of cut(bytes(lines.join('\r\n')), [7])) reader.push(piece);
    return reader.failure();
  };

  test('is a success without an error in it', () => {
    expect(failureOf('{"status":"Pulling from library/busybox","id":"1"}', '{"status":"Status: Image is up to date"}')).toBeUndefined();
  });

  test('gives the words of the registry', () => {
    expect(failureOf('{"status":"x"}', '{"errorDetail":{"message":"manifest unknown"},"error":"manifest unknown"}')).toBe('manifest unknown');
    expect(failureOf('{"error":"plain"}')).toBe('plain');
  });

  test.each([
    'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host',
    'Get "http://localhost:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    'Get "https://x/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    'Get "https://x/v2/": net/http: TLS handshake timeout',
    'Get "https://x/v2/": context deadline exceeded',
  ])('nobody answered: %s', (message) => expect(isUnreachable(message)).toBe(true));

  test.each([
    'manifest for nginx:nope not found: manifest unknown: manifest unknown',
    'pull access denied for x, repository does not exist or may require \'docker login\': denied: requested access to the resource is denied',
    'unauthorized: authentication required',
    'toomanyrequests: You have reached your pull rate limit',
    'no matching manifest for linux/amd64 in the manifest list entries',
  ])('somebody refused: %s', (message) => expect(isUnreachable(message)).toBe(false));
});

describe('archives', () => {
  test('a written file is read back, up to the limit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), fc.nat({ max: 1500 }), (data, limit) => {
        const archive = writeTar([{ type: 'file', name: 'f', mode: 0o644, data }]);
        expect(readFirstEntry(archive, limit)).toEqual({ type: 'file', data: data.slice(0, limit), size: data.length });
      }),
    );
  });

  test('half of a file asks for more', () => {
    const archive = writeTar([{ type: 'file', name: 'f', mode: 0o644, data: bytes('hello') }]);
    expect(readFirstEntry(archive.subarray(0, 514), 100)).toEqual({ type: 'incomplete' });
    expect(readFirstEntry(new Uint8Array(), 100)).toEqual({ type: 'incomplete' });
  });

  test('extended attributes before the file are skipped', () => {
    const attributes = writeTar([{ type: 'file', name: 'PaxHeaders', mode: 0o644, data: bytes('30 mtime=1.5\n') }]).slice(0, 1024);
    attributes[156] = 'x'.charCodeAt(0);
    const file = writeTar([{ type: 'file', name: 'f', mode: 0o644, data: bytes('hi') }]);
    const entry = readFirstEntry(concatBytes([attributes, file]), 100);
    expect(entry.type === 'file' && text([entry.data])).toBe('hi');
  });

  test('a folder is not a file', () => {
    expect(readFirstEntry(writeTar([{ type: 'folder', name: 'd', mode: 0o755 }]), 100)).toEqual({ type: 'other' });
  });
});
