// pure: what stands behind port-forward: [LOCAL:]REMOTE ports, where REMOTE may be a name, and the addresses to listen on.
import type { Pod, Service } from '../../api/generated/types.ts';
import { isHeadless, specOf } from '../../api/service/service-facts.ts';
import { targetPortIn } from '../../api/service/target-port.ts';
import { UsageError } from '../context.ts';

export interface PortPair {
  /** 0: any that is free. */
  readonly local: number;
  readonly remote: number;
  /** The same in another Pod, where a name may mean another number. Throws UsageError. */
  readonly remoteIn: (pod: Pod) => number;
}

export interface Destination {
  readonly pod: Pod;
  /** Ports are those of the Service, and lead where it leads. */
  readonly service?: Service;
}

/** Throws UsageError in kubectl's words. */
export function parsePorts(words: readonly string[], { pod, service }: Destination): readonly PortPair[] {
  return words.map((word) => {
    const parts = word.split(':');
    if (parts.length > 2) throw new UsageError(`invalid port format '${word}'`);
    const wanted = parts.at(-1)!;
    if (wanted === '') throw new UsageError('remote port cannot be empty');
    const { shown, remoteIn } = service === undefined ? podPort(wanted, pod) : servicePort(wanted, service);
    const remote = remoteIn(pod);
    if (remote === 0) throw new UsageError('remote port must be > 0');
    if (parts.length === 1) return { local: shown, remote, remoteIn };
    return { local: parts[0] === '' ? 0 : parsePort(parts[0]!, 'local'), remote, remoteIn };
  });
}

interface WantedPort extends Pick<PortPair, 'remoteIn'> {
  /** The number to listen on where none was said. */
  readonly shown: number;
}

function podPort(wanted: string, pod: Pod): WantedPort {
  const remoteIn = isNumber(wanted) ? () => parsePort(wanted, 'remote') : (any: Pod) => namedPort(wanted, any);
  const shown = remoteIn(pod);
  refuseUdp(pod, shown);
  return { shown, remoteIn };
}

function servicePort(wanted: string, service: Service): WantedPort {
  const name = service.metadata?.name ?? '';
  const ports = specOf(service).ports ?? [];
  const number = isNumber(wanted) ? parsePort(wanted, 'remote') : ports.find((port) => port.name === wanted)?.port;
  if (number === undefined) throw new UsageError(`Service '${name}' does not have a named port '${wanted}'`);
  const same = ports.filter(({ port }) => port === number);
  const found = same.find(({ protocol = 'TCP' }) => protocol === 'TCP');
  if (same.length === 0) throw new UsageError(`Service ${name} does not have a service port ${number}`);
  if (found === undefined) throw new UsageError(`UDP protocol is not supported for ${wanted}`);
  return {
    shown: number,
    remoteIn: (pod) => {
      // kube: nothing forwards for a headless Service, so its target port is nobody's.
      if (isHeadless(specOf(service))) return number;
      return targetPortIn(pod, found) ?? noNamedPort(pod, String(found.targetPort));
    },
  };
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

function parsePort(text: string, which: 'local' | 'remote'): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`error parsing ${which} port '${text}': expected a number from ${which === 'local' ? 0 : 1} to 65535`);
  return port;
}

function namedPort(name: string, pod: Pod): number {
  const found = portsOf(pod).find((port) => port.name === name);
  return found?.containerPort ?? noNamedPort(pod, name);
}

function noNamedPort(pod: Pod, name: string): never {
  throw new UsageError(`Pod '${pod.metadata?.name}' does not have a named port '${name}'`);
}

function refuseUdp(pod: Pod, remote: number): void {
  const protocols = portsOf(pod).filter(({ containerPort }) => containerPort === remote).map(({ protocol = 'TCP' }) => protocol);
  if (protocols.includes('UDP') && !protocols.includes('TCP')) throw new UsageError(`UDP protocol is not supported for ${remote}`);
}

function portsOf(pod: Pod) {
  return (pod.spec?.containers ?? []).flatMap(({ ports = [] }) => ports);
}

export interface ListenAddress {
  readonly host: string;
  /** Of "localhost", where one of its two addresses is enough. */
  readonly isOptional: boolean;
}

/** `text`: "localhost,10.0.0.1". */
export function parseAddresses(text: string): readonly ListenAddress[] {
  const found = new Map<string, ListenAddress>();
  for (const word of text.split(',')) {
    const hosts = word === 'localhost' ? ['127.0.0.1', '::1'] : [word];
    if (word !== 'localhost' && !isAddress(word)) throw new UsageError(`${word} is not a valid IP`);
    for (const host of hosts) found.set(host, { host, isOptional: word === 'localhost' });
  }
  return [...found.values()].sort((a, b) => (a.host < b.host ? -1 : 1));
}

function isAddress(text: string): boolean {
  const parts = text.split('.');
  if (parts.length === 4) return parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return text.includes(':') && /^[0-9a-fA-F:.]+$/.test(text);
}
