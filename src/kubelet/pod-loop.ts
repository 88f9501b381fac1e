// One Pod's loop: see, plan, act, again until nothing is left to do; then sleep until woken. Never two steps at once.
//
// A step that fails is repeated after a back-off, on containers read afresh, so a lost reply does no harm. Status goes out
// beside the actions and holds none of them up.
import type { Pod } from '../api/generated/types.ts';
import type { ResourceTotals } from '../api/pod/pod-resources.ts';
import { heldRequests, RESIZE_PENDING, withGivenSizes } from '../api/pod/resized-resources.ts';
import { backoffDelayMs } from '../base/backoff.ts';
import type { Timer } from '../base/clock.ts';
import { attemptFacts } from './archive/attempt-facts.ts';
import type { LiveAttempt } from './archive/attempt-source.ts';
import type { ActionScope } from './action-scope.ts';
import { BackgroundWork } from './background-work.ts';
import { configReferences, type ConfigReference } from './config-objects.ts';
import { ContainerObserver, type ContainerEvent } from './container-observer.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { LostRuns } from './lost-runs.ts';
import { planPod, type PodPlan } from './plan-pod.ts';
import { PodRecord } from './pod-record.ts';
import { runAction } from './run-action.ts';
import { RuntimeError, type ContainerState } from './runtime/container-runtime.ts';
import { isNewer, StatusWriter } from './status-writer.ts';
import { isTerminalPhase } from './verdict.ts';

const RETRY_BASE_MS = 500;
const RETRY_CAP_MS = 10_000;

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
  readonly #background: BackgroundWork;
  readonly #lostRuns: LostRuns;
  readonly #observer: ContainerObserver;
  #references: readonly ConfigReference[];
  #isDirty = false;
  #isStopped = false;
  #failures = 0;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;

  constructor(options: PodLoopOptions) {
    const { context, pod, gone, containers } = options;
    this.#options = options;
    const record = new PodRecord(pod, { gone, now: context.clock.now() });
    const inBackground = (work: Promise<void>): void => this.#background.start(work);
    this.#record = record;
    this.#background = new BackgroundWork({ log: context.log, pod: () => record.pod.metadata?.name, onEnd: () => this.wake() });
    this.#lostRuns = new LostRuns({ context, record, inBackground });
    this.#observer = new ContainerObserver({ context, record, adopted: containers, lostRuns: this.#lostRuns, inBackground, scope: () => this.#scope() });
    this.#references = configReferences(pod);
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

  /** What the Pod holds of the node, a resize that waits not counted. */
  get held(): ResourceTotals {
    const { pod, gone, memory } = this.#record;
    return gone || isTerminalPhase(memory.published.phase) ? {} : heldRequests({ ...pod, status: memory.published });
  }

  /** Something of the node has become free, or may have. */
  roomFreed(): void {
    if (this.#record.memory.published.conditions?.some(({ type }) => type === RESIZE_PENDING) === true) this.wake();
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

  containerEvent(event: ContainerEvent): void {
    if (this.#observer.notice(event, { isBusy: this.#running !== undefined })) this.wake();
  }

  /** Anything may have happened to the containers. */
  resync(): void {
    this.#observer.distrust();
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
    await this.#background.settled();
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
    await this.#observer.observe();
    this.#lostRuns.lookOnce();
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

  #plan(): PodPlan {
    const { context } = this.#options;
    const { pod, gone, memory } = this.#record;
    const configVersion = this.#configVersion();
    const wantsRoom = !gone && withGivenSizes(pod, memory.published) !== pod;
    const room = wantsRoom ? { room: context.room(pod.metadata?.uid ?? '') } : {};
    return planPod({ pod, gone, memory, containers: this.containers, configVersion, node: context.node(), needsGuard: context.network.needsGuard(pod), now: context.clock.now(), ...room });
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
      inBackground: (work) => this.#background.start(work),
      refresh: (id) => this.#observer.refresh(id),
    };
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
    this.#observer.distrust();
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
