// pure: the engine's running account of a pull, one JSON object a line, of which only a failure matters here.
import { asRecord, asText } from './json-fields.ts';
import { createLineReader } from './line-reader.ts';

export interface PullReader {
  push(chunk: Uint8Array): void;
  /** The registry's words, once the stream has ended; undefined when the pull succeeded. */
  failure(): string | undefined;
}

export function createPullReader(): PullReader {
  const lines = createLineReader();
  let failure: string | undefined;
  const readLine = (line: string): void => {
    const message = asRecord(parseJson(line));
    failure ??= asText(asRecord(message['errorDetail'])['message']) || asText(message['error']) || undefined;
  };
  return {
    push: (chunk) => lines.push(chunk).forEach(readLine),
    failure: () => {
      lines.rest().forEach(readLine);
      return failure;
    },
  };
}

const NOBODY_ANSWERED = [
  /dial tcp/,
  /dial udp/,
  /no such host/,
  /server misbehaving/,
  /temporary failure in name resolution/i,
  /connection refused/,
  /connection reset/,
  /no route to host/,
  /network is unreachable/,
  /i\/o timeout/,
  /TLS handshake timeout/,
  /Client\.Timeout/,
  /request canceled while waiting for connection/,
  /context deadline exceeded/,
  /proxyconnect/,
];

/** True when no registry was reached at all, false when one answered and refused. */
export function isUnreachable(message: string): boolean {
  return NOBODY_ANSWERED.some((sign) => sign.test(message));
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
