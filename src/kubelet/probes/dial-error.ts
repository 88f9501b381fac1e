// pure: why a connection was not made, in the words that Go's network library has for it.

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'i/o timeout',
};

export function dialError(error: unknown, host: string, port: number): string {
  const { code = '', message } = error as { readonly code?: string; readonly message: string };
  if (code in WORDS) return `dial tcp ${host}:${port}: ${WORDS[code]}`;
  if (code === 'ECONNRESET') return message.includes('hang up') ? 'EOF' : `read tcp: connection reset by peer`;
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${host}: no such host`;
  return message;
}
