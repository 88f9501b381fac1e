// pure: a ContainerSpec as the body of the engine's create call.
import type { ContainerResources, ContainerSpec, HostPort, Mount, NetworkMode } from '../container-runtime.ts';
import { identityLabels } from './labels.ts';

export const CPU_PERIOD_US = 100_000;
const LEAST_CPU_QUOTA_US = 1000;
const LEAST_CPU_SHARES = 2;
const MOST_CPU_SHARES = 262_144;
export const SHARES_PER_CORE = 1024;

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
    Domainname: joins ? undefined : spec.domainname,
    ExposedPorts: joins ? undefined : portSet(spec.exposedPorts),
    User: spec.user,
    StopSignal: spec.stopSignal,
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
    ...namespaces(spec),
    PidMode: pidMode(spec),
    Mounts: spec.mounts.map(bindMount),
    ...limits(spec.resources),
    GroupAdd: spec.groups,
    Privileged: spec.privileged,
    ReadonlyRootfs: spec.readOnlyRootFilesystem,
    CapAdd: spec.capabilities?.add,
    CapDrop: spec.capabilities?.drop,
    SecurityOpt: securityOptions(spec),
    ...(spec.unmaskedProc === true ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
    // The kernel parameters of a network are its holder's to set.
    Sysctls: ownsNames ? spec.sysctls : undefined,
    PortBindings: ownsNames ? portBindings(spec.hostPorts) : undefined,
    Dns: ownsNames ? spec.dns?.servers : undefined,
    // An empty list would stand for the host's; a dot alone stands for none.
    DnsSearch: ownsNames && spec.dns?.searches !== undefined ? (spec.dns.searches.length === 0 ? ['.'] : spec.dns.searches) : undefined,
    DnsOptions: ownsNames ? spec.dns?.options : undefined,
    // Whatever the engine's default driver is, logs must be readable back; the bound keeps a chatty pod off the disk.
    LogConfig: { Type: 'json-file', Config: { 'max-size': '20m', 'max-file': '5' } },
    RestartPolicy: { Name: 'no' },
    Runtime: spec.runtimeHandler,
  });
}

/** Containers of a Pod share network and IPC; PID only where the Pod asks for it. */
function namespaces({ network, hostIpc }: ContainerSpec): Readonly<Record<string, string>> {
  const [mode, ipc] = networkAndIpc(network);
  return { NetworkMode: mode, IpcMode: hostIpc === true ? 'host' : ipc };
}

function networkAndIpc(network: NetworkMode): readonly [network: string, ipc: string] {
  switch (network.type) {
    case 'own':
      return ['bridge', 'shareable'];
    case 'join':
      return [`container:${network.containerId}`, `container:${network.containerId}`];
    case 'host':
      return ['host', 'shareable'];
  }
}

function pidMode({ hostProcesses, shareProcessNamespaceWith }: ContainerSpec): string | undefined {
  if (hostProcesses === true) return 'host';
  return shareProcessNamespaceWith === undefined ? undefined : `container:${shareProcessNamespaceWith}`;
}

function securityOptions({ noNewPrivileges, seccomp, appArmor, seLinux = {} }: ContainerSpec): string[] | undefined {
  const options = [
    ...(noNewPrivileges === true ? ['no-new-privileges'] : []),
    ...(seccomp === undefined ? [] : [`seccomp=${seccomp}`]),
    ...(appArmor === undefined ? [] : [`apparmor=${appArmor}`]),
    ...Object.entries(seLinux).map(([part, value]) => `label=${part}:${value}`),
  ];
  return options.length === 0 ? undefined : options;
}

function portBindings(ports: readonly HostPort[] | undefined): Readonly<Record<string, object>> | undefined {
  if (ports === undefined) return undefined;
  const byPort = Map.groupBy(ports, ({ containerPort, protocol }) => `${containerPort}/${protocol.toLowerCase()}`);
  return Object.fromEntries([...byPort].map(([port, bindings]) => [port, bindings.map(({ hostIp, hostPort }) => ({ HostIp: hostIp, HostPort: String(hostPort) }))]));
}

function bindMount(mount: Mount): Readonly<Record<string, unknown>> {
  const options = mount.propagation === undefined ? {} : { BindOptions: { Propagation: mount.propagation } };
  return { Type: 'bind', Source: mount.hostPath, Target: mount.containerPath, ReadOnly: mount.readOnly, ...options };
}

/** Quota and period rather than NanoCpus, which the engine refuses above the machine's own number of cores. */
export function limits(resources: ContainerResources): Readonly<Record<string, number>> {
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
