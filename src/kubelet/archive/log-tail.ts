// The last bytes of a stream, whole lines only, in memory that does not grow with the stream.

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 10;

export class LogTail {
  readonly #limit: number;
  #blocks: Uint8Array[] = [];
  /** How much of the last block is filled. */
  #fill = BLOCK_BYTES;
  #dropped = false;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#fill === BLOCK_BYTES) this.#addBlock();
      // Copied: a view would hold the whole chunk that the engine sent.
      const piece = bytes.subarray(at, at + BLOCK_BYTES - this.#fill);
      this.#blocks.at(-1)!.set(piece, this.#fill);
      this.#fill += piece.length;
      at += piece.length;
    }
  }

  /** A line whose beginning was dropped is dropped whole. */
  end(): { readonly bytes: Uint8Array; readonly isTruncated: boolean } {
    const last = this.#blocks.at(-1)?.subarray(0, this.#fill);
    const all = Buffer.concat(last === undefined ? [] : [...this.#blocks.slice(0, -1), last]);
    if (!this.#dropped && all.length <= this.#limit) return { bytes: all, isTruncated: false };
    const from = Math.max(0, all.length - this.#limit);
    // From the byte before: the cut may fall between two lines.
    const newline = from === 0 ? all.indexOf(NEWLINE) : all.indexOf(NEWLINE, from - 1);
    return { bytes: newline < 0 ? all.subarray(all.length) : all.subarray(newline + 1), isTruncated: true };
  }

  #addBlock(): void {
    // One block more than the limit: the cut is made at the end, to the byte.
    if ((this.#blocks.length - 1) * BLOCK_BYTES >= this.#limit) {
      this.#blocks.shift();
      this.#dropped = true;
    }
    this.#blocks.push(new Uint8Array(BLOCK_BYTES));
    this.#fill = 0;
  }
}
