// pure: Kubernetes' channels over WebSocket: the first byte of each message (or, in the base64 forms, its first digit) names
// the stream that the rest belongs to.

export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;
/** v5: the message [255, channel] closes that channel. */
export const CLOSE_CHANNEL = 255;

export interface ChannelProtocol {
  readonly name: string;
  readonly isBase64: boolean;
  /** A channel can be closed by itself: the end of stdin is told. */
  readonly hasClose: boolean;
  /** The error channel carries a Status; older ones carry its message, and nothing for success. */
  readonly hasStatus: boolean;
}

/** Best first. */
export const CHANNEL_PROTOCOLS: readonly ChannelProtocol[] = [
  { name: 'v5.channel.k8s.io', isBase64: false, hasClose: true, hasStatus: true },
  { name: 'v4.channel.k8s.io', isBase64: false, hasClose: false, hasStatus: true },
  { name: 'v4.base64.channel.k8s.io', isBase64: true, hasClose: false, hasStatus: true },
  { name: 'channel.k8s.io', isBase64: false, hasClose: false, hasStatus: false },
  { name: 'base64.channel.k8s.io', isBase64: true, hasClose: false, hasStatus: false },
];

/** What is spoken with one who names no protocol. */
export const UNNAMED_PROTOCOL: ChannelProtocol = { name: '', isBase64: false, hasClose: false, hasStatus: false };

export interface ChannelMessage {
  readonly channel: number;
  readonly bytes: Uint8Array;
}

export function encodeChannel({ isBase64 }: ChannelProtocol, { channel, bytes }: ChannelMessage): Uint8Array | string {
  if (isBase64) return `${channel}${Buffer.from(bytes).toString('base64')}`;
  const message = new Uint8Array(1 + bytes.length);
  message[0] = channel;
  message.set(bytes, 1);
  return message;
}

/** Undefined for a message that names no channel. */
export function decodeChannel({ isBase64 }: ChannelProtocol, message: Uint8Array | string): ChannelMessage | undefined {
  if (!isBase64) {
    const bytes = typeof message === 'string' ? new TextEncoder().encode(message) : message;
    return bytes.length === 0 ? undefined : { channel: bytes[0]!, bytes: bytes.subarray(1) };
  }
  const text = typeof message === 'string' ? message : new TextDecoder().decode(message);
  return /^[0-9]/.test(text) ? { channel: Number(text[0]), bytes: Buffer.from(text.slice(1), 'base64') } : undefined;
}
