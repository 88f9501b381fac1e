// A kubelet on the real API in process, the fake runtime and a virtual clock: for integration tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_ATTEMPT_LIMITS, type AttemptLimits } from '../../src/api/attempt/attempt-limits.ts';
import type { ConfigMap, CoreEvent, PersistentVolume, PersistentVolumeClaim, Pod, PodSpec, Secret } from '../../src/api/generated/types.ts';
import { CONFIG_MAPS, EVENTS, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, SECRETS } from '../../src/api/kinds.ts';
import { OPEN_NETWORK, type PodNetwork } from '../../src/api/pod/pod-network.ts';
import { isNotFound } from '../../src/api/status-error.ts';
import { silentLogger } from '../../src/base/log.ts';
import { BackgroundEventRecorder } from '../../src/client/event-recorder.ts';
import { createInformer } from '../../src/client/informer.ts';
import type { DiskSpace } from '../../src/kubelet/disk-pressure.ts';
import { createKubelet, type Kubelet } from '../../src/kubelet/kubelet.ts';
import { createNamespaceObjects, startApi, type TestApi } from './api.ts';
import { FakeRuntime } from './fake-runtime.ts';
import { soon, VirtualClock } from './virtual-clock.ts';

export const NODE = 'node-1';
const namespace = 'default';

export class KubeletBench {
  readonly clock = new VirtualClock();
  readonly runtime = new FakeRuntime(this.clock);
  readonly podsDir = mkdtempSync(join(tmpdir(), 'minik-kubelet-'));
  readonly attemptsDir = mkdtempSync(join(tmpdir(), 'minik-attempts-'));
  disks: readonly DiskSpace[] = [];
  attemptLimits: AttemptLimits = DEFAULT_ATTEMPT_LIMITS;
  network: PodNetwork = OPEN_NETWORK;
  /** Every status that was written, by Pod name. */
  readonly statuses = new Map<string, Pod[]>();
  api!: TestApi;
  kubelet!: Kubelet;
  #abort = new AbortController();
  #watching: Promise<unknown>[] = [];

  static async start(prepare: (bench: KubeletBench) => void = () => {}): Promise<KubeletBench> {
    const bench = new KubeletBench();
    prepare(bench);
    bench.api = await startApi({ clock: bench.clock, podLogs: (query) => bench.kubelet.logs(query), usage: { pods: (uids) => bench.kubelet.usage.pods(uids), nodes: () => bench.kubelet.usage.nodes() }, attempts: { list: (query) => bench.kubelet.attempts.list(query), log: (key, range) => bench.kubelet.attempts.log(key, range) } });
    await createNamespaceObjects(bench.api.client, namespace);
    bench.startKubelet();
    return bench;
  }

  startKubelet(): void {
    this.#abort = new AbortController();
    const { clock } = this;
    const { client } = this.api;
    const shared = { client, clock, log: silentLogger, signal: this.#abort.signal };
    const pods = createInformer<Pod>({ ...shared, resource: PODS });
    const configMaps = createInformer<ConfigMap>({ ...shared, resource: CONFIG_MAPS });
    const secrets = createInformer<Secret>({ ...shared, resource: SECRETS });
    const claims = createInformer<PersistentVolumeClaim>({ ...shared, resource: PERSISTENT_VOLUME_CLAIMS });
    const volumes = createInformer<PersistentVolume>({ ...shared, resource: PERSISTENT_VOLUMES });
    this.#watching = [pods.done, configMaps.done, secrets.done, claims.done, volumes.done];
    pods.onChange(({ after }) => {
      if (after === undefined) return;
      const name = after.metadata?.name ?? '';
      this.statuses.set(name, [...(this.statuses.get(name) ?? []), after]);
    });
    this.kubelet = createKubelet({
      client,
      informers: { pods, configMaps, secrets, claims, volumes },
      runtime: this.runtime,
      recorder: new BackgroundEventRecorder({ client, clock, log: silentLogger, component: 'kubelet', host: NODE }),
      clock,
      log: silentLogger,
      nodeName: NODE,
      kubeletVersion: 'v1.35.0+minik',
      podsDir: this.podsDir,
      attemptsDir: this.attemptsDir,
      seccompDir: join(this.podsDir, 'no-such-profiles'),
      attemptLimits: this.attemptLimits,
      readMachine: async () => ({ readAt: clock.now(), cpuNanos: clock.now() * 250_000, memoryBytes: 3 * 2 ** 30 }),
      network: { needsGuard: (pod) => this.network.needsGuard(pod), guard: (pod, ip) => this.network.guard(pod, ip) },
      readDisks: async () => this.disks,
      memoryDir: join(this.podsDir, 'no-such-memory'),
    });
    this.kubelet.start();
  }

  /** As kill -9 would: containers stay, memory is lost. */
  async stopKubelet(): Promise<void> {
    this.#abort.abort();
    await this.kubelet.stop();
    await Promise.allSettled(this.#watching);
  }

  /** Without waiting for what is under way: it may never end. */
  async crashKubelet(): Promise<void> {
    this.#abort.abort();
    void this.kubelet.stop();
    await Promise.allSettled(this.#watching);
  }

  async close(): Promise<void> {
    await this.stopKubelet();
    await this.api.close();
    rmSync(this.podsDir, { recursive: true, force: true });
    rmSync(this.attemptsDir, { recursive: true, force: true });
  }

  /** A Pod of one busybox container that runs `script` once, bound to the node. */
  createPod(name: string, script: string, change: Partial<PodSpec> = {}): Promise<Pod> {
    const container = { name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] };
    return this.createPodOf(name, { containers: [container], ...change });
  }

  createPodOf(name: string, spec: PodSpec): Promise<Pod> {
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: { restartPolicy: 'Never', nodeName: NODE, ...spec },
    };
    return this.api.client.create(PODS, pod);
  }

  pod(name: string): Promise<Pod> {
    return this.api.client.get(PODS, { namespace, name });
  }

  async podOrNone(name: string): Promise<Pod | undefined> {
    return this.pod(name).catch((error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error)));
  }

  /** Waits, in real time, until the Pod is as `test` wants it. */
  async until(name: string, what: string, test: (pod: Pod) => boolean): Promise<Pod> {
    let last: Pod | undefined;
    try {
      return await soon(what, async () => {
        last = await this.podOrNone(name);
        return last !== undefined && test(last) ? last : undefined;
      });
    } catch (error) {
      throw new Error(`${what}; status was ${JSON.stringify(last?.status)}`, { cause: error });
    }
  }

  untilPhase(name: string, phase: string): Promise<Pod> {
    return this.until(name, `${name} is ${phase}`, (pod) => pod.status?.phase === phase);
  }

  async untilGone(name: string): Promise<void> {
    await soon(`${name} is gone`, async () => (await this.podOrNone(name)) === undefined);
  }

  /** "type reason message (xcount)" of the Pod's events, oldest first. */
  async events(name: string): Promise<string[]> {
    const { items } = await this.api.client.list<CoreEvent>(EVENTS, { namespace });
    return items
      .filter(({ involvedObject }) => involvedObject.kind === 'Pod' && involvedObject.name === name)
      .sort((a, b) => Number(a.metadata?.resourceVersion) - Number(b.metadata?.resourceVersion))
      .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
  }
}
