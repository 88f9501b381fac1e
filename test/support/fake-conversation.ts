// A conversation with a process of the fake runtime: what it writes is queued, what is written to it is fed.
import type { OutputChunk, ProcessStreams } from '../../src/kubelet/runtime/container-runtime.ts';

export class FakeConversation implements ProcessStreams {
  readonly output: AsyncIterable<OutputChunk>;
  readonly #queue: OutputChunk[] = [];
  readonly #feed: { readonly push: (text: string) => void; readonly end: () => void };
  readonly sizes: { readonly columns: number; readonly rows: number }[] = [];
  #wake = (): void => {};
  #isOver = false;

  /** `onRead` is called when the output has been read to its end, or is given up. */
  constructor(feed: { readonly push: (text: string) => void; readonly end: () => void }, onRead: (wasWhole: boolean) => void = () => {}) {
    this.#feed = feed;
    this.output = this.#read(onRead);
  }

  put(stream: OutputChunk['stream'], text: string): void {
    if (!this.#isOver) this.#queue.push({ stream, bytes: new TextEncoder().encode(text) });
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOver) this.#feed.push(new TextDecoder().decode(bytes));
  }

  endInput(): void {
    this.#feed.end();
  }

  async resize(size: { readonly columns: number; readonly rows: number }): Promise<void> {
    this.sizes.push(size);
  }

  close(): void {
    this.#queue.length = 0;
    this.end();
  }

  async *#read(onRead: (wasWhole: boolean) => void): AsyncGenerator<OutputChunk> {
    let wasWhole = false;
    try {
      for (;;) {
        const chunk = this.#queue.shift();
        if (chunk !== undefined) yield chunk;
        else if (this.#isOver) break;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      wasWhole = true;
    } finally {
      onRead(wasWhole);
    }
  }
}
