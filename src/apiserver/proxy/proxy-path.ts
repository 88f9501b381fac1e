// pure: the paths of the proxy subresource, which go on behind it: ".../services/https:web:443/proxy/some/page".

const PROXIED = /^(\/api\/v1\/namespaces\/[^/]+\/(?:services|pods)\/[^/]+\/proxy)(\/.*)?$/;

export interface ProxyPath {
  /** Up to and with "/proxy": what has to stand in front of a path of the backend's for it to lead there. */
  readonly prefix: string;
  /** As it was written, escapes and all; '' when nothing follows. */
  readonly rest: string;
}

export function parseProxyPath(path: string): ProxyPath | undefined {
  const [, prefix, rest = ''] = PROXIED.exec(path) ?? [];
  return prefix === undefined ? undefined : { prefix, rest };
}

export interface ProxyName {
  readonly scheme: 'http' | 'https';
  readonly name: string;
  /** A number or a name; '' when none is given. */
  readonly port: string;
}

/** "web", "web:80", "https:web:", "http:web:http"; undefined for anything else. */
export function parseProxyName(text: string): ProxyName | undefined {
  const parts = text.split(':');
  if (parts.length > 3) return undefined;
  const [scheme, name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  if (scheme !== '' && scheme !== 'http' && scheme !== 'https') return undefined;
  return name === '' ? undefined : { scheme: scheme === 'https' ? 'https' : 'http', name, port };
}
