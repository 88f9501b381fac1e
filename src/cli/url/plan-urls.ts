// pure: the addresses under which a Service might be reached from this machine, best first. Which of them answer is for the
// caller to try.
import type { Node, Service, ServicePort } from '../../api/generated/types.ts';
import { hostPort } from '../../api/host-port.ts';
import { isHeadless, specOf } from '../../api/service/service-facts.ts';
import { UsageError } from '../context.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

export interface PortPlaces {
  /** "http (80/TCP)", for messages. */
  readonly text: string;
  /** Whether a connection shows that somebody is there. */
  readonly canTry: boolean;
  readonly places: readonly Place[];
}

export interface Wish {
  /** The name or number of one port; undefined: all. */
  readonly port: string | undefined;
  /** On other machines node ports are there. */
  readonly nodes: readonly Node[];
}

/** Throws UsageError for a Service that has no address. */
export function planUrls(service: Service, { port: wanted, nodes }: Wish): readonly PortPlaces[] {
  const spec = specOf(service);
  const name = service.metadata?.name ?? '';
  const ports = (spec.ports ?? []).filter((port) => wanted === undefined || port.name === wanted || String(port.port) === wanted);
  if (ports.length === 0 && wanted !== undefined) throw new UsageError(`service ${name} does not have a port ${wanted}; it has ${(spec.ports ?? []).map(portText).join(', ') || 'none'}`);
  if (spec.type === 'ExternalName') return outside(spec.externalName ?? '', ports);
  if (isHeadless(spec)) throw new UsageError(`service ${name} is headless: it has no address of its own, its name leads to its pods; try minik port-forward svc/${name} ${ports[0]?.port ?? 'PORT'}`);
  return ports.map((port) => ({ text: portText(port), canTry: isTcp(port), places: placesOf(service, port, nodes) }));
}

function outside(host: string, ports: readonly ServicePort[]): PortPlaces[] {
  if (ports.length === 0) return [{ text: host, canTry: false, places: [{ host, port: 80, url: `http://${host}` }] }];
  return ports.map((port) => ({ text: portText(port), canTry: false, places: [placeAt(host, port.port, port)] }));
}

function placesOf(service: Service, port: ServicePort, nodes: readonly Node[]): Place[] {
  const { clusterIP = '', externalIPs = [] } = specOf(service);
  const balanced = (service.status?.loadBalancer?.ingress ?? []).filter(({ ports = [] }) => !ports.some((one) => one.port === port.port && one.protocol === (port.protocol ?? 'TCP') && (one.error ?? '') !== ''));
  const hosts = [...balanced.flatMap(({ ip, hostname }) => ip ?? hostname ?? []), ...externalIPs];
  const nodePort = port.nodePort ?? 0;
  const nodeHosts = ['127.0.0.1', ...nodes.flatMap(({ status }) => (status?.addresses ?? []).filter(({ type }) => type === 'ExternalIP' || type === 'InternalIP').map(({ address }) => address))];
  return [
    ...hosts.map((host) => placeAt(host, port.port, port)),
    ...(nodePort === 0 ? [] : nodeHosts.map((host) => placeAt(host, nodePort, port))),
    placeAt(clusterIP, port.port, port),
  ];
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

function placeAt(host: string, number: number, port: ServicePort): Place {
  const scheme = schemeOf(port);
  return { host, port: number, url: `${scheme}://${DEFAULT_PORTS[scheme] === number ? hostPort(host, '').slice(0, -1) : hostPort(host, number)}` };
}

/** What is not said to be anything else is taken for a web page. */
function schemeOf({ name = '', port, appProtocol = '', protocol = 'TCP' }: ServicePort): string {
  if (protocol !== 'TCP') return protocol.toLowerCase();
  return appProtocol === 'https' || name.startsWith('https') || port === 443 || port === 8443 ? 'https' : 'http';
}

function isTcp({ protocol = 'TCP' }: ServicePort): boolean {
  return protocol === 'TCP';
}

function portText({ name = '', port, protocol = 'TCP' }: ServicePort): string {
  return name === '' ? `${port}/${protocol}` : `${name} (${port}/${protocol})`;
}
