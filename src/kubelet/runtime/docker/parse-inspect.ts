// pure: what the engine says about containers and images, as the port's own types.
import type { ContainerPhase, ContainerResources, ContainerState, ImageInfo } from '../container-runtime.ts';
import { CPU_PERIOD_US, SHARES_PER_CORE } from './create-args.ts';
import { asNumber, asRecord, asText, asTextRecord, asTexts } from './json-fields.ts';
import { readIdentity } from './labels.ts';

/** Undefined for a container that is not this cluster's. */
export function parseContainer(clusterId: string, json: unknown): ContainerState | undefined {
  const container = asRecord(json);
  const config = asRecord(container['Config']);
  const labels = asTextRecord(config['Labels']);
  const identity = readIdentity(clusterId, labels);
  if (identity === undefined) return undefined;
  const state = asRecord(container['State']);
  const phase = parsePhase(asText(state['Status']));
  const startedAt = parseTime(state['StartedAt']);
  const finishedAt = parseTime(state['FinishedAt']);
  return {
    id: asText(container['Id']),
    identity,
    labels,
    image: asText(config['Image']),
    imageId: asText(container['Image']),
    phase,
    createdAt: parseTime(container['Created']),
    // The engine notes the start once it has heard of it: a very short run may be over a few milliseconds before that.
    startedAt: phase === 'exited' && finishedAt > 0 ? Math.min(startedAt, finishedAt) : startedAt,
    finishedAt,
    exitCode: asNumber(state['ExitCode']),
    oomKilled: state['OOMKilled'] === true,
    resources: parseResources(asRecord(container['HostConfig'])),
    error: asText(state['Error']),
    ip: phase === 'running' && !joinsAnother(container) ? parseIp(container['NetworkSettings']) : '',
    logPath: asText(container['LogPath']),
  };
}

/** The numbers of create-args.ts, backwards: shares are rounded down on their way there. */
function parseResources(host: Readonly<Record<string, unknown>>): ContainerResources {
  const [memory, quota, period, shares] = ['Memory', 'CpuQuota', 'CpuPeriod', 'CpuShares'].map((name) => asNumber(host[name]));
  return {
    ...(memory! > 0 ? { memoryLimitBytes: memory } : {}),
    ...(quota! > 0 ? { cpuLimitMillis: Math.round((quota! * 1_000) / (period! || CPU_PERIOD_US)) } : {}),
    ...(shares! > 0 ? { cpuRequestMillis: Math.ceil((shares! * 1_000) / SHARES_PER_CORE) } : {}),
  };
}

/** "dead" is a container whose removal failed half-way: it has exited all the same. */
function parsePhase(status: string): ContainerPhase {
  switch (status) {
    case 'created':
      return 'created';
    case 'running':
    case 'paused':
    case 'restarting':
      return 'running';
    default:
      return 'exited';
  }
}

/** The engine writes "0001-01-01T00:00:00Z" for never. */
function parseTime(value: unknown): number {
  const ms = Date.parse(asText(value));
  return Number.isNaN(ms) || ms < 0 ? 0 : ms;
}

/** Podman tells the address of the other then. */
function joinsAnother(container: Readonly<Record<string, unknown>>): boolean {
  return asText(asRecord(container['HostConfig'])['NetworkMode']).startsWith('container:');
}

function parseIp(settings: unknown): string {
  const networks = Object.values(asRecord(asRecord(settings)['Networks']));
  const addresses = networks.map((network) => asText(asRecord(network)['IPAddress']));
  return addresses.find((address) => address !== '') ?? '';
}

export function parseImage(json: unknown): ImageInfo {
  const image = asRecord(json);
  return {
    id: asText(image['Id']),
    tags: asTexts(image['RepoTags']).filter((tag) => tag !== '<none>:<none>'),
    digests: asTexts(image['RepoDigests']).filter((digest) => digest !== '<none>@<none>'),
    sizeBytes: asNumber(image['Size']),
    user: asText(asRecord(image['Config'])['User']),
  };
}
