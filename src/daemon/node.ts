// The one node: the kubelet over the Docker Engine of this host.
import { hostname, networkInterfaces } from 'node:os';
import type { AttemptLimits } from '../api/attempt/attempt-limits.ts';
import type { PodNetwork } from '../api/pod/pod-network.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder-contract.ts';
import { createKubelet, type Kubelet, type KubeletOptions } from '../kubelet/kubelet.ts';
import type { DockerRuntime } from '../kubelet/runtime/docker/docker-runtime.ts';
import { VolumeFolders } from '../kubelet/volumes/volume-folders.ts';
import { externalAddresses } from './external-addresses.ts';
import type { HomePaths } from './paths.ts';
import { GIT_VERSION } from './version.ts';

export interface NodeOptions {
  readonly paths: HomePaths;
  readonly clock: Clock;
  readonly log: Logger;
  readonly runtime: DockerRuntime;
  /** Of this machine, for node ports; as the user gave them. */
  readonly nodeAddresses: readonly string[];
  readonly attemptLimits: AttemptLimits;
  readonly network: PodNetwork;
  readonly client: (nodeName: string) => Client;
  readonly recorder: (nodeName: string) => EventRecorder;
  readonly informers: KubeletOptions['informers'];
  readonly serviceEnv: NonNullable<KubeletOptions['serviceEnv']>;
  readonly clusterDns: NonNullable<KubeletOptions['clusterDns']>;
}

export interface RunningNode {
  readonly name: string;
  /** Resolves when the engine has answered and the node is registered. */
  readonly ready: Promise<void>;
  readonly logs: Kubelet['logs'];
  readonly streams: Kubelet['streams'];
  readonly attempts: Kubelet['attempts'];
  readonly usage: Kubelet['usage'];
  readonly volumeFolders: VolumeFolders;
  stop(): Promise<void>;
}

/** Returns at once: the engine may be started later, Pods wait for it until then. */
export function startNode(options: NodeOptions): RunningNode {
  const { paths, clock, log, runtime, informers } = options;
  const nodeName = nodeNameOf(hostname());
  const kubelet = createKubelet({
    client: options.client(nodeName),
    informers,
    runtime,
    recorder: options.recorder(nodeName),
    clock,
    log: log.with({ component: 'kubelet' }),
    nodeName,
    kubeletVersion: GIT_VERSION,
    externalIps: externalAddresses(options.nodeAddresses, networkInterfaces()),
    podsDir: paths.pods,
    attemptsDir: paths.attempts,
    seccompDir: paths.seccomp,
    attemptLimits: options.attemptLimits,
    serviceEnv: options.serviceEnv,
    clusterDns: options.clusterDns,
    network: options.network,
  });
  kubelet.start();
  return {
    name: nodeName,
    ready: kubelet.ready,
    logs: kubelet.logs,
    streams: kubelet.streams,
    attempts: kubelet.attempts,
    usage: kubelet.usage,
    volumeFolders: new VolumeFolders({ root: paths.volumes, openFolders: (root, folders) => runtime.openFolders(root, folders) }),
    stop: () => kubelet.stop(),
  };
}

/** The host's name as upstream's kubelet uses it, reduced to what an object may be called. */
function nodeNameOf(host: string): string {
  const name = host.toLowerCase().replace(/[^a-z0-9.-]/g, '-').replace(/^[-.]+|[-.]+$/g, '');
  return name === '' ? 'minik' : name;
}
