// pure: the Node object of this machine, from what the container engine says about itself.
import type { ContainerImage, Node, NodeCondition, NodeStatus } from '../api/generated/types.ts';
import { toTime } from '../api/time.ts';
import type { ImageInfo, RuntimeVersion } from './runtime/container-runtime.ts';

export interface NodeSeen {
  readonly name: string;
  readonly kubeletVersion: string;
  /** Of this machine, where node ports are open for others, too. */
  readonly externalIps?: readonly string[];
  /** Undefined when the engine does not answer; `why` says so then. */
  readonly runtime: RuntimeVersion | undefined;
  readonly why: string;
  readonly images: readonly ImageInfo[];
  readonly machine: MachineFacts;
  /** The path of a disk that is nearly full. */
  readonly pressedDisk?: string;
  readonly now: number;
}

export interface MachineFacts {
  readonly machineId: string;
  readonly bootId: string;
  readonly storageBytes: number;
}

const MOST_PODS = '110';
const MOST_IMAGES = 50;
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm', i686: '386' };

export function nodeObject(seen: Pick<NodeSeen, 'name' | 'runtime'>): Node {
  const arch = architecture(seen.runtime);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: seen.name,
      labels: {
        ...(arch === '' ? {} : { 'kubernetes.io/arch': arch, 'beta.kubernetes.io/arch': arch }),
        'kubernetes.io/os': 'linux',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/hostname': seen.name,
        'node-role.kubernetes.io/control-plane': '',
      },
    },
    spec: {},
  };
}

/** Without an engine the last known facts stay; only the conditions tell. */
export function nodeStatus(seen: NodeSeen, before: NodeStatus): NodeStatus {
  const { runtime, name } = seen;
  const conditions = nodeConditions(seen, before.conditions ?? []);
  if (runtime === undefined) return { ...before, conditions };
  const resources = {
    cpu: String(runtime.cpus),
    'ephemeral-storage': `${Math.floor(seen.machine.storageBytes / 1_024)}Ki`,
    memory: `${Math.floor(runtime.memoryBytes / 1_024)}Ki`,
    pods: MOST_PODS,
  };
  return {
    ...before,
    addresses: [
      { type: 'InternalIP', address: runtime.gateway },
      ...(seen.externalIps ?? []).map((address) => ({ type: 'ExternalIP', address })),
      { type: 'Hostname', address: name },
    ],
    capacity: resources,
    allocatable: resources,
    conditions,
    nodeInfo: {
      architecture: architecture(runtime),
      bootID: seen.machine.bootId,
      containerRuntimeVersion: `${runtime.name}://${runtime.version}`,
      kernelVersion: runtime.kernelVersion,
      kubeProxyVersion: seen.kubeletVersion,
      kubeletVersion: seen.kubeletVersion,
      machineID: seen.machine.machineId,
      operatingSystem: 'linux',
      osImage: runtime.operatingSystem,
      systemUUID: seen.machine.machineId,
    },
    images: nodeImages(seen.images),
  };
}

function nodeConditions({ runtime, why, pressedDisk, now }: NodeSeen, before: readonly NodeCondition[]): NodeCondition[] {
  const ready =
    runtime === undefined
      ? { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: `container engine is not available: ${why}` }
      : { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  const facts = [
    { type: 'MemoryPressure', status: 'False', reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available' },
    pressedDisk === undefined
      ? { type: 'DiskPressure', status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' }
      : { type: 'DiskPressure', status: 'True', reason: 'KubeletHasDiskPressure', message: `kubelet has disk pressure: little is left of the disk of ${pressedDisk}` },
    { type: 'PIDPressure', status: 'False', reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available' },
    ready,
  ];
  const time = toTime(now);
  return facts.map((fact) => {
    const known = before.find(({ type }) => type === fact.type);
    const lastTransitionTime = known?.status === fact.status ? (known.lastTransitionTime ?? time) : time;
    return { ...fact, lastHeartbeatTime: time, lastTransitionTime };
  });
}

/** The largest first, as upstream reports them. */
function nodeImages(images: readonly ImageInfo[]): ContainerImage[] {
  return images
    .map(({ tags, digests, sizeBytes }) => ({ names: [...digests, ...tags], sizeBytes }))
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, MOST_IMAGES);
}

function architecture(runtime: RuntimeVersion | undefined): string {
  return runtime === undefined ? '' : (ARCHITECTURES[runtime.architecture] ?? runtime.architecture);
}
