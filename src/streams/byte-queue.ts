// pure: bytes that have come and are not read yet, for one reader.

export interface ByteQueue extends AsyncIterable<Uint8Array> {
  put(bytes: Uint8Array): void;
  /** No more will come: what is queued is still read. */
  end(): void;
  /** What is queued is dropped and no more is taken; the reader sees the end. */
  discard(): void;
}

/** `onTaken` hears how many bytes have left the queue, read or dropped. */
export function createByteQueue(onTaken: (count: number) => void = () => {}): ByteQueue {
  const chunks: Uint8Array[] = [];
  let isEnded = false;
  let isDiscarding = false;
  let wake = (): void => {};
  const discard = (): void => {
    isDiscarding = true;
    onTaken(chunks.splice(0).reduce((sum, { length }) => sum + length, 0));
    wake();
  };
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          try {
            yield chunk;
          } finally {
            // Only now is the reader done with it.
            onTaken(chunk.length);
          }
        } else if (isEnded || isDiscarding) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      discard();
    }
  }
  return {
    put(bytes) {
      if (isDiscarding) return onTaken(bytes.length);
      chunks.push(bytes);
      wake();
    },
    end() {
      isEnded = true;
      wake();
    },
    discard,
    [Symbol.asyncIterator]: read,
  };
}
