// pure: what the headers of a request and of its reply become on their way through the proxy.
import { endToEnd, type MessageHeaders } from '../../api/end-to-end-headers.ts';
import type { ProxyPath } from './proxy-path.ts';

export interface Forwarding {
  readonly scheme: 'http' | 'https';
  /** What the backend may call itself: by its own address, and as the caller does. */
  readonly hosts: readonly [own: string, ...others: string[]];
  readonly path: ProxyPath;
}

/** Who asks has shown the API who they are: that is nobody else's to see. */
export function forwardedHeaders(headers: MessageHeaders, { hosts, path }: Forwarding): Record<string, string | readonly string[]> {
  const { authorization: _authorization, ...kept } = endToEnd(headers);
  return {
    ...kept,
    // Servers name themselves by it when they redirect.
    host: hosts[0],
    'x-forwarded-uri': `${path.prefix}${path.rest}`,
    'x-forwarded-proto': 'https',
    ...(headers['host'] === undefined ? {} : { 'x-forwarded-host': String(headers['host']) }),
  };
}

export function returnedHeaders(headers: MessageHeaders, forwarding: Forwarding): Record<string, string | readonly string[]> {
  const kept = endToEnd(headers);
  const location = headers['location'];
  return typeof location === 'string' ? { ...kept, location: rewriteLocation(location, forwarding) } : kept;
}

/** A redirection within the backend stays within the proxy; one to elsewhere is none of its business. */
function rewriteLocation(location: string, { scheme, hosts, path }: Forwarding): string {
  const base = `${scheme}://${hosts[0]}${path.rest || '/'}`;
  if (!URL.canParse(location, base)) return location;
  const target = new URL(location, base);
  const own = hosts.flatMap((host) => (URL.canParse(`${scheme}://${host}`) ? [new URL(`${scheme}://${host}`).host] : []));
  if (!own.includes(target.host) || target.pathname.startsWith(path.prefix)) return location;
  return `${path.prefix}${target.pathname}${target.search}${target.hash}`;
}
