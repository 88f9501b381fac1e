// pure: the ports that a Pod's containers name, for everything that refers to a port by its name.
import type { Container, Pod } from '../generated/types.ts';

export interface NamedPort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
}

/** Of the app containers, then of the sidecars; init containers that end serve nobody. */
export function namedPorts({ spec }: Pick<Pod, 'spec'>): readonly NamedPort[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...sidecars].flatMap(portsOf);
}

/** The number behind a name; where several containers use the name, the first one counts. */
export function findNamedPort(ports: readonly NamedPort[], name: string, protocol: string): number | undefined {
  return ports.find((port) => port.name === name && port.protocol === protocol)?.port;
}

function portsOf({ ports = [] }: Container): NamedPort[] {
  return ports.flatMap(({ name, protocol = 'TCP', containerPort }) => (name === undefined || name === '' ? [] : [{ name, protocol, port: containerPort }]));
}
