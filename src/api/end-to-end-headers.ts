// pure: which headers of an HTTP message are about the message, and which about the one connection that it came on.

export type MessageHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One text a name where a message has one, a list where it has several. */
export function manyByName(distinct: Readonly<Record<string, readonly string[] | undefined>>): Record<string, string | readonly string[]> {
  return Object.fromEntries(Object.entries(distinct).map(([name, values = []]) => [name, values.length === 1 ? values[0]! : values]));
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** What goes on to the next connection. Names in lower case. */
export function endToEnd(headers: MessageHeaders): Record<string, string | readonly string[]> {
  const named = new Set(String(headers['connection'] ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined || HOP_BY_HOP.has(name) || named.has(name) ? [] : [[name, value]])));
}
