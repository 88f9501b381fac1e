// Keeps the Node object: made at the start, refreshed when the engine comes or goes, and every five minutes besides.
import { readFile, statfs } from 'node:fs/promises';
import type { Node } from '../api/generated/types.ts';
import { sameValue } from '../api/equality.ts';
import { NODES } from '../api/kinds.ts';
import { isAlreadyExists, isConflict } from '../api/status-error.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder-contract.ts';
import { CALL_LIMIT_MS } from './action-scope.ts';
import { within } from './call-deadline.ts';
import { pressedDisk, type DiskSpace } from './disk-pressure.ts';
import { NodeLease } from './node-lease.ts';
import { nodeObject, nodeStatus, type MachineFacts, type NodeSeen } from './node-status.ts';
import type { ContainerRuntime, ImageInfo, RuntimeVersion } from './runtime/container-runtime.ts';

const CHECK_MS = 20_000;
const CHECK_DOWN_MS = 1_000;
const REPORT_MS = 300_000;

export interface NodeReporterOptions {
  readonly client: Client;
  readonly runtime: ContainerRuntime;
  readonly clock: Clock;
  readonly log: Logger;
  readonly nodeName: string;
  readonly kubeletVersion: string;
  readonly externalIps?: readonly string[];
  /** On the disk that Pods use. */
  readonly dataDir: string;
  readonly recorder: EventRecorder;
  readonly readDisks: (paths: readonly string[]) => Promise<readonly DiskSpace[]>;
}

export class NodeReporter {
  readonly #options: NodeReporterOptions;
  readonly #lease: NodeLease;
  #runtime: RuntimeVersion | undefined;
  #known: RuntimeVersion | undefined;
  #images: readonly ImageInfo[] = [];
  #why = '';
  #machine: MachineFacts | undefined;
  #pressedDisk: string | undefined;
  #reportedAt = -Infinity;
  #node: Node | undefined;
  #renewing: Promise<void> = Promise.resolve();
  #isReported = false;
  #timer: Timer | undefined;
  #checking: Promise<boolean> | undefined;
  #isStopped = false;

  constructor(options: NodeReporterOptions) {
    this.#options = options;
    this.#lease = new NodeLease(options);
  }

  /** The last answer of the engine, also when it is down by now. */
  get runtime(): RuntimeVersion | undefined {
    return this.#known;
  }

  get isReady(): boolean {
    return this.#runtime !== undefined;
  }

  /** Why the engine is not there; '' while it is, or has not been asked yet. */
  get why(): string {
    return this.#why;
  }

  /** Asks the engine now; tells whether it answered. The Node object follows in the background. */
  check(): Promise<boolean> {
    this.#checking ??= this.#check().finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#checking;
    await this.#renewing;
  }

  async #check(): Promise<boolean> {
    const { clock, log, runtime } = this.#options;
    const wasReady = this.#runtime !== undefined;
    try {
      this.#runtime = await within(clock, CALL_LIMIT_MS, { what: 'version', run: () => runtime.version() });
      this.#known = this.#runtime;
      this.#why = '';
    } catch (error) {
      this.#runtime = undefined;
      this.#why = error instanceof Error ? error.message : String(error);
    }
    const isDue = clock.now() - this.#reportedAt >= REPORT_MS;
    const isReady = this.#runtime !== undefined;
    const isPressureNews = await this.#checkDisks();
    if (!this.#isReported || isDue || isReady !== wasReady || isPressureNews) await this.#report().catch((error: unknown) => this.#reportFailed(error));
    // Beside the rest: nobody waits for it.
    if (this.#node !== undefined) this.#renewing = this.#lease.renew(this.#node).catch((error: unknown) => log.debug('the lease of the node was not renewed', { error }));
    if (wasReady && !isReady) log.warn('the container engine does not answer', { why: this.#why });
    this.#timer?.cancel();
    if (!this.#isStopped) this.#timer = clock.setTimer(isReady && this.#isReported ? CHECK_MS : CHECK_DOWN_MS, () => void this.check());
    return isReady;
  }

  /** Whether the pressure has come or gone. */
  async #checkDisks(): Promise<boolean> {
    const { dataDir, readDisks, log, nodeName, recorder } = this.#options;
    const before = this.#pressedDisk;
    const disks = await readDisks([dataDir, this.#known?.dataDir ?? '']);
    this.#pressedDisk = pressedDisk(disks, before !== undefined)?.path;
    if ((before === undefined) === (this.#pressedDisk === undefined)) return false;
    const reason = before === undefined ? 'NodeHasDiskPressure' : 'NodeHasNoDiskPressure';
    const about: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName, uid: nodeName } };
    recorder.event(about, { type: 'Normal', reason, message: `Node ${nodeName} status is now: ${reason}` });
    if (before === undefined) log.warn('little is left of a disk', { disk: this.#pressedDisk });
    return true;
  }

  #reportFailed(error: unknown): void {
    this.#isReported = false;
    if (!this.#isStopped) this.#options.log.warn('the node was not reported', { error });
  }

  async #report(): Promise<void> {
    const { client, clock, kubeletVersion, nodeName, runtime } = this.#options;
    this.#machine ??= await readMachine(this.#options.dataDir);
    if (this.#runtime !== undefined) this.#images = await runtime.images().catch(() => this.#images);
    const seen: NodeSeen = {
      name: nodeName,
      kubeletVersion,
      ...(this.#options.externalIps === undefined ? {} : { externalIps: this.#options.externalIps }),
      runtime: this.#runtime,
      why: this.#why,
      images: this.#images,
      machine: this.#machine,
      ...(this.#pressedDisk === undefined ? {} : { pressedDisk: this.#pressedDisk }),
      now: clock.now(),
    };
    const node = await this.#ensureNode(nodeObject(seen));
    this.#node = node;
    try {
      await client.updateStatus(NODES, { ...node, status: nodeStatus(seen, node.status ?? {}) });
    } catch (error) {
      if (!isConflict(error)) throw error;
      const newest = await client.get(NODES, { name: nodeName });
      await client.updateStatus(NODES, { ...newest, status: nodeStatus(seen, newest.status ?? {}) });
    }
    this.#isReported = true;
    this.#reportedAt = clock.now();
  }

  async #ensureNode(node: Node): Promise<Node> {
    const { client, nodeName } = this.#options;
    try {
      return await client.create(NODES, node);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const found = await client.get(NODES, { name: nodeName });
      const labels = { ...found.metadata?.labels, ...node.metadata?.labels };
      if (sameValue(labels, found.metadata?.labels ?? {})) return found;
      return client.patch(NODES, { name: nodeName }, { type: 'merge', body: { metadata: { labels: node.metadata?.labels } } });
    }
  }
}

async function readMachine(dataDir: string): Promise<MachineFacts> {
  const text = async (path: string): Promise<string> => (await readFile(path, 'utf8').catch(() => '')).trim();
  const disk = await statfs(dataDir).catch(() => undefined);
  return {
    machineId: await text('/etc/machine-id'),
    bootId: await text('/proc/sys/kernel/random/boot_id'),
    storageBytes: disk === undefined ? 0 : disk.blocks * disk.bsize,
  };
}
