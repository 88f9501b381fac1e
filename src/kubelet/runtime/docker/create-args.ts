// pure: a ContainerSpec as the body of the engine's create call.
import type { ContainerResources, ContainerSpec, Mount, NetworkMode } from '../container-runtime.ts';
import { identityLabels } from './labels.ts';

const CPU_PERIOD_US = 100_000;
const LEAST_CPU_QUOTA_US = 1000;
const LEAST_CPU_SHARES = 2;
const MOST_CPU_SHARES = 262_144;
const SHARES_PER_CORE = 1024;

/** `image` is the reference to hand over; the rest follows the spec. */
export function createArgs(clusterId: string, spec: ContainerSpec, image: string): Readonly<Record<string, unknown>> {
  const joins = spec.network.type === 'join';
  return withoutAbsent({
    Image: image,
    Entrypoint: spec.entrypoint,
    Cmd: spec.cmd,
    Env: spec.env.map(([name, value]) => `${name}=${value}`),
    WorkingDir: spec.workingDir,
    // The engine refuses names and ports on a container that lives in another's network namespace.
    Hostname: joins ? undefined : spec.hostname,
    ExposedPorts: joins ? undefined : portSet(spec.exposedPorts),
    User: spec.user,
    Tty: spec.tty,
    OpenStdin: spec.stdin,
    StdinOnce: spec.stdinOnce,
    Labels: { ...spec.labels, ...identityLabels(clusterId, spec.identity) },
    HostConfig: hostConfig(spec),
  });
}

function hostConfig(spec: ContainerSpec): Readonly<Record<string, unknown>> {
  const ownsNames = spec.network.type !== 'join';
  return withoutAbsent({
    ...namespaces(spec.network),
    PidMode: spec.shareProcessNamespaceWith === undefined ? undefined : `container:${spec.shareProcessNamespaceWith}`,
    Mounts: spec.mounts.map(bindMount),
    ...limits(spec.resources),
    GroupAdd: spec.groups,
    Privileged: spec.privileged,
    ReadonlyRootfs: spec.readOnlyRootFilesystem,
    CapAdd: spec.capabilities?.add,
    CapDrop: spec.capabilities?.drop,
    SecurityOpt: spec.noNewPrivileges === true ? ['no-new-privileges'] : undefined,
    ExtraHosts: ownsNames ? spec.extraHosts : undefined,
    Dns: ownsNames ? spec.dns?.servers : undefined,
    DnsSearch: ownsNames ? spec.dns?.searches : undefined,
    DnsOptions: ownsNames ? spec.dns?.options : undefined,
    // Whatever the engine's default driver is, logs must be readable back; the bound keeps a chatty pod off the disk.
    LogConfig: { Type: 'json-file', Config: { 'max-size': '20m', 'max-file': '5' } },
    RestartPolicy: { Name: 'no' },
  });
}

/** Containers of a Pod share network and IPC; PID only where the Pod asks for it. */
function namespaces(network: NetworkMode): Readonly<Record<string, string>> {
  switch (network.type) {
    case 'own':
      return { NetworkMode: 'bridge', IpcMode: 'shareable' };
    case 'join':
      return { NetworkMode: `container:${network.containerId}`, IpcMode: `container:${network.containerId}` };
    case 'host':
      return { NetworkMode: 'host', IpcMode: 'shareable' };
  }
}

function bindMount(mount: Mount): Readonly<Record<string, unknown>> {
  return { Type: 'bind', Source: mount.hostPath, Target: mount.containerPath, ReadOnly: mount.readOnly };
}

/** Quota and period rather than NanoCpus, which the engine refuses above the machine's own number of cores. */
function limits(resources: ContainerResources): Readonly<Record<string, number>> {
  const { memoryLimitBytes, cpuLimitMillis, cpuRequestMillis } = resources;
  return {
    // Equal numbers mean no swap, as on a Kubernetes node.
    ...(memoryLimitBytes && { Memory: memoryLimitBytes, MemorySwap: memoryLimitBytes }),
    ...(cpuLimitMillis && {
      CpuPeriod: CPU_PERIOD_US,
      CpuQuota: Math.max(LEAST_CPU_QUOTA_US, Math.ceil((cpuLimitMillis * CPU_PERIOD_US) / 1000)),
    }),
    ...(cpuRequestMillis !== undefined && { CpuShares: cpuShares(cpuRequestMillis) }),
  };
}

function cpuShares(millis: number): number {
  return Math.min(MOST_CPU_SHARES, Math.max(LEAST_CPU_SHARES, Math.floor((millis * SHARES_PER_CORE) / 1000)));
}

function portSet(ports: readonly string[] | undefined): Readonly<Record<string, object>> | undefined {
  return ports === undefined ? undefined : Object.fromEntries(ports.map((port) => [port, {}]));
}

function withoutAbsent(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
