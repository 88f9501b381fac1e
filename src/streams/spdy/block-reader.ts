// The compressed header blocks of a connection, read in the order in which they come.
import { constants, createInflate } from 'node:zlib';
import { spdyDictionary } from './dictionary.ts';

export interface BlockReader {
  /** One call at a time. Rejects when the blocks are not what a compressor makes. */
  read(block: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

export function createBlockReader(): BlockReader {
  const inflate = createInflate({ dictionary: spdyDictionary(), finishFlush: constants.Z_SYNC_FLUSH });
  let chunks: Buffer[] = [];
  let fail = (_error: Error): void => {};
  inflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  inflate.on('error', (error) => fail(error));
  return {
    read: (block) =>
      new Promise((resolve, reject) => {
        fail = reject;
        chunks = [];
        inflate.write(block);
        inflate.flush(constants.Z_SYNC_FLUSH, () => resolve(Buffer.concat(chunks)));
      }),
    close: () => inflate.destroy(),
  };
}
