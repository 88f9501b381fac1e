// pure: the headers of tar archives, written and read: names of any length, numbers of any size.

export const BLOCK_BYTES = 512;

export type TarType = 'file' | 'folder' | 'symlink' | 'hardlink' | 'other';

export interface TarHeader {
  readonly name: string;
  readonly type: TarType;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of the data that follows, in bytes. */
  readonly size: number;
  /** Seconds since the epoch. */
  readonly mtime: number;
  /** What a link points at; '' else. */
  readonly target: string;
}

const FLAGS: Readonly<Record<Exclude<TarType, 'other'>, string>> = { file: '0', hardlink: '1', symlink: '2', folder: '5' };
const LONG_NAME = 'L';
const LONG_TARGET = 'K';
const NAME_BYTES = 100;
const CHECKSUM_AT = 148;

export function encodeTarHeader(header: TarHeader & { readonly type: Exclude<TarType, 'other'> }): Uint8Array {
  const name = Buffer.from(header.type === 'folder' ? `${header.name}/` : header.name);
  const target = Buffer.from(header.target);
  return Buffer.concat([
    ...(target.length > NAME_BYTES ? longText(LONG_TARGET, target) : []),
    ...(name.length > NAME_BYTES ? longText(LONG_NAME, name) : []),
    block({ ...header, flag: FLAGS[header.type], nameBytes: name, targetBytes: target }),
  ]);
}

/** Two empty blocks. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK_BYTES);

/** How many bytes fill the last block of `size` bytes. */
export function tarPadding(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** GNU's way, which every tar reads: an entry of its own before the entry. */
function longText(flag: string, text: Buffer): readonly Uint8Array[] {
  const data = Buffer.concat([text, Buffer.of(0)]);
  const zeros = { mode: 0, uid: 0, gid: 0, mtime: 0 };
  return [block({ ...zeros, flag, size: data.length, nameBytes: Buffer.from('././@LongLink'), targetBytes: Buffer.alloc(0) }), data, new Uint8Array(tarPadding(data.length))];
}

interface Block extends Pick<TarHeader, 'mode' | 'uid' | 'gid' | 'size' | 'mtime'> {
  readonly flag: string;
  readonly nameBytes: Buffer;
  readonly targetBytes: Buffer;
}

function block({ flag, nameBytes, targetBytes, mode, uid, gid, size, mtime }: Block): Uint8Array {
  const bytes = Buffer.alloc(BLOCK_BYTES);
  nameBytes.copy(bytes, 0, 0, NAME_BYTES);
  putNumber(bytes, { at: 100, length: 8, value: mode });
  putNumber(bytes, { at: 108, length: 8, value: uid });
  putNumber(bytes, { at: 116, length: 8, value: gid });
  putNumber(bytes, { at: 124, length: 12, value: size });
  putNumber(bytes, { at: 136, length: 12, value: mtime });
  bytes.write(flag, 156, 'latin1');
  targetBytes.copy(bytes, 157, 0, NAME_BYTES);
  bytes.write('ustar  ', 257, 'latin1');
  bytes.write(`${checksum(bytes).toString(8).padStart(6, '0')}\0 `, CHECKSUM_AT, 'latin1');
  return bytes;
}

/** Octal digits and a zero byte; where they do not suffice, the number itself behind a byte 0x80. */
function putNumber(bytes: Buffer, { at, length, value }: { readonly at: number; readonly length: number; readonly value: number }): void {
  const digits = value.toString(8);
  if (digits.length < length) return void bytes.write(digits.padStart(length - 1, '0'), at, 'latin1');
  for (let place = at + length - 1, rest = value; place > at; place -= 1, rest = Math.floor(rest / 256)) bytes[place] = rest % 256;
  bytes[at] = 0x80;
}

export interface RawHeader extends TarHeader {
  /** The entry's letter: entries of some letters only say more of the next one. */
  readonly flag: string;
}

/** Undefined for an empty block. Throws for what is no header. */
export function decodeTarHeader(bytes: Uint8Array): RawHeader | undefined {
  if (bytes.every((byte) => byte === 0)) return undefined;
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, BLOCK_BYTES);
  if (readNumber(block, CHECKSUM_AT, 8) !== checksum(block)) throw new Error('tar contents corrupted');
  const flag = String.fromCharCode(block[156]!);
  const isUstar = readText(block, 257, 6) === 'ustar';
  const prefix = isUstar ? readText(block, 345, 155) : '';
  const name = readText(block, 0, NAME_BYTES);
  return {
    flag,
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: typeOf(flag, name),
    mode: readNumber(block, 100, 8) & 0o7777,
    uid: readNumber(block, 108, 8),
    gid: readNumber(block, 116, 8),
    size: readNumber(block, 124, 12),
    mtime: readNumber(block, 136, 12),
    target: readText(block, 157, NAME_BYTES),
  };
}

function typeOf(flag: string, name: string): TarType {
  if ((flag === '0' || flag === '\0') && name.endsWith('/')) return 'folder';
  if (flag === '\0' || flag === '7') return 'file';
  return (Object.keys(FLAGS) as (keyof typeof FLAGS)[]).find((type) => FLAGS[type] === flag) ?? 'other';
}

/** The header's own field counts as eight blanks. */
function checksum(block: Buffer): number {
  let sum = 8 * 32;
  for (let at = 0; at < BLOCK_BYTES; at += 1) if (at < CHECKSUM_AT || at >= CHECKSUM_AT + 8) sum += block[at]!;
  return sum;
}

function readNumber(block: Buffer, at: number, length: number): number {
  if ((block[at]! & 0x80) === 0) return Number.parseInt(readText(block, at, length).trim(), 8) || 0;
  let value = block[at]! & 0x7f;
  for (let place = at + 1; place < at + length; place += 1) value = value * 256 + block[place]!;
  return value;
}

function readText(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString('utf8', at, end < 0 || end > at + length ? at + length : end);
}
