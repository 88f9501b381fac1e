// pure: what the kubelet and the containers would do, without either: a Pod starts, runs for its time, succeeds or fails,
// restarts in place, and stops when it is told to. All containers of a Pod run equally long; the first one is the one
// that fails.
import type { ContainerState, ContainerStatus, Pod, PodStatus } from '../api/generated/types.ts';
import { controllerOf } from '../api/object.ts';
import { toTime } from '../api/time.ts';
import { backoffDelayMs, CONTAINER_RESTART, RESTART_RESET_MS } from '../base/backoff.ts';
import type { Random } from './random.ts';
import { pickLength, type RunLength } from './run-length.ts';
import { spanText } from './span-text.ts';
import { hasEnded, type World } from './world.ts';

export interface PodLifeOptions {
  readonly length: RunLength;
  /** From a Pod's creation until its containers run. */
  readonly startMs: number;
  /** From the order to stop until the containers have stopped; never more than the grace period. */
  readonly stopMs: number;
  /** 0 to 1, for each attempt. */
  readonly failRate: number;
  /** Of attempts that fail. */
  readonly exitCode: number;
  readonly random: Random;
}

/** SIGTERM ended it. */
const STOPPED_EXIT_CODE = 143;
const DEADLINE = 'DeadlineExceeded';

interface Attempt {
  readonly number: number;
  /** Restarts in a row that came soon after the start. */
  readonly level: number;
  readonly startedAt: number;
}

export class PodLife {
  readonly #world: World;
  readonly #options: PodLifeOptions;
  /** When the attempt of a Pod that is not over began, by the Pod's uid. */
  readonly #starts = new Map<string, number>();

