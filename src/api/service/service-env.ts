// pure: the addresses of Services as environment variables of containers, as Docker's links of old had them.
import { hostPort } from '../host-port.ts';
import type { Service, ServicePort } from '../generated/types.ts';

export type Variable = readonly [name: string, value: string];

export interface ApiAddress {
  readonly ip: string;
  readonly port: number;
}

const API_SERVICE = 'kubernetes';
const API_PORT_NAME = 'https';

/** `services` are those of one namespace; those without an address say nothing. Sorted by name, so that nothing depends on order. */
export function serviceEnv(services: readonly Service[]): Variable[] {
  const addressed = services.filter(({ spec }) => (spec?.clusterIP ?? '') !== '' && spec?.clusterIP !== 'None' && (spec?.ports ?? []).length > 0);
  const sorted = [...addressed].sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  return sorted.flatMap(({ metadata, spec }) => variablesOf(metadata?.name ?? '', spec?.clusterIP ?? '', spec?.ports ?? []));
}

/** Of default/kubernetes, at the address where this container can reach it. */
export function apiEnv({ ip, port }: ApiAddress): Variable[] {
  return variablesOf(API_SERVICE, ip, [{ name: API_PORT_NAME, port, protocol: 'TCP' }]);
}

function variablesOf(service: string, ip: string, ports: readonly ServicePort[]): Variable[] {
  const name = variableName(service);
  const [first] = ports;
  const named = ports.filter((port) => (port.name ?? '') !== '');
  return [
    [`${name}_SERVICE_HOST`, ip],
    [`${name}_SERVICE_PORT`, String(first!.port)],
    ...named.map((port): Variable => [`${name}_SERVICE_PORT_${variableName(port.name!)}`, String(port.port)]),
    [`${name}_PORT`, url(ip, first!)],
    ...ports.flatMap((port): Variable[] => {
      const prefix = `${name}_PORT_${port.port}_${protocolOf(port)}`;
      return [
        [prefix, url(ip, port)],
        [`${prefix}_PROTO`, protocolOf(port).toLowerCase()],
        [`${prefix}_PORT`, String(port.port)],
        [`${prefix}_ADDR`, ip],
      ];
    }),
  ];
}

/** "redis-primary" is REDIS_PRIMARY. */
function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

function url(ip: string, port: ServicePort): string {
  return `${protocolOf(port).toLowerCase()}://${hostPort(ip, port.port)}`;
}

function protocolOf({ protocol = 'TCP' }: ServicePort): string {
  return protocol.toUpperCase();
}
