// pure: a host and a port in one text.

/** "10.0.0.1:80", "[fd00::1]:80". */
export function hostPort(host: string, port: number | string): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
