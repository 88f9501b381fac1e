// pure: what a Pod may learn about itself: fields of its object and resources of its containers.
import type { Container, ObjectFieldSelector, Pod, ResourceFieldSelector } from '../api/generated/types.ts';
import { containersOfPod } from '../api/pod/pod-containers.ts';
import { ConfigError } from './config-objects.ts';
import { quotientOf } from './container-resources.ts';

export interface PodFacts {
  readonly pod: Pod;
  readonly podIp: string;
  readonly hostIp: string;
  readonly allocatable: { readonly cpuMillis: number; readonly memoryBytes: number };
}

export function fieldValue({ pod, podIp, hostIp }: PodFacts, { fieldPath }: ObjectFieldSelector): string {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(fieldPath);
  if (keyed !== null) return (keyed[1] === 'labels' ? metadata?.labels : metadata?.annotations)?.[keyed[2]!] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return metadata?.name ?? '';
    case 'metadata.namespace':
      return metadata?.namespace ?? '';
    case 'metadata.uid':
      return metadata?.uid ?? '';
    case 'metadata.labels':
      return pairs(metadata?.labels);
    case 'metadata.annotations':
      return pairs(metadata?.annotations);
    case 'spec.nodeName':
      return spec?.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIp;
    case 'status.podIP':
    case 'status.podIPs':
      return podIp;
    default:
      throw new ConfigError(`unsupported fieldPath: ${fieldPath}`);
  }
}

/** One line each, sorted, the values quoted as Go quotes strings. */
function pairs(map: Readonly<Record<string, string>> = {}): string {
  return Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}

/** `own` is the container that asks, unless the selector names another. */
export function resourceValue({ pod, allocatable }: PodFacts, selector: ResourceFieldSelector, own?: Container): string {
  const name = selector.containerName;
  const all = containersOfPod(pod);
  const container = name === undefined || name === '' ? own : all.find((candidate) => candidate.name === name);
  if (container === undefined) throw new ConfigError(`container ${name ?? ''} not found`);
  const [kind, resource = ''] = selector.resource.split(/\.(.*)/s);
  if (kind !== 'limits' && kind !== 'requests') throw new ConfigError(`unsupported container resource : ${selector.resource}`);
  const { limits = {}, requests = {} } = container.resources ?? {};
  const stated = kind === 'limits' ? limits[resource] : requests[resource];
  const quantity = stated ?? (kind === 'limits' ? wholeNode(allocatable, resource) : '0');
  return quotientOf(quantity, selector.divisor);
}

/** Without a limit a container may use what the node has. */
function wholeNode(allocatable: PodFacts['allocatable'], resource: string): string {
  if (resource === 'cpu') return `${allocatable.cpuMillis}m`;
  return resource === 'memory' ? String(allocatable.memoryBytes) : '0';
}
