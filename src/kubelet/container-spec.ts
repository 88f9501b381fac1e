// pure: a container of a Pod, its surroundings resolved, as the ContainerSpec that the runtime creates.
import type { Container, Pod } from '../api/generated/types.ts';
import { ownerLabels, ownerOf } from './archive/attempt-owner.ts';
import { containerResources } from './container-resources.ts';
import { IMAGE_LABEL, RESTART_LEVEL_LABEL, SANDBOX_LABEL } from './container-view.ts';
import { expand } from './expansion.ts';
import type { NetworkNames } from './names/network-names.ts';
import { SANDBOX, type ContainerSpec, type HostPort, type ImageInfo, type Mount, type NetworkMode } from './runtime/container-runtime.ts';
import { sandboxKind } from './sandbox-rule.ts';
import { privileges } from './security-context.ts';

export interface ContainerSetting {
  readonly attempt: number;
  readonly restartLevel: number;
  /** The pause container to join; undefined: own network, or the host's. */
  readonly sandboxId: string | undefined;
  /** The container whose processes are to be seen; undefined: none but its own, unless the Pod shares them. */
  readonly processesOf?: string;
  readonly image: ImageInfo;
  readonly env: ReadonlyMap<string, string>;
  readonly mounts: readonly Mount[];
  /** Of its network; those of one that it joins rule. */
  readonly names: NetworkNames;
}

/** Throws ConfigError when the Pod asks for what its image does not allow. */
export function containerSpec(pod: Pod, container: Container, setting: ContainerSetting): ContainerSpec {
  const { attempt, sandboxId, env } = setting;
  const resolve = (texts: readonly string[] | undefined): readonly string[] | undefined =>
    texts === undefined || texts.length === 0 ? undefined : texts.map((text) => expand(text, (name) => env.get(name)));
  const entrypoint = resolve(container.command);
  const cmd = resolve(container.args);
  const isJoined = sandboxId !== undefined;
  return {
    identity: { ...podIdentity(pod), container: container.name, attempt },
    image: container.image ?? '',
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    env: [...env],
    ...(container.workingDir === undefined || container.workingDir === '' ? {} : { workingDir: container.workingDir }),
    ...(isJoined ? {} : setting.names),
    network: isJoined ? { type: 'join', containerId: sandboxId } : ownNetwork(pod),
    mounts: setting.mounts,
    resources: containerResources(container),
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    tty: container.tty ?? false,
    ...(container.lifecycle?.stopSignal === undefined ? {} : { stopSignal: container.lifecycle.stopSignal }),
    ...privileges(pod, container, setting.image.user),
    ...(isJoined ? {} : { exposedPorts: ports(container), ...networkSettings(pod, [container]) }),
    ...hostNamespaces(pod),
    ...sharedProcesses(pod, setting),
    labels: {
      ...ownerLabels(ownerOf(pod, container.name)),
      [IMAGE_LABEL]: container.image ?? '',
      [RESTART_LEVEL_LABEL]: String(setting.restartLevel),
      ...(isJoined ? { [SANDBOX_LABEL]: sandboxId } : {}),
    },
  };
}

/** The pause container: it holds network, host name and name resolution for the others. */
export function sandboxSpec(pod: Pod, options: { readonly attempt: number; readonly image: string; readonly names: NetworkNames }): ContainerSpec {
  return {
    identity: { ...podIdentity(pod), container: SANDBOX, attempt: options.attempt },
    image: options.image,
    env: [],
    ...options.names,
    network: ownNetwork(pod),
    mounts: [],
    resources: {},
    stdin: false,
    stdinOnce: false,
    tty: false,
    exposedPorts: (pod.spec?.containers ?? []).flatMap(ports),
    ...networkSettings(pod, [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])]),
    ...(pod.spec?.hostIPC === true ? { hostIpc: true } : {}),
  };
}

function sharedProcesses({ spec }: Pod, { sandboxId, processesOf }: ContainerSetting): Pick<ContainerSpec, 'shareProcessNamespaceWith'> {
  const holder = processesOf ?? (spec?.shareProcessNamespace === true ? sandboxId : undefined);
  return holder === undefined ? {} : { shareProcessNamespaceWith: holder };
}

function podIdentity({ metadata }: Pod): { namespace: string; pod: string; podUid: string } {
  return { namespace: metadata?.namespace ?? '', pod: metadata?.name ?? '', podUid: metadata?.uid ?? '' };
}

function ownNetwork(pod: Pod): NetworkMode {
  return sandboxKind(pod) === 'host' || pod.spec?.hostNetwork === true ? { type: 'host' } : { type: 'own' };
}

/** What belongs to the holder of the network: its kernel parameters, and the host's ports that lead to it. */
function networkSettings({ spec }: Pod, containers: readonly Container[]): Pick<ContainerSpec, 'sysctls' | 'hostPorts'> {
  const sysctls = Object.fromEntries((spec?.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value]));
  const hostPorts = spec?.hostNetwork === true ? [] : containers.flatMap(portsOfHost);
  return { ...(Object.keys(sysctls).length === 0 ? {} : { sysctls }), ...(hostPorts.length === 0 ? {} : { hostPorts }) };
}

function hostNamespaces({ spec }: Pod): Pick<ContainerSpec, 'hostProcesses' | 'hostIpc'> {
  return { ...(spec?.hostPID === true ? { hostProcesses: true } : {}), ...(spec?.hostIPC === true ? { hostIpc: true } : {}) };
}

function portsOfHost({ ports = [] }: Container): HostPort[] {
  return ports.flatMap(({ hostIP = '', hostPort = 0, containerPort, protocol = 'TCP' }) => (hostPort === 0 ? [] : [{ hostIp: hostIP, hostPort, containerPort, protocol }]));
}

function ports(container: Container): readonly string[] {
  return (container.ports ?? []).map(({ containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol.toLowerCase()}`);
}
