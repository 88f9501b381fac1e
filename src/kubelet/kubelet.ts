// The kubelet: a loop for each Pod bound to this node, woken by the API and by the container engine. What the engine has
// is adopted before the first Pod is touched, so nothing runs twice; what belongs to no Pod any more is cleaned up.
import type { AttemptLimits } from '../api/attempt/attempt-limits.ts';
import type { AttemptSource } from '../api/attempt/attempt-source.ts';
import type { Pod } from '../api/generated/types.ts';
import type { KubeObject } from '../api/object.ts';
import { OPEN_NETWORK, type PodNetwork } from '../api/pod/pod-network.ts';
import type { UsageSource } from '../api/usage/usage-source.ts';
import { backoffDelayMs } from '../base/backoff.ts';
import { sleep, type Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder-contract.ts';
import type { Informer, InformerChange } from '../client/informer-contract.ts';
import type { ConfigReference } from './config-objects.ts';
import { ConfigSource, type ConfigInformers } from './config-source.ts';
import { ImageStore } from './image-store.ts';
import { AttemptArchive } from './archive/attempt-archive.ts';
import { createAttemptSource } from './archive/attempt-source.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { addedResources } from '../api/pod/pod-resources.ts';
import type { PodLogs } from '../api/pod/pod-logs.ts';
import type { PodStreams } from '../api/pod/pod-streams.ts';
import { createPodLogs } from './logs.ts';
import { NodeReporter } from './node-reporter.ts';
import { readDisks } from './read-disks.ts';
import { PodLoop } from './pod-loop.ts';
import type { NodeRoom } from './pod-seen.ts';
import { createPodStreams } from './pod-streams.ts';
import type { ContainerRuntime, ContainerState, RuntimeEvent } from './runtime/container-runtime.ts';
import { TokenSource } from './tokens/token-source.ts';
import { readMachineCounters, type MachineCounters } from './usage/machine-counters.ts';
import { createUsageSource } from './usage/usage-source.ts';
import { isTerminalPhase } from './verdict.ts';
import { MEMORY_DIR, VolumeStore } from './volumes/volume-store.ts';

export interface KubeletOptions {
  readonly client: Client;
  readonly informers: ConfigInformers & { readonly pods: Informer<Pod> };
  readonly runtime: ContainerRuntime;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
  readonly nodeName: string;
  /** "v1.35.0+minik" */
  readonly kubeletVersion: string;
  /** Of this machine, where node ports are open for others, too. */
  readonly externalIps?: readonly string[];
  /** $MINIK_HOME/pods */
  readonly podsDir: string;
  /** $MINIK_HOME/attempts */
  readonly attemptsDir: string;
  readonly attemptLimits: AttemptLimits;
  /** $MINIK_HOME/seccomp */
  readonly seccompDir: string;
  /** A folder on tmpfs for emptyDir of medium Memory. */
  readonly memoryDir?: string;
  /** Counters of the whole machine; this one's, unless said. */
  readonly readMachine?: () => Promise<MachineCounters>;
  /** Guards the addresses of Pods that policies select; unless said, nothing is filtered. */
  readonly network?: PodNetwork;
  /** What is left of the disks of these folders; this machine's, unless said. */
  readonly readDisks?: typeof readDisks;
  /** Addresses of Services as environment of the containers of a namespace. */
  readonly serviceEnv?: KubeletContext['serviceEnv'];
  readonly clusterDns?: KubeletContext['clusterDns'];
}

export interface Kubelet {
  /** Returns at once; the engine may come later. */
  start(): void;
  /** Resolves when the first round is done: engine answered, containers adopted, Node reported. */
  readonly ready: Promise<void>;
  /** Containers go on running: the next start adopts them. */
  stop(): Promise<void>;
  readonly logs: PodLogs;
  readonly streams: PodStreams;
  readonly attempts: AttemptSource;
  readonly usage: UsageSource;
}

const ADOPT_RETRY_BASE_MS = 250;
const ADOPT_RETRY_CAP_MS = 5_000;

export function createKubelet(options: KubeletOptions): Kubelet {
  const kubelet = new NodeKubelet(options);
  return { start: () => kubelet.start(), ready: kubelet.ready, stop: () => kubelet.stop(), logs: kubelet.logs, streams: kubelet.streams, attempts: kubelet.attempts, usage: kubelet.usage };
}

class NodeKubelet {
  readonly #options: KubeletOptions;
  readonly #abort = new AbortController();
  readonly #context: KubeletContext;
  readonly #node: NodeReporter;
  readonly #loops = new Map<string, PodLoop>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #warned = new Set<string>();
  readonly #early: RuntimeEvent[] = [];
  readonly logs: PodLogs;
  readonly streams: PodStreams;
  readonly attempts: AttemptSource;
  readonly usage: UsageSource;
  #isAdopted = false;
  #unsubscribe: readonly (() => void)[] = [];
  #tasks: readonly Promise<void>[] = [];

  constructor(options: KubeletOptions) {
    const { client, clock, log, recorder, runtime, nodeName, kubeletVersion, podsDir, informers } = options;
    const { signal } = this.#abort;
    const archive = new AttemptArchive({ folder: options.attemptsDir, limits: options.attemptLimits, clock, log });
    this.#options = options;
    this.#node = new NodeReporter({ client, runtime, clock, log, nodeName, kubeletVersion, dataDir: podsDir, recorder, readDisks: options.readDisks ?? readDisks, ...(options.externalIps === undefined ? {} : { externalIps: options.externalIps }) });
    this.#context = {
      client,
      runtime,
      recorder,
      clock,
      log,
      signal,
      archive,
      images: new ImageStore({ runtime, clock, signal }),
      volumes: new VolumeStore({ podsDir, memoryDir: options.memoryDir ?? MEMORY_DIR, openFolders: (root, folders) => runtime.openFolders(root, folders) }),
      config: new ConfigSource({ client, informers }),
      tokens: new TokenSource({ client, clock }),
      seccompDir: options.seccompDir,
      runtimeHandlers: () => this.#node.runtime?.handlers ?? [],
      node: () => this.#nodeFacts(),
      room: (podUid) => this.#roomBeside(podUid),
      network: options.network ?? OPEN_NETWORK,
      ...(options.clusterDns === undefined ? {} : { clusterDns: options.clusterDns }),
      serviceEnv: options.serviceEnv ?? (async () => []),
    };
    this.attempts = createAttemptSource({ archive, runtime, live: () => [...this.#loops.values()].flatMap((loop) => loop.attempts) });
    const containers = { runtime, containersOf: (uid: string) => this.#loops.get(uid)?.containers };
    this.logs = createPodLogs(containers);
    this.streams = createPodStreams(containers);
    this.usage = createUsageSource({ runtime, clock, signal, nodeName, containersOf: (uid) => this.#loops.get(uid)?.containers ?? [], readMachine: options.readMachine ?? (() => readMachineCounters(clock)) });
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  start(): void {
    const { pods, configMaps, secrets, claims } = this.#options.informers;
    this.#unsubscribe = [
      pods.onChange((change) => this.#podChanged(change)),
      configMaps.onChange((change) => this.#configChanged('ConfigMap', change)),
      secrets.onChange((change) => this.#configChanged('Secret', change)),
      claims.onChange((change) => this.#configChanged('PersistentVolumeClaim', change)),
    ];
    this.#tasks = [this.#followEngine(), this.#adoptUntilDone()];
  }

  async stop(): Promise<void> {
    this.#abort.abort(new Error('the kubelet stops'));
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.#node.stop();
    await Promise.all([...this.#loops.values()].map((loop) => loop.stop()));
    await Promise.allSettled(this.#tasks);
  }

  #nodeFacts(): ReturnType<KubeletContext['node']> {
    const { gateway = '', name = 'docker', cpus = 0, memoryBytes = 0 } = this.#node.runtime ?? {};
    return { name: this.#options.nodeName, hostIp: gateway, runtimeName: name, allocatable: { cpuMillis: cpus * 1_000, memoryBytes } };
  }

  #roomBeside(podUid: string): NodeRoom {
    const { cpuMillis, memoryBytes } = this.#nodeFacts().allocatable;
    const others = [...this.#loops].filter(([uid]) => uid !== podUid).map(([, loop]) => loop.held);
    return { allocatable: { cpu: cpuMillis, memory: memoryBytes }, taken: others.reduce(addedResources, {}) };
  }

  async #followEngine(): Promise<void> {
    const { log, runtime } = this.#options;
    try {
      for await (const event of runtime.events(this.#abort.signal)) this.#engineEvent(event);
    } catch (error) {
      if (!this.#abort.signal.aborted) log.error('the events of the container engine ended', { error });
    }
  }

  #engineEvent(event: RuntimeEvent): void {
    if (!this.#isAdopted) {
      this.#early.push(event);
      return;
    }
    if (event.type === 'container') return this.#loops.get(event.podUid)?.containerEvent(event);
    void this.#node.check();
    if (event.type === 'resync') for (const loop of this.#loops.values()) loop.resync();
  }

  async #adoptUntilDone(): Promise<void> {
    const { clock, informers, log } = this.#options;
    const { signal } = this.#abort;
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await Promise.race([stopped, Promise.all(Object.values(informers).map(({ synced }) => synced))]);
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        if (await this.#node.check()) return await this.#adopt();
        this.#warnPods();
      } catch (error) {
        log.warn('the containers of the engine could not be adopted', { error });
      }
      await sleep(clock, backoffDelayMs(failures, ADOPT_RETRY_BASE_MS, ADOPT_RETRY_CAP_MS), signal).catch(() => {});
    }
  }

  async #adopt(): Promise<void> {
    const { informers, log, runtime } = this.#options;
    const byPod = Map.groupBy(await runtime.list(), ({ identity }) => identity.podUid);
    if (this.#abort.signal.aborted) return;
    this.#isAdopted = true;
    for (const pod of informers.pods.list()) this.#ensureLoop(pod, byPod.get(pod.metadata?.uid ?? '') ?? []);
    for (const [uid, containers] of byPod) if (!this.#loops.has(uid)) this.#cleanUp(containers);
    for (const event of this.#early.splice(0)) if (event.type === 'container') this.#engineEvent(event);
    this.#ready.resolve();
    void this.#context.archive.open();
    for (const uid of await this.#context.volumes.podUids()) {
      if (!this.#loops.has(uid)) await this.#context.volumes.remove(uid).catch((error: unknown) => log.warn('the folder of a pod was not removed', { uid, error }));
    }
  }

  #podChanged({ before, after }: InformerChange<Pod>): void {
    if (!this.#isAdopted) {
      if (this.#node.why !== '' && after !== undefined) this.#warnPods();
      return;
    }
    const uidBefore = before?.metadata?.uid ?? '';
    if (before !== undefined && uidBefore !== after?.metadata?.uid) this.#loops.get(uidBefore)?.podGone();
    if (after !== undefined) this.#ensureLoop(after, []);
    if (before !== undefined && !isTerminalPhase(before.status?.phase) && frees(before, after)) for (const loop of this.#loops.values()) loop.roomFreed();
  }

  #ensureLoop(pod: Pod, containers: readonly ContainerState[]): void {
    const uid = pod.metadata?.uid ?? '';
    if (pod.spec?.nodeName !== this.#options.nodeName) return;
    const loop = this.#loops.get(uid);
    if (loop !== undefined) return loop.podChanged(pod);
    this.#startLoop(pod, { containers, gone: false });
  }

  /** Containers whose Pod was deleted while nobody watched. */
  #cleanUp(containers: readonly ContainerState[]): void {
    const { namespace, pod: name, podUid: uid } = containers[0]!.identity;
    this.#startLoop({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, uid } }, { containers, gone: true });
  }

  #startLoop(pod: Pod, { containers, gone }: { containers: readonly ContainerState[]; gone: boolean }): void {
    const uid = pod.metadata?.uid ?? '';
    const loop = new PodLoop({
      context: this.#context,
      pod,
      gone,
      containers,
      onStatusWritten: (written) => this.#options.informers.pods.observe(written),
      onOver: () => this.#loops.delete(uid),
    });
    this.#loops.set(uid, loop);
    loop.wake();
  }

  #configChanged(kind: ConfigReference['kind'], { after, before }: InformerChange<KubeObject>): void {
    const { name = '', namespace } = (after ?? before)?.metadata ?? {};
    for (const loop of this.#loops.values()) if (loop.namespace === namespace && loop.refersTo({ kind, name })) loop.wake();
  }

  /** Pods wait for the engine; each is told once. */
  #warnPods(): void {
    for (const pod of this.#options.informers.pods.list()) {
      const uid = pod.metadata?.uid ?? '';
      if (pod.spec?.nodeName !== this.#options.nodeName || isTerminalPhase(pod.status?.phase) || this.#warned.has(uid)) continue;
      this.#warned.add(uid);
      const message = `Waiting for the container engine: ${this.#node.why}`;
      this.#options.recorder.event(pod, { type: 'Warning', reason: 'ContainerEngineUnavailable', message });
    }
  }
}

/** The Pod may hold less of its node than before. */
function frees(before: Pod, after: Pod | undefined): boolean {
  return after === undefined || isTerminalPhase(after.status?.phase) || before.metadata?.generation !== after.metadata?.generation;
}
