// Memory for what is on its way. Every connection of the thread reads into one landing buffer; one that has more to read
// than fits there borrows a large buffer, as long as there are any: so much is all that any number of connections costs.

const LANDING_BYTES = 64 * 1024;
/** Measured: from 512 KiB on a stream costs a third of the time that it costs at 64 KiB. */
const LARGE_BYTES = 1024 * 1024;
const MOST_LARGE = 32;
/** Kept for the next stream; the rest is given back. */
const KEPT = 4;

export class BufferPool {
  /** For reads whose bytes are copied or written before the next read. */
  readonly landing: Buffer = Buffer.allocUnsafeSlow(LANDING_BYTES);
  readonly #free: Buffer[] = [];
  #lent = 0;

  /** Undefined when all are lent out. */
  borrow(): Buffer | undefined {
    if (this.#lent >= MOST_LARGE) return undefined;
    this.#lent += 1;
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(LARGE_BYTES);
  }

  giveBack(buffer: Buffer): void {
    this.#lent -= 1;
    if (this.#free.length < KEPT) this.#free.push(buffer);
  }
}
