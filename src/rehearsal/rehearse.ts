// pure: plays a Job or a CronJob through virtual time: the real planners, a simulated runtime, an agenda instead of a clock.
import { countTimes } from '../api/cron/next-time.ts';
import { countedFrom, timingOf } from '../api/cronjob/timing.ts';
import type { CronJob, Job } from '../api/generated/types.ts';
import { announceClockChanges } from './clock-notes.ts';
import { reconcileCronJob } from './cron-job-loop.ts';
import { reconcileJob, type Stage } from './job-loop.ts';
import { PodLife, type PodLifeOptions } from './pod-life.ts';
import { createRandom } from './random.ts';
import type { Rehearsal } from './story.ts';
import { reconcileTtl } from './ttl-loop.ts';
import { World, type Key } from './world.ts';

export type RehearsedObject = { readonly kind: 'Job'; readonly job: Job } | { readonly kind: 'CronJob'; readonly cronJob: CronJob };

export interface RehearsalOptions extends Omit<PodLifeOptions, 'random'> {
  readonly subject: RehearsedObject;
  /** Milliseconds since the epoch, both. A Job's rehearsal ends earlier when nothing more can happen. */
  readonly from: number;
  readonly until: number;
  readonly seed: number;
}

/** Moments between two rests. */
const SLICE = 500;
/** A planner that never comes to rest is a defect, and must not hang the command. */
const MOST_ROUNDS = 1_000_000;
/** Scheduled times are counted no further. */
const MOST_TIMES = 10_000_000;

/** Rests now and then, so that the caller can be interrupted; returns the story. */
export function* rehearse(options: RehearsalOptions): Generator<void, Rehearsal> {
  const { subject, from, until, seed, ...life } = options;
  const world = new World(from);
  const stage: Stage = { world, life: new PodLife(world, { ...life, random: createRandom(seed) }) };
  const requeues = new Requeues(world);
  let clocks: Rehearsal['clocks'] = { skipped: 0, repeated: 0 };
  let scheduledTimes: number | undefined;
  if (subject.kind === 'Job') {
    world.runs.created(subject.job.metadata?.name ?? '', { at: from });
    world.putJob(subject.job);
  } else {
    world.cronJob = subject.cronJob;
    world.touchCronJob();
    clocks = announceClockChanges(world, subject.cronJob, { from, until });
    scheduledTimes = scheduledTimesOf(subject.cronJob, until);
  }
  settle(stage, requeues);
  for (let moments = 1; ; moments += 1) {
    const next = world.agenda.next();
    if (next === undefined || next.at > until) break;
    world.now = next.at;
    while (world.agenda.next()?.at === world.now) world.agenda.take()!.run();
    settle(stage, requeues);
    if (moments % SLICE === 0) yield;
  }
  const isOver = world.agenda.next() === undefined;
  const { occurrences, runs } = world;
  const last = isOver && subject.kind === 'Job' ? (occurrences.at(-1)?.at ?? from) : until;
  return { from, until: last, occurrences, runs: runs.runs(), ...(scheduledTimes === undefined ? {} : { scheduledTimes }), longestQueue: runs.longestQueue, clocks, removedJobs: runs.removedJobs };
}

function settle(stage: Stage, requeues: Requeues): void {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const key = stage.world.takeDirty();
    if (key === undefined) return;
    const after = reconcile(stage, key, { timed: requeues.take(key) });
    if (after !== undefined) requeues.add(key, after);
  }
  throw new Error(`the planners did not come to rest at ${new Date(stage.world.now).toISOString()}`);
}

function reconcile(stage: Stage, key: Key, how: { readonly timed: boolean }): number | undefined {
  switch (key.kind) {
    case 'Job':
      return sooner(reconcileJob(stage, key.name, how), reconcileTtl(stage, key.name));
    case 'CronJob':
      return reconcileCronJob(stage);
  }
}

function sooner(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

/** Those that can still start before the end. Undefined where the schedule cannot be read, which the planner tells of. */
export function scheduledTimesOf(cronJob: CronJob, until: number): number | undefined {
  const timing = timingOf(cronJob.spec);
  return timing.ok ? countTimes(timing.schedule, timing.zone, { after: countedFrom(cronJob), until: until - 1000, atMost: MOST_TIMES }) : undefined;
}

/** One time a key, as the work queue of the daemon has it: the reconcile that comes first takes the place of the timer. */
class Requeues {
  readonly #world: World;
  readonly #due = new Map<string, number>();
  readonly #fired = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The key's turn has come, by its timer or otherwise. Returns whether it was the timer. */
  take(key: Key): boolean {
    this.#due.delete(textOf(key));
    return this.#fired.delete(textOf(key));
  }

  add(key: Key, afterMs: number): void {
    const at = this.#world.now + Math.max(Math.ceil(afterMs), 1);
    const text = textOf(key);
    this.#due.set(text, at);
    this.#world.agenda.add(at, () => {
      if (this.#due.get(text) !== at) return;
      this.#due.delete(text);
      this.#fired.add(text);
      if (key.kind === 'Job') this.#world.touchJob(key.name);
      else this.#world.touchCronJob();
    });
  }
}

function textOf(key: Key): string {
  return key.kind === 'Job' ? `Job/${key.name}` : key.kind;
}
