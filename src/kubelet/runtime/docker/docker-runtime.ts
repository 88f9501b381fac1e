// The Docker Engine behind the ContainerRuntime port.
import type { HostPrograms } from '../../../api/network/host-programs.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Logger } from '../../../base/log.ts';
import type { ContainerRuntime, RuntimeVersion } from '../container-runtime.ts';
import { attachToContainer } from './attach.ts';
import {
  createContainer,
  inspectContainer,
  killContainer,
  listContainers,
  listIds,
  mapInParallel,
  removeContainer,
  resizeContainer,
  startContainer,
  stopContainer,
  type EngineContext,
} from './containers.ts';
import type { Endpoint } from './endpoint.ts';
import { createEngineClient } from './engine-client.ts';
import { tolerating, translated } from './engine-errors.ts';
import { readEvents } from './events.ts';
import { execInContainer } from './exec.ts';
import { createHostPrograms } from './host-programs.ts';
import { ensureSandboxImage, findImage, listImages, pullImage } from './images.ts';
import { asList, asNumber, asRecord, asText } from './json-fields.ts';
import { CLUSTER_LABEL } from './labels.ts';
import { readLastIp } from './last-ip.ts';
import { readLogs } from './logs.ts';
import { connectLoopback } from './loopback.ts';
import { openFolders } from './open-folders.ts';
import { readContainerFile } from './read-file.ts';
import { readCounters } from './stats.ts';

export interface DockerRuntime extends ContainerRuntime {
  /** Programs of the engine's host, run as root. */
  readonly hostPrograms: HostPrograms;
  /** Breaks off every call under way. */
  close(): void;
}

export function createDockerRuntime(options: {
  readonly endpoint: Endpoint;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly log: Logger;
}): DockerRuntime {
  const { clusterId, clock, log } = options;
  const client = createEngineClient(options.endpoint);
  const context = { client, clusterId, clock, log, startErrors: new Map<string, string>() };
  return {
    hostPrograms: createHostPrograms(context),
    version: () => readVersion(context),
    list: (filter) => listContainers(context, filter),
    inspect: (id) => inspectContainer(context, id),
    create: (spec) => createContainer(context, spec),
    start: (id) => startContainer(context, id),
    resize: (id, resources) => resizeContainer(context, id, resources),
    stop: (id, grace) => stopContainer(context, id, grace),
    kill: (id, signal) => killContainer(context, id, signal),
    remove: (id) => removeContainer(context, id),
    logs: (id, query) => readLogs(context, id, query),
    exec: (id, exec) => execInContainer(context, id, exec),
    attach: (id, attach) => attachToContainer(context, id, attach),
    counters: (ids) => readCounters(context, ids),
    connectLoopback: (id, port) => connectLoopback(context, id, port),
    image: (reference) => findImage(context, reference),
    images: () => listImages(context),
    pull: (reference, pull) => pullImage(context, reference, pull),
    readFile: (id, path, limitBytes) => readContainerFile(context, id, { path, limitBytes }),
    lastIp: (id) => readLastIp(context, id),
    openFolders: (root, folders) => openFolders(context, { root, folders }),
    sandboxImage: () => ensureSandboxImage(context),
    events: (signal) => readEvents(context, signal),
    reset: () => reset(context),
    close: () => client.close(),
  };
}

async function readVersion(context: EngineContext): Promise<RuntimeVersion> {
  const get = (path: string) => translated(() => context.client.json({ method: 'GET', path }));
  const [version, info, bridge] = (await Promise.all([get('/version'), get('/info'), get('/networks/bridge')])).map(asRecord);
  const [addressing] = asList(asRecord(bridge?.['IPAM'])['Config']).map(asRecord);
  return {
    name: 'docker',
    version: asText(version?.['Version']),
    apiVersion: await context.client.apiVersion(),
    operatingSystem: asText(info?.['OperatingSystem']),
    kernelVersion: asText(info?.['KernelVersion']),
    architecture: asText(info?.['Architecture']),
    cpus: asNumber(info?.['NCPU']),
    memoryBytes: asNumber(info?.['MemTotal']),
    dataDir: asText(info?.['DockerRootDir']),
    handlers: Object.keys(asRecord(info?.['Runtimes'])),
    gateway: asText(addressing?.['Gateway']) || firstAddress(asText(addressing?.['Subnet'])),
  };
}

/** An engine that chose the subnet itself may not name the gateway: it is the first address then. */
function firstAddress(subnet: string): string {
  const [network = ''] = subnet.split('/');
  return network.replace(/\d+$/, (last) => String(Number(last) + 1));
}

/** Containers first: networks and volumes are held by them. */
async function reset(context: EngineContext): Promise<void> {
  const labels = [`${CLUSTER_LABEL}=${context.clusterId}`];
  // Podman removes no container that others have joined: those are left for a second round.
  await mapInParallel(await listIds(context, labels), (id) => removeContainer(context, id).catch(() => {}));
  await mapInParallel(await listIds(context, labels), (id) => removeContainer(context, id));
  const query = { filters: JSON.stringify({ label: labels }) };
  const get = (path: string) => translated(() => context.client.json({ method: 'GET', path, query }));
  const networks = asList(await get('/networks')).map((network) => `/networks/${asText(asRecord(network)['Id'])}`);
  const volumes = asList(asRecord(await get('/volumes'))['Volumes']);
  const volumePaths = volumes.map((volume) => `/volumes/${asText(asRecord(volume)['Name'])}`);
  await mapInParallel([...networks, ...volumePaths], (path) =>
    translated(() => tolerating([404], undefined, () => context.client.done({ method: 'DELETE', path }))),
  );
}
