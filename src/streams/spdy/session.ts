// A SPDY/3.1 connection: many streams over one transport, for either end. The transport's own back-pressure is the only one,
// as with the Go library at the other end: a stream that nobody reads holds up the rest once much of it has come.
import type { Duplex } from 'node:stream';
import type { Clock } from '../../base/clock.ts';
import { writeBytes } from '../../base/write-bytes.ts';
import { createByteQueue, type ByteQueue } from '../byte-queue.ts';
import { KEEP_ALIVE_MS } from '../keep-alive.ts';
import { createBlockReader } from './block-reader.ts';
import { createSpdySplitter, encodeFrame, type SpdyFrame } from './frames.ts';
import { createBlockStore, decodeHeaders, encodeHeaders, type SpdyHeaders } from './header-block.ts';

export interface SpdyStream {
  readonly id: number;
  /** Of the end that opened it. */
  readonly headers: SpdyHeaders;
  /** For one reader: ends when the other end closes its half or resets the stream. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** True once the other end, or this one, has broken the stream off. */
  readonly isReset: boolean;
  write(bytes: Uint8Array): Promise<void>;
  /** Closes this end's half. */
  end(): void;
  /** Breaks it off, both ways. */
  reset(): void;
}

export interface SpdySession {
  open(headers: SpdyHeaders): SpdyStream;
  /** Resolves when the transport has ended, however. */
  readonly closed: Promise<void>;
  /** Sends what is written, says goodbye, and ends. */
  close(): void;
}

export interface SpdyOptions {
  readonly role: 'client' | 'server';
  /** Called for each stream that the other end opens; an error thrown resets it. */
  readonly onStream?: (stream: SpdyStream) => void;
  /** Given, the other end is asked now and then whether it is there: while nobody reads, nothing else would tell. */
  readonly keepAlive?: Clock;
}

/** Bytes that may wait for their readers before the transport is read no further. */
const MOST_UNREAD_BYTES = 4 << 20;
const CHUNK_BYTES = 1 << 16;
const PROTOCOL_ERROR = 1;
const CANCEL = 5;

export function createSpdySession(transport: Duplex, options: SpdyOptions): SpdySession {
  return new Session(transport, options);
}

interface OwnStream extends SpdyStream {
  readonly queue: ByteQueue;
  isReset: boolean;
  localEnded: boolean;
  remoteEnded: boolean;
}

class Session implements SpdySession {
  readonly #transport: Duplex;
  readonly #options: SpdyOptions;
  readonly #streams = new Map<number, OwnStream>();
  readonly #store = createBlockStore();
  #nextId: number;
  #nextPing: number;
  #lastPeerId = 0;
  #unread = 0;
  #roomAgain = (): void => {};
  readonly closed: Promise<void>;

  constructor(transport: Duplex, options: SpdyOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#nextId = options.role === 'client' ? 1 : 2;
    this.#nextPing = this.#nextId;
    transport.on('error', () => {}); // The reader below sees it.
    transport.once('close', () => this.#roomAgain());
    this.closed = this.#read();
    if (options.keepAlive !== undefined) this.#askAgain(options.keepAlive);
  }

  #askAgain(clock: Clock): void {
    const timer = clock.setTimer(KEEP_ALIVE_MS, () => {
      this.#send({ type: 'ping', id: (this.#nextPing += 2) });
      this.#askAgain(clock);
    });
    this.#transport.once('close', () => timer.cancel());
  }

  open(headers: SpdyHeaders): SpdyStream {
    const id = this.#nextId;
    this.#nextId += 2;
    const stream = this.#add(id, headers);
    this.#send({ type: 'syn-stream', streamId: id, isLast: false, block: this.#store(encodeHeaders(headers)) });
    return stream;
  }

