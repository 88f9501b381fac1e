// pure: the two messages of the gRPC health protocol, in gRPC's framing: a flag byte, the length, the protobuf message.

export type ServingStatus = 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

const STATUSES: readonly ServingStatus[] = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
const HEADER_BYTES = 5;
/** Field 1, a string. */
const SERVICE_TAG = 0x0a;
/** Field 1, a number. */
const STATUS_TAG = 0x08;

/** HealthCheckRequest{service}. */
export function healthRequest(service: string): Uint8Array {
  const name = new TextEncoder().encode(service);
  const message = name.length === 0 ? [] : [SERVICE_TAG, ...varint(name.length), ...name];
  const frame = new Uint8Array(HEADER_BYTES + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, HEADER_BYTES);
  return frame;
}

/** The status of a HealthCheckResponse; undefined for what is none. */
export function servingStatus(frame: Uint8Array): ServingStatus | undefined {
  if (frame.length < HEADER_BYTES || frame[0] !== 0) return undefined;
  const length = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(1);
  const message = frame.subarray(HEADER_BYTES, HEADER_BYTES + length);
  // A status of 0 is not written.
  if (message.length === 0) return length === 0 ? 'UNKNOWN' : undefined;
  return message[0] === STATUS_TAG ? STATUSES[message[1] ?? -1] : undefined;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
