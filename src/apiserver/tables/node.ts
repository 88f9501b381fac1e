// pure: the columns of Nodes.
import type { Node } from '../../api/generated/types.ts';
import { ageColumn, nameColumn, text, wide, type KindTable } from './columns.ts';

export const nodeTable: KindTable<Node> = {
  columns: [
    nameColumn,
    text('Status', nodeStatus, 'The status of the node'),
    text('Roles', roles, 'The roles of the node'),
    ageColumn,
    text('Version', ({ status }) => status?.nodeInfo?.kubeletVersion ?? '', 'Kubelet Version reported by the node.'),
    wide(text('Internal-IP', (node) => address(node, 'InternalIP'), 'List of addresses reachable to the node.')),
    wide(text('External-IP', (node) => address(node, 'ExternalIP'), 'List of addresses reachable to the node.')),
    wide(text('OS-Image', ({ status }) => status?.nodeInfo?.osImage || '<unknown>', 'OS Image reported by the node.')),
    wide(text('Kernel-Version', ({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>', 'Kernel Version reported by the node.')),
    wide(text('Container-Runtime', ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>', 'ContainerRuntime Version reported by the node.')),
  ],
};

function nodeStatus({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const text = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable === true ? `${text},SchedulingDisabled` : text;
}

const ROLE_PREFIX = 'node-role.kubernetes.io/';

function roles({ metadata }: Node): string {
  const found = Object.entries(metadata?.labels ?? {}).flatMap(([name, value]) =>
    name.startsWith(ROLE_PREFIX) ? [name.slice(ROLE_PREFIX.length)] : name === 'kubernetes.io/role' && value !== '' ? [value] : [],
  );
  return found.length === 0 ? '<none>' : [...new Set(found)].sort().join(',');
}

function address({ status }: Node, type: string): string {
  return status?.addresses?.find((one) => one.type === type)?.address ?? '<none>';
}