  close(): void {
    this.#send({ type: 'goaway', lastStreamId: this.#lastPeerId, code: 0 });
    this.#transport.end();
    for (const stream of this.#streams.values()) stream.queue.discard();
    // What still comes is not waited for.
    this.#transport.once('finish', () => this.#transport.destroy());
  }

  async #read(): Promise<void> {
    const split = createSpdySplitter();
    const blocks = createBlockReader();
    try {
      for await (const chunk of this.#transport as AsyncIterable<Uint8Array>) {
        for (const frame of split(chunk)) await this.#handle(frame, blocks.read);
        while (this.#unread > MOST_UNREAD_BYTES && !this.#transport.destroyed) await new Promise<void>((resolve) => (this.#roomAgain = resolve));
      }
    } catch {
      // Broken off, or not SPDY: over either way.
    } finally {
      blocks.close();
      this.#transport.destroy();
      for (const stream of this.#streams.values()) {
        stream.isReset ||= !stream.remoteEnded;
        stream.queue.end();
      }
      this.#streams.clear();
    }
  }

  async #handle(frame: SpdyFrame, inflate: (block: Uint8Array) => Promise<Uint8Array>): Promise<void> {
    switch (frame.type) {
      case 'syn-stream':
        return this.#opened(frame.streamId, decodeHeaders(await inflate(frame.block)), frame.isLast);
      case 'syn-reply':
      case 'headers':
        // Read for the sake of the blocks after it.
        await inflate(frame.block);
        return frame.isLast ? this.#remoteEnded(frame.streamId) : undefined;
      case 'data':
        return this.#received(frame);
      case 'rst-stream':
        return this.#dropped(frame.streamId);
      case 'ping':
        // Each end numbers its own pings, odd or even: the others are to be sent back.
        if (frame.id % 2 === (this.#options.role === 'client' ? 0 : 1)) this.#send(frame);
        return;
      case 'goaway':
      case 'ignored':
        return;
    }
  }

  #opened(id: number, headers: SpdyHeaders, isLast: boolean): void {
    this.#lastPeerId = id;
    const stream = this.#add(id, headers);
    if (isLast) this.#remoteEnded(id);
    try {
      if (this.#options.onStream === undefined) throw new Error('this end takes no streams');
      this.#options.onStream(stream);
    } catch {
      this.#send({ type: 'rst-stream', streamId: id, code: PROTOCOL_ERROR });
      return this.#dropped(id);
    }
    this.#send({ type: 'syn-reply', streamId: id, isLast: false, block: this.#store(encodeHeaders({})) });
  }

  #received({ streamId, bytes, isLast }: Extract<SpdyFrame, { type: 'data' }>): void {
    const stream = this.#streams.get(streamId);
    if (stream !== undefined && bytes.length > 0) {
      this.#unread += bytes.length;
      // The chunk that it is part of lives on with it.
      stream.queue.put(bytes);
    }
    if (isLast) this.#remoteEnded(streamId);
  }

  #remoteEnded(id: number): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    stream.remoteEnded = true;
    stream.queue.end();
    if (stream.localEnded) this.#streams.delete(id);
  }

  #dropped(id: number): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    stream.isReset = true;
    stream.localEnded = true;
    stream.queue.discard();
    this.#streams.delete(id);
  }

  #add(id: number, headers: SpdyHeaders): OwnStream {
    const queue = createByteQueue((count) => {
      this.#unread -= count;
      if (this.#unread <= MOST_UNREAD_BYTES) this.#roomAgain();
    });
    const stream: OwnStream = {
      id,
      headers,
      queue,
      bytes: queue,
      isReset: false,
      localEnded: false,
      remoteEnded: false,
      write: (bytes) => this.#write(stream, bytes),
      end: () => {
        if (stream.localEnded) return;
        stream.localEnded = true;
        this.#send({ type: 'data', streamId: id, bytes: new Uint8Array(), isLast: true });
        if (stream.remoteEnded) this.#streams.delete(id);
      },
      reset: () => {
        if (!this.#streams.has(id)) return;
        this.#send({ type: 'rst-stream', streamId: id, code: CANCEL });
        this.#dropped(id);
      },
    };
    this.#streams.set(id, stream);
    return stream;
  }

  async #write(stream: OwnStream, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !stream.localEnded; at += CHUNK_BYTES) {
      await writeBytes(this.#transport, encodeFrame({ type: 'data', streamId: stream.id, bytes: bytes.subarray(at, at + CHUNK_BYTES), isLast: false }));
    }
  }

  #send(frame: Exclude<SpdyFrame, { type: 'ignored' }>): void {
    if (this.#transport.writable) this.#transport.write(encodeFrame(frame));
  }
}
