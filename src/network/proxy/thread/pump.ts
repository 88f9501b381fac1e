// One direction of a connection: what one socket reads, the other writes, without a stream's chunks in between.
//
// A read lands in a buffer that is used again for the next one: the kernel takes most writes whole, at once. When it does
// not, reading rests until it has: nothing piles up here for a peer that does not read.
//
//   landing  the shared buffer; its bytes are copied, for others read into it while a write is under way
//   large    a borrowed one, for a stream that fills the landing buffer; given back when a read leaves room in it
import type { OnReadOpts, Socket } from 'node:net';
import type { BufferPool } from './buffer-pool.ts';

export class Pump {
  readonly #pool: BufferPool;
  #from: Socket | undefined;
  #to: Socket | undefined;
  #next: Buffer;
  #large: Buffer | undefined;
  /** Writes from the large buffer that are not through. */
  #largeWrites = 0;
  #resting = false;

  constructor(pool: BufferPool) {
    this.#pool = pool;
    this.#next = pool.landing;
  }

  /** For the socket that is read. */
  get onread(): OnReadOpts {
    return { buffer: () => this.#next, callback: (bytes, buffer) => this.#read(buffer as Buffer, bytes) };
  }

  join(from: Socket, to: Socket): void {
    this.#from = from;
    this.#to = to;
    to.on('drain', () => this.#goOn());
  }

  /** Once both sockets are closed: nobody writes from the buffer any more. */
  close(): void {
    this.#from = undefined;
    this.#to = undefined;
    this.#return();
  }

  /** False stops reading. */
  #read(buffer: Buffer, bytes: number): boolean {
    const to = this.#to;
    if (to === undefined) return false;
    const goesOn = buffer === this.#large ? this.#passLarge(to, buffer, bytes) : this.#passLanded(to, buffer, bytes);
    this.#resting = !goesOn;
    return goesOn;
  }

  #passLanded(to: Socket, buffer: Buffer, bytes: number): boolean {
    if (bytes === buffer.length) {
      this.#large ??= this.#pool.borrow();
      this.#next = this.#large ?? this.#pool.landing;
    }
    to.write(Buffer.from(buffer.subarray(0, bytes)));
    return to.writableLength < to.writableHighWaterMark;
  }

  #passLarge(to: Socket, buffer: Buffer, bytes: number): boolean {
    if (bytes < this.#pool.landing.length) this.#next = this.#pool.landing;
    this.#largeWrites += 1;
    to.write(buffer.subarray(0, bytes), this.#written);
    return to.writableLength === 0;
  }

  readonly #written = (): void => {
    this.#largeWrites -= 1;
    if (this.#largeWrites === 0 && this.#next === this.#pool.landing) this.#return();
    if (this.#to?.writableLength === 0) this.#goOn();
  };

  #goOn(): void {
    if (!this.#resting) return;
    this.#resting = false;
    this.#from?.resume();
  }

  #return(): void {
    if (this.#large !== undefined) this.#pool.giveBack(this.#large);
    this.#large = undefined;
    this.#next = this.#pool.landing;
  }
}
