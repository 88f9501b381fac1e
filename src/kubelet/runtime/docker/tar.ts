// pure: the little of the tar format that is needed: writing an archive, and reading the one file of a container archive.

const BLOCK_BYTES = 512;
const SIZE_AT = 124;
const TYPE_AT = 156;
const TARGET_AT = 157;
const LONGEST_PATH = 100;
const CHECKSUM_AT = 148;

export type TarItem =
  | { readonly type: 'file'; readonly name: string; readonly mode: number; readonly data: Uint8Array }
  | { readonly type: 'folder'; readonly name: string; readonly mode: number }
  | { readonly type: 'link'; readonly name: string; readonly target: string };

/** A complete archive; targets of links are at most 100 bytes. */
export function writeTar(items: readonly TarItem[]): Uint8Array {
  return concatBytes([...items.flatMap(entryOf), new Uint8Array(2 * BLOCK_BYTES)]);
}

function entryOf(item: TarItem): Uint8Array[] {
  const data = item.type === 'file' ? item.data : new Uint8Array();
  const name = new TextEncoder().encode(item.name);
  const header = tarHeader({ item, name: name.subarray(0, LONGEST_PATH), size: data.length, flag: TYPE_FLAGS[item.type] });
  const entry = [header, data, new Uint8Array(padding(data.length))];
  return name.length > LONGEST_PATH ? [...longName(item), ...entry] : entry;
}

/** An entry before the entry itself: "<length of this record> path=<name>". */
function longName(item: TarItem): Uint8Array[] {
  const text = ` path=${item.name}\n`;
  const bare = new TextEncoder().encode(text).length;
  const length = bare + String(bare + String(bare).length).length;
  const record = new TextEncoder().encode(`${length}${text}`);
  const name = new TextEncoder().encode('long-name');
  return [tarHeader({ item, name, size: record.length, flag: 'x' }), record, new Uint8Array(padding(record.length))];
}

export type TarEntry =
  | { readonly type: 'incomplete' }
  | { readonly type: 'file'; readonly data: Uint8Array; readonly size: number }
  | { readonly type: 'other' };

/**
 * The first real entry in `bytes`, the beginning of an archive. `incomplete` asks for more bytes; a file is complete
 * when min(size, limitBytes) of it are there.
 */
export function readFirstEntry(bytes: Uint8Array, limitBytes: number): TarEntry {
  let at = 0;
  while (bytes.length >= at + BLOCK_BYTES) {
    const size = Number.parseInt(ascii(bytes.subarray(at + SIZE_AT, at + SIZE_AT + 12)), 8) || 0;
    const type = String.fromCharCode(bytes[at + TYPE_AT] ?? 0);
    const start = at + BLOCK_BYTES;
    if (type === '0' || type === '\0') {
      const wanted = Math.min(size, limitBytes);
      if (bytes.length < start + wanted) return { type: 'incomplete' };
      return { type: 'file', data: bytes.slice(start, start + wanted), size };
    }
    // x and g carry extended attributes of the entry that follows, L and K its long names.
    if (!'xgLK'.includes(type)) return { type: 'other' };
    at = start + size + padding(size);
  }
  return { type: 'incomplete' };
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const TYPE_FLAGS: Readonly<Record<TarItem['type'], string>> = { file: '0', folder: '5', link: '2' };

interface Header {
  readonly item: TarItem;
  readonly name: Uint8Array;
  readonly size: number;
  readonly flag: string;
}

function tarHeader({ item, name, size, flag }: Header): Uint8Array {
  const header = new Uint8Array(BLOCK_BYTES);
  const put = (text: string, at: number): void => header.set(new TextEncoder().encode(text), at);
  if (item.type === 'link' && new TextEncoder().encode(item.target).length > LONGEST_PATH) {
    throw new Error(`"${item.target}" is too long a path for this archive: ${LONGEST_PATH} bytes at most`);
  }
  header.set(name, 0);
  put(octal(item.type === 'link' ? 0o777 : item.mode, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), SIZE_AT);
  put(octal(0, 11), 136);
  put(flag, TYPE_AT);
  if (item.type === 'link') put(item.target, TARGET_AT);
  put('ustar\0' + '00', 257);
  put('        ', CHECKSUM_AT);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0 `, CHECKSUM_AT);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padding(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes).replace(/[\0 ]+$/, '');
}
