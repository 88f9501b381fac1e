// Builders for the kubelet's pure tests: a Pod, its containers as a runtime would show them, and all that a plan sees.
import type { Container, Pod, PodSpec } from '../../src/api/generated/types.ts';
import { IMAGE_LABEL, RESTART_LEVEL_LABEL, SANDBOX_LABEL } from '../../src/kubelet/container-view.ts';
import { newPodMemory, type PodMemory } from '../../src/kubelet/pod-memory.ts';
import type { PodSeen } from '../../src/kubelet/pod-seen.ts';
import type { ContainerState, ImageInfo } from '../../src/kubelet/runtime/container-runtime.ts';

export const NOW = Date.UTC(2026, 0, 1, 12);
export const UID = 'uid-1';
export const IMAGE: ImageInfo = { id: 'sha256:1', tags: ['busybox:latest'], digests: [], sizeBytes: 1, user: '' };

export function aContainer(name: string, change: Partial<Container> = {}): Container {
  return { name, image: 'busybox', imagePullPolicy: 'IfNotPresent', ...change };
}

export function aPod(spec: Partial<PodSpec> = {}, change: Partial<Pod> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', uid: UID, generation: 1 },
    spec: { restartPolicy: 'Never', nodeName: 'node-1', containers: [aContainer('c')], ...spec },
    status: { phase: 'Pending' },
    ...change,
  };
}

export interface RunChange extends Partial<ContainerState> {
  readonly attempt?: number;
  readonly level?: number;
  readonly sandbox?: string;
}

/** A container of the Pod that runs since ten seconds ago, unless the change says otherwise. */
export function aRun(container: string, { attempt = 0, level = 0, sandbox, ...change }: RunChange = {}): ContainerState {
  return {
    id: `${container}-${attempt}`,
    identity: { namespace: 'ns', pod: 'p', podUid: UID, container, attempt },
    labels: { [IMAGE_LABEL]: 'busybox', [RESTART_LEVEL_LABEL]: String(level), ...(sandbox === undefined ? {} : { [SANDBOX_LABEL]: sandbox }) },
    image: 'busybox',
    imageId: 'sha256:1',
    phase: 'running',
    createdAt: NOW - 10_000,
    startedAt: NOW - 10_000,
    finishedAt: 0,
    exitCode: 0,
    oomKilled: false,
    resources: {},
    error: '',
    ip: sandbox === undefined ? '172.17.0.2' : '',
    logPath: '',
    ...change,
  };
}

export function anExit(container: string, exitCode: number, change: RunChange = {}): ContainerState {
  return aRun(container, { phase: 'exited', exitCode, finishedAt: NOW, ip: '', ...change });
}

export function seenOf(pod: Pod, containers: readonly ContainerState[] = [], change: Partial<Omit<PodSeen, 'memory'>> & { readonly memory?: Partial<PodMemory> } = {}): PodSeen {
  const { memory, ...rest } = change;
  return {
    pod,
    gone: false,
    containers,
    configVersion: 'v1',
    node: { name: 'node-1', hostIp: '10.0.0.1', runtimeName: 'docker' },
    now: NOW,
    ...rest,
    memory: { ...newPodMemory(pod.status ?? {}, NOW), ...memory },
  };
}

/** The memory of a loop that has every image of the Pod ready for this attempt. */
export function imagesReady(pod: Pod, attempt = 0): Pick<PodMemory, 'images'> {
  const all = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? []), ...(pod.spec?.ephemeralContainers ?? [])];
  return { images: new Map(all.map(({ name, image = '' }) => [name, { type: 'ready', reference: image, attempt, image: IMAGE }])) };
}
