// One Pod's loop: see, plan, act, again until nothing is left to do; then sleep until woken. Never two steps at once.
//
// A step that fails is repeated after a back-off, on containers read afresh, so a lost reply does no harm. Status goes out
// beside the actions and holds none of them up.
import type { Pod } from '../api/generated/types.ts';
import { backoffDelayMs } from '../base/backoff.ts';
import type { Timer } from '../base/clock.ts';
import { attemptFacts } from './archive/attempt-facts.ts';
import type { LiveAttempt } from './archive/attempt-source.ts';
import { keepLost, lostOf } from './archive/lost-attempts.ts';
import { CALL_LIMIT_MS, type ActionScope } from './action-scope.ts';
import { within } from './call-deadline.ts';
import { configReferences, type ConfigReference } from './config-objects.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { MemoryKills } from './memory-kills.ts';
import { planPod, type PodPlan } from './plan-pod.ts';
import { PodRecord } from './pod-record.ts';
import { readTerminationMessage } from './termination-message.ts';
import { runAction } from './run-action.ts';
import { RuntimeError, type ContainerState, type RuntimeEvent } from './runtime/container-runtime.ts';
import { sandboxKind } from './sandbox-rule.ts';
import { tellStarted } from './start-container.ts';
import { isNewer, StatusWriter } from './status-writer.ts';

const RETRY_BASE_MS = 500;
const RETRY_CAP_MS = 10_000;

type ContainerEvent = Extract<RuntimeEvent, { readonly type: 'container' }>;

export interface PodLoopOptions {
  readonly context: KubeletContext;
  readonly pod: Pod;
  /** The API has no such Pod (any more). */
  readonly gone: boolean;
  /** What the runtime has of it. */
  readonly containers: readonly ContainerState[];
  readonly onStatusWritten: (pod: Pod) => void;
  /** Nothing of the Pod is left: the loop has ended. */
  readonly onOver: () => void;
}

export class PodLoop {
  readonly #options: PodLoopOptions;
  readonly #record: PodRecord;
  readonly #writer: StatusWriter;
  readonly #memoryKills: MemoryKills;
  readonly #stale = new Set<string>();
  readonly #background = new Set<Promise<void>>();
  /** Ends the wait for an answer about a container whose end has become known, by id. */
  readonly #ends = new Map<string, () => void>();
  #references: readonly ConfigReference[];
  readonly #adopted: ContainerState[];
  #hasLookedForLost = false;
  #mustList = false;
  #isDirty = false;
  #isStopped = false;
  #failures = 0;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;

