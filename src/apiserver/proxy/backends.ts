// pure: where requests for a Pod or a Service go to.
import type { EndpointSlice, Pod, Service } from '../../api/generated/types.ts';
import { badRequestError, unavailableError } from '../../api/status-error.ts';
import { validateEndpointIp } from '../../api/validate-ip.ts';
import type { ProxyName } from './proxy-path.ts';

export interface Backend {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/** Without a port: the first that a container of the Pod names. Throws StatusError. */
export function podBackend(pod: Pod, { scheme, port }: ProxyName): Backend {
  const named = pod.spec?.containers.flatMap(({ ports }) => ports ?? []) ?? [];
  const ip = pod.status?.podIP ?? '';
  // An address that means something else on every machine leads to nobody's Pod.
  if (ip === '' || validateEndpointIp(ip, '').length > 0) throw badRequestError('address not allowed');
  if (port !== '' && !/^\d+$/.test(port)) throw badRequestError(`invalid pod request ${JSON.stringify(`${pod.metadata?.name}:${port}`)}: the port must be a number`);
  return { host: ip, port: port === '' ? (named[0]?.containerPort ?? DEFAULT_PORTS[scheme]) : Number(port) };
}

/** Every one that is ready for the port of the Service. Throws StatusError when there is none. */
export function serviceBackends(service: Service, slices: readonly EndpointSlice[], { port }: ProxyName): readonly Backend[] {
  const name = service.metadata?.name ?? '';
  const portName = portNameOf(service, port);
  const backends = slices.flatMap(({ ports, endpoints }) => {
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).flatMap(({ addresses }) => addresses.slice(0, 1));
    return (ports ?? []).filter((one) => (one.name ?? '') === portName && one.port !== undefined).flatMap((one) => ready.map((host) => ({ host, port: one.port! })));
  });
  if (backends.length === 0) throw unavailableError(`no endpoints available for service ${JSON.stringify(name)}`);
  return backends;
}

/** A number is one of the Service's; its endpoints may have others. */
function portNameOf({ metadata, spec }: Service, port: string): string {
  if (!/^\d+$/.test(port)) return port;
  const found = (spec?.ports ?? []).find((one) => one.port === Number(port));
  if (found === undefined) throw unavailableError(`no service port ${Number(port)} found for service ${JSON.stringify(metadata?.name)}`);
  return found.name ?? '';
}
