// pure: what the headers of a request and of its reply become on their way through the proxy.
import type { ProxyPath } from './proxy-path.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** They are about one connection, not about the message. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

export interface Forwarding {
  readonly scheme: 'http' | 'https';
  /** What the backend may call itself: by its address, and as the request does. */
  readonly hosts: readonly string[];
  readonly path: ProxyPath;
}

/** Who asks has shown the API who they are: that is nobody else's to see. */
export function forwardedHeaders(headers: Headers, { path }: Forwarding): Record<string, string | readonly string[]> {
  const dropped = new Set([...HOP_BY_HOP, ...namedByConnection(headers), 'authorization']);
  return {
    ...present(headers, dropped),
    'x-forwarded-uri': `${path.prefix}${path.rest}`,
    'x-forwarded-proto': 'https',
    ...(headers['host'] === undefined ? {} : { 'x-forwarded-host': String(headers['host']) }),
  };
}

export function returnedHeaders(headers: Headers, forwarding: Forwarding): Record<string, string | readonly string[]> {
  const kept = present(headers, new Set([...HOP_BY_HOP, ...namedByConnection(headers)]));
  const location = headers['location'];
  return typeof location === 'string' ? { ...kept, location: rewriteLocation(location, forwarding) } : kept;
}

/** A redirection within the backend stays within the proxy; one to elsewhere is none of its business. */
function rewriteLocation(location: string, { scheme, hosts, path }: Forwarding): string {
  const base = `${scheme}://${hosts[0]}${path.rest || '/'}`;
  if (!URL.canParse(location, base)) return location;
  const target = new URL(location, base);
  if (!hosts.includes(target.host) || target.pathname.startsWith(path.prefix)) return location;
  return `${path.prefix}${target.pathname}${target.search}${target.hash}`;
}

function namedByConnection(headers: Headers): string[] {
  return String(headers['connection'] ?? '').split(',').map((name) => name.trim().toLowerCase());
}

function present(headers: Headers, dropped: ReadonlySet<string>): Record<string, string | readonly string[]> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined || dropped.has(name) ? [] : [[name, value]])));
}