  constructor(options: PodLoopOptions) {
    const { context, pod, gone, containers } = options;
    this.#options = options;
    this.#memoryKills = new MemoryKills(context.clock);
    this.#record = new PodRecord(pod, { gone, now: context.clock.now() });
    this.#references = configReferences(pod);
    this.#adopted = [...containers];
    this.#writer = new StatusWriter(pod, {
      client: context.client,
      clock: context.clock,
      log: context.log,
      onWritten: (written) => this.#written(written),
    });
  }

  get namespace(): string {
    return this.#record.pod.metadata?.namespace ?? '';
  }

  get containers(): readonly ContainerState[] {
    return [...this.#record.containers.values()];
  }

  get attempts(): readonly LiveAttempt[] {
    const { pod, memory } = this.#record;
    const node = this.#options.context.node();
    return this.containers.flatMap((container) => {
      const attempt = attemptFacts({ pod, memory, node }, container);
      return attempt === undefined ? [] : [{ attempt, containerId: container.id }];
    });
  }

  /** Whether the Pod is made of this ConfigMap or Secret. */
  refersTo(reference: ConfigReference): boolean {
    return this.#references.some(({ kind, name }) => kind === reference.kind && name === reference.name);
  }

  podChanged(pod: Pod): void {
    this.#record.pod = pod;
    this.#references = configReferences(pod);
    this.#writer.follow(pod);
    this.wake();
  }

  podGone(): void {
    this.#record.gone = true;
    this.wake();
  }

  /** What we do ourselves is read back anyway; only what others do, and how containers end, is news. */
  containerEvent({ containerId: id, action, atMs, exitCode }: ContainerEvent): void {
    const known = this.#record.containers.get(id);
    if (action === 'create') return;
    if (action === 'oom') this.#memoryKills.notice(id);
    if (action === 'start' && known?.phase === 'created') this.#record.containers.set(id, { ...known, startedAt: atMs });
    if (action === 'start' && (known?.phase === 'running' || this.#running !== undefined)) return;
    if (action === 'die' && exitCode === 0 && known !== undefined && known.startedAt > 0) {
      return this.#inBackground(this.#ended({ ...known, phase: 'exited', exitCode, finishedAt: atMs, ip: '' }));
    }
    this.#stale.add(id);
    this.wake();
  }

  /** Anything may have happened to the containers. */
  resync(): void {
    this.#mustList = true;
    this.#failures = 0;
    this.wake();
  }

  wake(): void {
    this.#isDirty = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#running !== undefined || this.#isStopped) return;
    this.#running = this.#run().finally(() => (this.#running = undefined));
  }

  /** Returns when the step under way has ended; containers go on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#writer.stop();
    await this.#running;
    await Promise.allSettled(this.#background);
  }

  async #run(): Promise<void> {
    while (this.#isDirty && !this.#isStopped) {
      this.#isDirty = false;
      try {
        await this.#step();
        this.#failures = 0;
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  async #step(): Promise<void> {
    await this.#observe();
    this.#noteLost();
    const plan = this.#plan();
    if (plan.isOver) return this.#end();
    const { actions, status, requeueAfterMs } = plan;
    // The first call to the engine goes out before the status does.
    const acting = this.#act(plan);
    if (!this.#record.gone) {
      this.#record.remember({ published: status });
      this.#writer.want(status);
    }
    await acting;
    if (actions.length > 0) this.#isDirty = true;
    else if (requeueAfterMs !== undefined && !this.#isDirty) this.#timer = this.#options.context.clock.setTimer(requeueAfterMs, () => this.wake());
  }

  /** Once, after a restart: runs that the status tells of and the engine does not. */
  #noteLost(): void {
    if (this.#hasLookedForLost) return;
    this.#hasLookedForLost = true;
    const { pod, gone } = this.#record;
    const lost = gone ? [] : lostOf(pod, this.containers);
    if (lost.length > 0) this.#inBackground(keepLost(this.#options.context, lost));
  }

  /** Somebody else removed it. */
  #lost(id: string): void {
    const { context } = this.#options;
    const { pod, memory } = this.#record;
    const container = this.#record.containers.get(id);
    const facts = container && attemptFacts({ pod, memory, node: context.node() }, container);
    this.#record.forgetContainer(id);
    if (facts !== undefined) this.#inBackground(keepLost(context, [facts]));
  }

  #plan(): PodPlan {
    const { context } = this.#options;
    const { pod, gone, memory } = this.#record;
    const configVersion = this.#configVersion();
    return planPod({ pod, gone, memory, containers: this.containers, configVersion, node: context.node(), now: context.clock.now() });
  }

  /** What volumes and environment are made of: the objects, and the labels and annotations of the Pod itself. */
  #configVersion(): string {
    const { labels, annotations, namespace = '' } = this.#record.pod.metadata ?? {};
    return `${this.#options.context.config.version(namespace, this.#references)}|${JSON.stringify([labels, annotations])}`;
  }

  async #act({ actions }: PodPlan): Promise<void> {
    const scope = this.#scope();
    for (const action of actions) await runAction(scope, action);
  }

  #scope(): ActionScope {
    return {
      context: this.#options.context,
      record: this.#record,
      configVersion: this.#configVersion(),
      inBackground: (work) => this.#inBackground(work),
      refresh: (id) => this.#refresh(id),
    };
  }

  #inBackground(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#options.context.log.warn('work for a pod failed', { pod: this.#record.pod.metadata?.name, error }))
      .finally(() => {
        this.#background.delete(tracked);
        this.wake();
      });
    this.#background.add(tracked);
  }

  async #observe(): Promise<void> {
    for (const container of this.#adopted.splice(0)) await this.#take(container);
    if (this.#mustList) await this.#list();
    for (const id of [...this.#stale]) await this.#refresh(id);
  }

  async #list(): Promise<void> {
    const { clock, runtime } = this.#options.context;
    const podUid = this.#record.pod.metadata?.uid ?? '';
    this.#stale.clear();
    const found = await within(clock, CALL_LIMIT_MS, { what: 'list containers', run: () => runtime.list({ podUid }) });
    const ids = new Set(found.map(({ id }) => id));
    for (const id of this.#record.containers.keys()) if (!ids.has(id)) this.#lost(id);
    for (const container of found) await this.#take(container);
    this.#mustList = false;
  }

  /**
   * A run that ended well has nothing to tell beyond the event of its end, which comes a good while (50 ms, measured)
   * before the engine has tidied up and answers questions about the container again.
   */
  async #ended(container: ContainerState): Promise<void> {
    await this.#take(container);
    this.#ends.get(container.id)?.();
  }

  async #refresh(id: string): Promise<void> {
    const { clock, runtime } = this.#options.context;
    // Before asking: what happens from now on makes it stale again.
    this.#stale.delete(id);
    const ended = new Promise<'ended'>((resolve) => this.#ends.set(id, () => resolve('ended')));
    const asked = within(clock, CALL_LIMIT_MS, { what: 'inspect container', run: () => runtime.inspect(id) });
    const found = await Promise.race([asked, ended]).finally(() => this.#ends.delete(id));
    if (found === 'ended') return;
    if (found === undefined) this.#lost(id);
    else await this.#take(found);
  }

  /** The message a container leaves belongs to its exit, so it is read before anybody hears of the exit. */
  async #take(seen: ContainerState): Promise<void> {
    const isStopped = this.#record.memory.stops.has(seen.id) || this.#record.containers.get(seen.id)?.phase === 'exited';
    const container = await this.#memoryKills.judge(this.#record.pod, seen, isStopped);
    const known = this.#record.containers.get(container.id);
    // An answer that was on its way while the end became known.
    if (known?.phase === 'exited' && container.phase === 'running' && container.startedAt <= known.finishedAt) return;
    const isKnown = this.#record.memory.terminationMessages.has(container.id);
    if (container.phase === 'exited' && !isKnown) {
      const message = await readTerminationMessage(this.#options.context, this.#record.pod, container);
      this.#record.setTerminationMessage(container.id, message);
    }
    this.#record.setContainer(container);
    if (container.startedAt > 0 && this.#record.unanswered.has(container.id)) tellStarted(this.#scope(), container.id);
    this.#keepAddress(known, container);
  }

  /** An address that no status tells of yet. Asking for it takes its time, so it goes into a status of its own. */
  #keepAddress(known: ContainerState | undefined, { id, phase, startedAt }: ContainerState): void {
    const { pod, gone, memory } = this.#record;
    if (phase !== 'exited' || startedAt === 0 || gone || sandboxKind(pod) !== 'own') return;
    if (memory.lastIp.type !== 'unread' || (memory.published.podIP ?? pod.status?.podIP) !== undefined) return;
    if (known !== undefined && known.ip !== '') return this.#record.remember({ lastIp: { type: 'read', ip: known.ip } });
    this.#record.remember({ lastIp: { type: 'reading' } });
    this.#inBackground(this.#readAddress(id));
  }

  async #readAddress(id: string): Promise<void> {
    const { clock, runtime } = this.#options.context;
    let ip = '';
    try {
      ip = await within(clock, CALL_LIMIT_MS, { what: 'last address', run: () => runtime.lastIp(id) });
    } finally {
      this.#record.remember({ lastIp: { type: 'read', ip } });
    }
  }

  #written(pod: Pod): void {
    if (isNewer(pod, this.#record.pod)) this.#record.pod = pod;
    this.#record.remember({ writtenPhase: pod.status?.phase ?? 'Pending' });
    this.#options.onStatusWritten(pod);
    this.wake();
  }

  #failed(error: unknown): void {
    const { clock, log, recorder } = this.#options.context;
    const { pod, gone } = this.#record;
    this.#mustList = true;
    this.#failures += 1;
    const retryMs = backoffDelayMs(this.#failures, RETRY_BASE_MS, RETRY_CAP_MS);
    log.warn('a pod could not be brought forward', { namespace: pod.metadata?.namespace, pod: pod.metadata?.name, retryMs, error });
    if (!gone && this.#failures === 1) {
      const isEngine = error instanceof RuntimeError && error.code === 'Unavailable';
      const message = error instanceof Error ? error.message : String(error);
      recorder.event(pod, { type: 'Warning', reason: isEngine ? 'ContainerEngineUnavailable' : 'FailedSync', message: isEngine ? `Waiting for the container engine: ${message}` : `Error syncing pod, will be retried: ${message}` });
    }
    this.#timer = clock.setTimer(retryMs, () => this.wake());
  }

  #end(): void {
    this.#isStopped = true;
    this.#writer.stop();
    this.#options.onOver();
  }
}
