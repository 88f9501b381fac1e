// pure: DNS over a stream: each message behind its length in two bytes.

const LENGTH_BYTES = 2;

export function framed(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(LENGTH_BYTES + message.length);
  new DataView(frame.buffer).setUint16(0, message.length);
  frame.set(message, LENGTH_BYTES);
  return frame;
}

/** Whole messages of what has come so far, and the begin of the next. */
export function unframe(received: Uint8Array): { readonly messages: readonly Uint8Array[]; readonly rest: Uint8Array } {
  const view = new DataView(received.buffer, received.byteOffset, received.length);
  const messages: Uint8Array[] = [];
  let at = 0;
  while (received.length - at >= LENGTH_BYTES) {
    const end = at + LENGTH_BYTES + view.getUint16(at);
    if (end > received.length) break;
    messages.push(received.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return { messages, rest: received.subarray(at) };
}
