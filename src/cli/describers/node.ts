// pure: minik describe node.
import type { Lease, Node, Pod } from '../../api/generated/types.ts';
import { podResources } from '../../api/pod/pod-resources.ts';
import { claimedRequests } from '../../api/pod/resized-resources.ts';
import { ageText } from '../../api/duration-text.ts';
import { formatBytes, formatMilli, quantityMilli, quantityValue } from '../../api/quantity.ts';
import { annotationLines, labelLines, renderParts, timeText } from './describe-text.ts';
import type { Describe } from './describer.ts';
import { eventParts } from './event-lines.ts';

export const describeNode: Describe<Node> = (node, { events, pods = [], lease, now }) => {
  const { inline, block } = eventParts(events, now);
  const { metadata, spec, status } = node;
  const taints = (spec?.taints ?? []).map(({ key, value, effect }) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`);
  const head = [
    `Name:\t${metadata?.name ?? ''}`,
    `Roles:\t${rolesOf(node)}`,
    ...labelLines('Labels', metadata?.labels),
    ...annotationLines('Annotations', metadata?.annotations),
    `CreationTimestamp:\t${timeText(metadata?.creationTimestamp)}`,
    ...(taints.length === 0 ? ['Taints:\t<none>'] : taints.map((taint, at) => `${at === 0 ? 'Taints:' : ''}\t${taint}`)),
    `Unschedulable:\t${spec?.unschedulable === true}`,
    ...leaseLines(lease),
  ];
  return renderParts(head, conditionLines(node), addressLines(node), resourceLines('Capacity', status?.capacity), resourceLines('Allocatable', status?.allocatable), [...infoLines(node), ...podLines(node, pods, now), ...allocatedLines(node, pods), ...inline], block);
};

const ROLE = 'node-role.kubernetes.io/';

function rolesOf({ metadata }: Node): string {
  const roles = Object.keys(metadata?.labels ?? {}).filter((label) => label.startsWith(ROLE)).map((label) => label.slice(ROLE.length));
  return roles.length === 0 ? '<none>' : roles.sort().join(',');
}

function leaseLines(lease: Lease | Error | undefined): string[] {
  if (lease === undefined) return [];
  if (lease instanceof Error) return [`Lease:\tFailed to get lease: ${lease.message}`];
  const { holderIdentity = '<unset>', acquireTime, renewTime } = lease.spec ?? {};
  const when = (time: string | undefined): string => (time === undefined ? '<unset>' : timeText(time));
  return ['Lease:', `  HolderIdentity:\t${holderIdentity}`, `  AcquireTime:\t${when(acquireTime)}`, `  RenewTime:\t${when(renewTime)}`];
}

function conditionLines({ status }: Node): string[] {
  const rows = (status?.conditions ?? []).map(
    ({ type, status: state, lastHeartbeatTime, lastTransitionTime, reason, message }) =>
      `  ${type} \t${state} \t${timeText(lastHeartbeatTime)} \t${timeText(lastTransitionTime)} \t${reason ?? ''} \t${message ?? ''}`,
  );
  if (rows.length === 0) return [];
  return ['Conditions:', '  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage', '  ----\t------\t-----------------\t------------------\t------\t-------', ...rows];
}

function addressLines({ status }: Node): string[] {
  return ['Addresses:', ...(status?.addresses ?? []).map(({ type, address }) => `  ${type}:\t${address}`)];
}

function resourceLines(title: string, values: Readonly<Record<string, string>> | undefined): string[] {
  const entries = Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? [] : [`${title}:`, ...entries.map(([name, quantity]) => `  ${name}:\t${quantity}`)];
}

function infoLines({ status }: Node): string[] {
  const info = status?.nodeInfo;
  if (info === undefined) return [];
  return [
    'System Info:',
    `  Machine ID:\t${info.machineID}`,
    `  System UUID:\t${info.systemUUID}`,
    `  Boot ID:\t${info.bootID}`,
    `  Kernel Version:\t${info.kernelVersion}`,
    `  OS Image:\t${info.osImage}`,
    `  Operating System:\t${info.operatingSystem}`,
    `  Architecture:\t${info.architecture}`,
    `  Container Runtime Version:\t${info.containerRuntimeVersion}`,
    `  Kubelet Version:\t${info.kubeletVersion}`,
    `  Kube-Proxy Version:\t${info.kubeProxyVersion}`,
  ];
}

interface Sum {
  readonly cpuRequests: number;
  readonly cpuLimits: number;
  readonly memoryRequests: number;
  readonly memoryLimits: number;
}

function sumOf(pod: Pod): Sum {
  const [requests, limits] = [claimedRequests(pod), pod.spec === undefined ? {} : podResources(pod.spec, 'limits')];
  return { cpuRequests: requests?.['cpu'] ?? 0, cpuLimits: limits?.['cpu'] ?? 0, memoryRequests: requests?.['memory'] ?? 0, memoryLimits: limits?.['memory'] ?? 0 };
}

function share(value: number, whole: number): string {
  return `(${whole === 0 ? 0 : Math.trunc((value / whole) * 100)}%)`;
}

function wholeOf({ status }: Node): { readonly cpu: number; readonly memory: number } {
  const allocatable = status?.allocatable ?? status?.capacity ?? {};
  return { cpu: quantityMilli(allocatable['cpu'] ?? '0'), memory: quantityValue(allocatable['memory'] ?? '0') };
}

function running(pods: readonly Pod[]): Pod[] {
  return pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
}

function podLines(node: Node, pods: readonly Pod[], now: number): string[] {
  const { cpu, memory } = wholeOf(node);
  const rows = running(pods).map((pod) => {
    const sum = sumOf(pod);
    const cells = [
      `${formatMilli(sum.cpuRequests)} ${share(sum.cpuRequests, cpu)}`,
      `${formatMilli(sum.cpuLimits)} ${share(sum.cpuLimits, cpu)}`,
      `${formatBytes(sum.memoryRequests)} ${share(sum.memoryRequests, memory)}`,
      `${formatBytes(sum.memoryLimits)} ${share(sum.memoryLimits, memory)}`,
    ];
    return `  ${pod.metadata?.namespace}\t${pod.metadata?.name}\t\t${cells.join('\t')}\t${ageText(pod.metadata?.creationTimestamp, now)}`;
  });
  return [
    `Non-terminated Pods:\t(${rows.length} in total)`,
    '  Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge',
    '  ---------\t----\t\t------------\t----------\t---------------\t-------------\t---',
    ...rows,
  ];
}

function allocatedLines(node: Node, pods: readonly Pod[]): string[] {
  const { cpu, memory } = wholeOf(node);
  const sums = running(pods).map(sumOf);
  const add = (pick: (sum: Sum) => number): number => sums.reduce((total, sum) => total + pick(sum), 0);
  const [cpuRequests, cpuLimits, memoryRequests, memoryLimits] = [add((s) => s.cpuRequests), add((s) => s.cpuLimits), add((s) => s.memoryRequests), add((s) => s.memoryLimits)];
  return [
    'Allocated resources:',
    '  (Total limits may be over 100 percent, i.e., overcommitted.)',
    '  Resource\tRequests\tLimits',
    '  --------\t--------\t------',
    `  cpu\t${formatMilli(cpuRequests)} ${share(cpuRequests, cpu)}\t${formatMilli(cpuLimits)} ${share(cpuLimits, cpu)}`,
    `  memory\t${formatBytes(memoryRequests)} ${share(memoryRequests, memory)}\t${formatBytes(memoryLimits)} ${share(memoryLimits, memory)}`,
    '  ephemeral-storage\t0 (0%)\t0 (0%)',
  ];
}
