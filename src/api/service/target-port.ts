// pure: which port of a Pod a port of a Service leads to.
import type { Container, Pod, ServicePort } from '../generated/types.ts';

/** Undefined when the Pod has no port of that name and protocol: for it, the Service does not have this port. */
export function targetPortIn({ spec }: Pod, { targetPort, port, protocol = 'TCP' }: ServicePort): number | undefined {
  if (targetPort === undefined || targetPort === '' || targetPort === 0) return port;
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return portNamed([...(spec?.containers ?? []), ...sidecars], targetPort, protocol);
}

/** The first container that names it wins. */
function portNamed(containers: readonly Container[], name: string, wanted: string): number | undefined {
  const ports = containers.flatMap((container) => container.ports ?? []);
  return ports.find((port) => port.name === name && (port.protocol ?? 'TCP') === wanted)?.containerPort;
}
