// What the loops of all Pods share.
import type { PodNetwork } from '../api/pod/pod-network.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder-contract.ts';
import type { AttemptArchive } from './archive/attempt-archive.ts';
import type { ConfigSource } from './config-source.ts';
import type { PodFacts } from './downward-api.ts';
import type { ImageStore } from './image-store.ts';
import type { NodeFacts, NodeRoom } from './pod-seen.ts';
import type { ContainerRuntime } from './runtime/container-runtime.ts';
import type { TokenSource } from './tokens/token-source.ts';
import type { VolumeStore } from './volumes/volume-store.ts';

export interface KubeletContext {
  readonly client: Client;
  readonly runtime: ContainerRuntime;
  readonly images: ImageStore;
  readonly volumes: VolumeStore;
  readonly archive: AttemptArchive;
  readonly config: ConfigSource;
  readonly tokens: TokenSource;
  /** Where profiles lie that a Pod may name. */
  readonly seccompDir: string;
  /** The engine's, as it last described itself. */
  readonly runtimeHandlers: () => readonly string[];
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the kubelet stops. */
  readonly signal: AbortSignal;
  /** As the engine last described itself. */
  readonly node: () => NodeFacts & Pick<PodFacts, 'allocatable'>;
  /** What the node has for a Pod that wants to grow. */
  readonly room: (podUid: string) => NodeRoom;
  readonly network: PodNetwork;
  /** Resolves with the address of the cluster's DNS server, undefined where there is none; absent: nobody knows of any. */
  readonly clusterDns?: () => Promise<string | undefined>;
  /** Environment that every container of the namespace gets: addresses of Services; without links the API's alone. */
  readonly serviceEnv: (namespace: string, options: { readonly links: boolean }) => Promise<readonly (readonly [name: string, value: string])[]>;
}
