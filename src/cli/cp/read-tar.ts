// Reads a tar archive as it comes: entry after entry, each with its data, nothing kept in memory.
import { BLOCK_BYTES, decodeTarHeader, tarPadding, type RawHeader, type TarHeader } from './tar-header.ts';

export interface TarEntry {
  readonly header: TarHeader;
  /** For one reader, before the next entry is asked for; what is not read is passed over. */
  readonly data: AsyncIterable<Uint8Array>;
}

/** Throws when the archive is cut short, or is none. */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const source = new ByteSource(chunks);
  try {
    yield* readEntries(source);
  } finally {
    await source.close();
  }
}

async function* readEntries(source: ByteSource): AsyncGenerator<TarEntry> {
  let more: Partial<TarHeader> = {};
  for (;;) {
    const bytes = await source.take(BLOCK_BYTES);
    // Some archives end without their two empty blocks.
    if (bytes === undefined) return;
    const raw = decodeTarHeader(bytes);
    if (raw === undefined) return void (await source.drain());
    const told = await moreOf(raw, source);
    if (told !== undefined) {
      more = { ...more, ...told };
      continue;
    }
    const header = { ...raw, ...more };
    more = {};
    const left = { bytes: header.size };
    yield { header, data: source.data(left) };
    await source.skip(left.bytes + tarPadding(header.size));
  }
}

/** What an entry says of the next one; undefined for an entry of its own. */
async function moreOf({ flag, size }: RawHeader, source: ByteSource): Promise<Partial<TarHeader> | undefined> {
  if (!'LKxg'.includes(flag)) return undefined;
  const data = Buffer.from((await source.take(size)) ?? []);
  await source.skip(tarPadding(size));
  const text = data.toString('utf8').replace(/\0+$/, '');
  if (flag === 'L') return { name: text };
  if (flag === 'K') return { target: text };
  return flag === 'x' ? paxOf(data) : {};
}

/** Records of "<length> <key>=<value>\n". */
function paxOf(data: Buffer): Partial<TarHeader> {
  const found: { name?: string; target?: string; size?: number } = {};
  for (let at = 0; at < data.length; ) {
    const length = Number.parseInt(data.toString('latin1', at, at + 20), 10);
    if (!(length > 0)) break;
    const record = data.toString('utf8', data.indexOf(' ', at) + 1, at + length - 1);
    const [key, value] = [record.slice(0, record.indexOf('=')), record.slice(record.indexOf('=') + 1)];
    if (key === 'path') found.name = value;
    else if (key === 'linkpath') found.target = value;
    else if (key === 'size') found.size = Number(value);
    at += length;
  }
  return found;
}

class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Undefined at the end; throws when there are some bytes but not enough. */
  async take(count: number): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    let missing = count;
    for await (const part of this.data({ bytes: count })) {
      parts.push(part);
      missing -= part.length;
      if (missing === 0) break;
    }
    if (missing === count && count > 0) return undefined;
    if (missing > 0) throw new Error('unexpected EOF');
    return Buffer.concat(parts);
  }

  async skip(count: number): Promise<void> {
    const left = { bytes: count };
    for await (const _part of this.data(left));
    if (left.bytes > 0) throw new Error('unexpected EOF');
  }

  /** At most `left.bytes`, which is counted down. */
  async *data(left: { bytes: number }): AsyncGenerator<Uint8Array> {
    while (left.bytes > 0) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) return;
        this.#rest = next.value;
        continue;
      }
      const part = this.#rest.subarray(0, left.bytes);
      this.#rest = this.#rest.subarray(part.length);
      left.bytes -= part.length;
      yield part;
    }
  }

  /** Whoever makes the chunks need not go on. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async drain(): Promise<void> {
    while ((await this.#chunks.next()).done !== true);
  }
}