  constructor(world: World, options: PodLifeOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** Takes up a Pod that was just created. */
  accept(pod: Pod): void {
    const deadlineMs = pod.spec?.activeDeadlineSeconds;
    this.#later(this.#options.startMs, pod, (current) => this.#start(current, { number: 0, level: 0 }));
    if (deadlineMs !== undefined) this.#later(deadlineMs * 1000, pod, (current) => this.#exceed(current));
  }

  /** Deletes a Pod: it stops first when it runs. */
  delete(pod: Pod): void {
    const { now } = this.#world;
    const current = this.#world.pod(pod);
    if (current === undefined || current.metadata?.deletionTimestamp !== undefined) return;
    const grace = hasEnded(current) ? 0 : (current.spec?.terminationGracePeriodSeconds ?? 30);
    this.#world.putPod({ ...current, metadata: { ...current.metadata, deletionTimestamp: toTime(now + grace * 1000), deletionGracePeriodSeconds: grace } });
    if (hasEnded(current)) return;
    const stopMs = current.status?.phase === 'Running' ? Math.min(grace * 1000, this.#options.stopMs) : 0;
    this.#later(stopMs, current, (stopping) => this.#end(stopping, { exitCode: STOPPED_EXIT_CODE, how: 'Stopped' }));
  }

  #start(pod: Pod, next: Omit<Attempt, 'startedAt'>): void {
    if (pod.metadata?.deletionTimestamp !== undefined) return;
    const { now } = this.#world;
    const { length, failRate, exitCode, random } = this.#options;
    const attempt: Attempt = { ...next, startedAt: now };
    this.#starts.set(pod.metadata?.uid ?? '', now);
    this.#write(pod, {
      phase: 'Running',
      startTime: pod.status?.startTime ?? toTime(now),
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: toTime(now) }],
      containerStatuses: statuses(pod, { first: { running: { startedAt: toTime(now) } }, restarts: next.number }),
    });
    if (next.number > 0) this.#world.runs.restarted(controllerOf(pod)?.name ?? '');
    const runsMs = pickLength(length, random);
    const fails = random() < failRate;
    this.#later(runsMs, pod, (current) => {
      const restarts = restartsOf(current);
      // Its place was taken by a later attempt, or it is over.
      if (restarts !== attempt.number || hasEnded(current)) return;
      if (fails && current.spec?.restartPolicy === 'OnFailure' && current.metadata?.deletionTimestamp === undefined) this.#restart(current, attempt);
      else this.#end(current, { exitCode: fails ? exitCode : 0 });
    });
  }

  #restart(pod: Pod, attempt: Attempt): void {
    const { now } = this.#world;
    const { exitCode } = this.#options;
    const level = now - attempt.startedAt >= RESTART_RESET_MS ? 0 : attempt.level;
    const delayMs = backoffDelayMs(level, CONTAINER_RESTART.baseMs, CONTAINER_RESTART.capMs);
    const [container] = pod.spec?.containers ?? [];
    const text = `Container ${container?.name} ended with exit code ${exitCode} and restarts ${delayMs === 0 ? 'at once' : `in ${spanText(delayMs)}`}`;
    this.#world.note({ kind: 'Pod', name: pod.metadata?.name ?? '' }, { type: 'Warning', reason: 'ContainerFailed', message: text });
    this.#world.runs.waited(controllerOf(pod)?.name ?? '', delayMs);
    const ended = terminated({ exitCode, startedAt: attempt.startedAt, now });
    this.#write(pod, {
      ...pod.status,
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: toTime(now) }],
      containerStatuses: statuses(pod, { first: delayMs === 0 ? ended : { waiting: { reason: 'CrashLoopBackOff' } }, restarts: attempt.number }),
    });
    this.#later(delayMs, pod, (current) => hasEnded(current) || this.#start(current, { number: attempt.number + 1, level: level + 1 }));
  }

  #exceed(pod: Pod): void {
    this.#end(pod, { exitCode: STOPPED_EXIT_CODE, how: DEADLINE });
  }

  /** `how`: what ended it, when it was not its own doing. */
  #end(pod: Pod, { exitCode, how }: { readonly exitCode: number; readonly how?: string }): void {
    if (hasEnded(pod)) return;
    const { now } = this.#world;
    const { name = '', uid = '' } = pod.metadata ?? {};
    const startedAt = this.#starts.get(uid) ?? now;
    this.#starts.delete(uid);
    const succeeded = exitCode === 0;
    const took = spanText(now - startedAt);
    if (succeeded) this.#world.note({ kind: 'Pod', name }, { type: 'Normal', reason: 'PodSucceeded', message: `Ran for ${took}` });
    else {
      this.#world.runs.podFailed(controllerOf(pod)?.name ?? '');
      this.#world.note({ kind: 'Pod', name }, { type: 'Warning', reason: 'PodFailed', message: `${how ?? `Exit code ${exitCode}`} after ${took}` });
    }
    this.#write(pod, {
      ...pod.status,
      phase: succeeded ? 'Succeeded' : 'Failed',
      ...(how === DEADLINE ? { reason: how } : {}),
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: toTime(now) }],
      containerStatuses: statuses(pod, { first: terminated({ exitCode, startedAt, now }), restarts: restartsOf(pod) }),
    });
  }

  #write(pod: Pod, status: PodStatus): void {
    this.#world.putPod({ ...pod, status });
  }

  /** Nothing happens when the Pod is gone by then. */
  #later(ms: number, pod: Pod, act: (current: Pod) => unknown): void {
    this.#world.agenda.add(this.#world.now + ms, () => {
      const current = this.#world.pod(pod);
      if (current !== undefined && current.metadata?.uid === pod.metadata?.uid) act(current);
    });
  }
}

function statuses(pod: Pod, { first, restarts }: { readonly first: ContainerState; readonly restarts: number }): ContainerStatus[] {
  return (pod.spec?.containers ?? []).map(({ name, image = '' }, index) => {
    const isFirst = index === 0;
    const state = isFirst || first.running !== undefined || first.terminated === undefined ? first : { terminated: { ...first.terminated, exitCode: 0, reason: 'Completed' } };
    return { name, image, imageID: '', ready: state.running !== undefined, restartCount: isFirst ? restarts : 0, state };
  });
}

function terminated({ exitCode, startedAt, now }: { readonly exitCode: number; readonly startedAt: number; readonly now: number }): ContainerState {
  return { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: toTime(startedAt), finishedAt: toTime(now) } };
}

function restartsOf({ status }: Pod): number {
  return status?.containerStatuses?.[0]?.restartCount ?? 0;
}
