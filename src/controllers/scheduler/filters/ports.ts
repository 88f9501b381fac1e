// pure: ports of the host that another Pod of the node has.
import type { ContainerPort, Pod } from '../../../api/generated/types.ts';
import { OK, type Filter } from '../filter.ts';

const ANY = new Set(['', '0.0.0.0', '::']);

export const ports: Filter = ({ pod }, { pods }) => {
  const wanted = hostPorts(pod);
  const taken = wanted.length === 0 ? [] : pods.flatMap(hostPorts);
  return wanted.some((port) => taken.some((other) => clash(port, other))) ? [{ reason: "node(s) didn't have free ports for the requested pod ports", isFinal: false }] : OK;
};

function hostPorts({ spec }: Pod): ContainerPort[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...sidecars, ...(spec?.containers ?? [])].flatMap((container) => container.ports ?? []).filter(({ hostPort = 0 }) => hostPort > 0);
}

function clash(a: ContainerPort, b: ContainerPort): boolean {
  const [left = '', right = ''] = [a.hostIP, b.hostIP];
  return a.hostPort === b.hostPort && (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP') && (left === right || ANY.has(left) || ANY.has(right));
}
