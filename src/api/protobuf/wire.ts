// pure: the wire format of protocol buffers: numbered fields, each a varint, eight bytes, or a run of bytes.
import { badRequestError } from '../status-error.ts';

export type WireField =
  | { readonly number: number; readonly type: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly type: 'fixed'; readonly bytes: Uint8Array }
  | { readonly number: number; readonly type: 'bytes'; readonly bytes: Uint8Array };

const LONGEST_VARINT = 10;

export function readFields(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let length = 0; length < LONGEST_VARINT; length += 1) {
      const byte = bytes[at++];
      if (byte === undefined) throw malformed('it ends in the middle of a number');
      value |= BigInt(byte & 0x7f) << BigInt(7 * length);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw malformed('a number is longer than 64 bits');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw malformed('it ends in the middle of a field');
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    switch (Number(tag & 7n)) {
      case 0:
        fields.push({ number, type: 'varint', value: varint() });
        break;
      case 1:
        fields.push({ number, type: 'fixed', bytes: take(8) });
        break;
      case 2:
        fields.push({ number, type: 'bytes', bytes: take(Number(varint())) });
        break;
      case 5:
        fields.push({ number, type: 'fixed', bytes: take(4) });
        break;
      default:
        throw malformed(`field ${number} has an unknown wire type`);
    }
  }
  return fields;
}

export function malformed(why: string): Error {
  return badRequestError(`the body is not valid protobuf: ${why}`);
}
