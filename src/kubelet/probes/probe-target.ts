// pure: where a network probe or hook goes: the Pod's address unless a host is named, and a port by number or name.
import { hostPort } from '../../api/host-port.ts';
import type { Container, HTTPGetAction } from '../../api/generated/types.ts';

export type PortResult = { readonly ok: true; readonly port: number } | { readonly ok: false; readonly problem: string };

export function resolvePort(port: number | string, { ports = [] }: Container): PortResult {
  const number = Number(port);
  const named = ports.find(({ name }) => name !== undefined && name === port);
  const found = named?.containerPort ?? (Number.isInteger(number) ? number : undefined);
  if (found === undefined) return { ok: false, problem: `couldn't find port: ${JSON.stringify(port)}` };
  return found > 0 && found < 65_536 ? { ok: true, port: found } : { ok: false, problem: `invalid port number: ${found}` };
}

export function httpTarget({ scheme, path = '/' }: HTTPGetAction, host: string, port: number): URL {
  const base = `${(scheme || 'HTTP').toLowerCase()}://${hostPort(host, port)}`;
  return new URL(`${base}${path.startsWith('/') ? '' : '/'}${path}`);
}

/** As Go prints it: with the port, whatever the scheme's own is. */
export function targetText(target: URL): string {
  return `${target.protocol}//${target.hostname}:${portOf(target)}${target.pathname}${target.search}`;
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
