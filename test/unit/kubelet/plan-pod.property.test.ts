// The kubelet's rules under any order of exits, crashes, deletions and time: a small world that carries out every plan.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Pod, PodStatus } from '../../../src/api/generated/types.ts';
import { toTime } from '../../../src/api/time.ts';
import { IMAGE_LABEL, RESTART_LEVEL_LABEL, SANDBOX_LABEL } from '../../../src/kubelet/container-view.ts';
import { planPod } from '../../../src/kubelet/plan-pod.ts';
import type { PodAction } from '../../../src/kubelet/pod-action.ts';
import { PodRecord } from '../../../src/kubelet/pod-record.ts';
import { isTerminalPhase } from '../../../src/kubelet/verdict.ts';
import { aContainer, aPod, aRun, IMAGE, NOW } from '../../support/pod-seen.ts';

type Happening =
  | { readonly type: 'exit'; readonly which: number; readonly code: number }
  | { readonly type: 'sandbox-dies' }
  | { readonly type: 'crash' }
  | { readonly type: 'cut-off'; readonly after: number }
  | { readonly type: 'delete' }
  | { readonly type: 'time'; readonly seconds: number };

const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('exit' as const), which: fc.nat(3), code: fc.constantFrom(0, 0, 1) }) },
  { weight: 1, arbitrary: fc.constant({ type: 'sandbox-dies' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'crash' as const }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('cut-off' as const), after: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.constant({ type: 'delete' as const }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('time' as const), seconds: fc.integer({ min: 1, max: 700 }) }) },
);

const shape = fc.record({
  restartPolicy: fc.constantFrom('Never', 'OnFailure', 'Always'),
  apps: fc.integer({ min: 1, max: 2 }),
  inits: fc.nat(2),
  sidecar: fc.boolean(),
});

/** The API, the engine and the kubelet's memory around the planner. */
class World {
  pod: Pod;
  record: PodRecord;
  now = NOW;
  readonly starts = new Map<string, number>();
  isDeleted = false;
  stepsLeft = Infinity;

  constructor(pod: Pod) {
    this.pod = pod;
    this.record = new PodRecord(pod, { gone: false, now: this.now });
  }

  happen(event: Happening): void {
    if (event.type === 'time') this.now += event.seconds * 1_000;
    if (event.type === 'crash') this.forget();
    if (event.type === 'cut-off') this.stepsLeft = event.after;
    if (event.type === 'delete') this.pod = { ...this.pod, metadata: { ...this.pod.metadata, deletionTimestamp: toTime(this.now + 30_000), deletionGracePeriodSeconds: 30 } };
    const running = [...this.record.containers.values()].filter(({ phase }) => phase === 'running');
    const hit = event.type === 'exit' ? running[event.which % Math.max(1, running.length)] : event.type === 'sandbox-dies' ? running.find(({ identity }) => identity.container === 'POD') : undefined;
    if (hit !== undefined) this.end(hit.id, event.type === 'exit' ? event.code : 137);
    this.settle();
    if (this.stepsLeft !== Infinity) {
      this.stepsLeft = Infinity;
      this.forget();
      this.settle();
    }
  }

  /** kill -9: all memory is lost, the API and the engine stay. */
  forget(): void {
    const containers = [...this.record.containers];
    this.record = new PodRecord(this.pod, { gone: this.isDeleted, now: this.now });
    for (const [id, container] of containers) this.record.containers.set(id, container);
  }

  settle(): number | undefined {
    for (let round = 0; round < 100; round += 1) {
      const plan = planPod({ ...this.record, pod: this.pod, gone: this.isDeleted, containers: [...this.record.containers.values()], configVersion: 'v', node: { name: 'n', hostIp: '10.0.0.1', runtimeName: 'd' }, now: this.now });
      if (!this.isDeleted) this.write(plan.status);
      for (const action of plan.actions) {
        if (this.stepsLeft <= 0) return undefined;
        this.stepsLeft -= 1;
        this.carryOut(action);
      }
      if (plan.actions.length === 0 || plan.isOver) return plan.requeueAfterMs;
    }
    throw new Error('the plan never came to rest');
  }

  write(status: PodStatus): void {
    const before = this.pod.status?.phase;
    if (isTerminalPhase(before)) expect(status.phase).toBe(before);
    if (before === 'Running') expect(status.phase).not.toBe('Pending');
    if (isTerminalPhase(status.phase)) expect(this.runningApps()).toEqual([]);
    this.pod = { ...this.pod, status };
    this.record.pod = this.pod;
    this.record.remember({ published: status, writtenPhase: status.phase ?? '' });
  }

  runningApps(): string[] {
    return [...this.record.containers.values()].filter(({ phase, identity }) => phase === 'running' && identity.container !== 'POD').map(({ id }) => id);
  }

  carryOut(action: PodAction): void {
    switch (action.type) {
      case 'ensure-image':
        return this.record.setImage(action.container.name, { type: 'ready', reference: action.container.image ?? '', attempt: action.attempt, image: IMAGE });
      case 'create-sandbox':
        return this.start('POD', action.attempt, {});
      case 'start-container':
        return this.start(action.container.name, action.attempt, {
          [IMAGE_LABEL]: action.container.image ?? '',
          [RESTART_LEVEL_LABEL]: String(action.restartLevel),
          ...(action.sandboxId === undefined ? {} : { [SANDBOX_LABEL]: action.sandboxId }),
        });
      case 'stop-container':
        this.record.setStop(action.id, { deadline: action.deadline });
        return this.end(action.id, 143);
      case 'kill-container':
        return this.end(action.id, 137);
      case 'remove-container':
        return this.record.forgetContainer(action.id);
      case 'prepare-volumes':
        return this.record.remember({ volumes: { type: 'ready', version: action.version } });
      case 'remove-volumes':
        return this.record.remember({ volumes: { type: 'removed' } });
      case 'delete-pod':
        this.isDeleted = true;
        return this.record.remember({ objectDeleted: true });
      case 'record-event':
        return this.record.remember({ recorded: new Set([...this.record.memory.recorded, action.key]) });
    }
  }

  start(container: string, attempt: number, labels: Record<string, string>): void {
    const key = `${container}/${attempt}`;
    const other = [...this.record.containers.values()].find(({ identity, phase }) => identity.container === container && phase === 'running');
    expect(other).toBeUndefined();
    this.starts.set(key, (this.starts.get(key) ?? 0) + 1);
    expect(this.starts.get(key)).toBe(1);
    const times = { createdAt: this.now, startedAt: this.now };
    this.record.containers.set(`${container}-${attempt}`, aRun(container, { attempt, ...times, ...(container === 'POD' ? {} : { labels }) }));
  }

  end(id: string, exitCode: number): void {
    const container = this.record.containers.get(id);
    if (container?.phase === 'running') this.record.containers.set(id, { ...container, phase: 'exited', exitCode, finishedAt: this.now, ip: '' });
  }
}

function worldOf({ restartPolicy, apps, inits, sidecar }: { restartPolicy: string; apps: number; inits: number; sidecar: boolean }): World {
  const initContainers = [
    ...(sidecar ? [aContainer('side', { restartPolicy: 'Always' })] : []),
    ...Array.from({ length: inits }, (_, at) => aContainer(`init-${at}`)),
  ];
  const containers = Array.from({ length: apps }, (_, at) => aContainer(`app-${at}`));
  return new World(aPod({ restartPolicy, containers, ...(initContainers.length === 0 ? {} : { initContainers }) }));
}

describe('whatever happens', () => {
  test('no attempt runs twice, no two runs of a container overlap, a terminal phase is told only when all is down and is for ever', () => {
    fc.assert(
      fc.property(shape, fc.array(happening, { maxLength: 25 }), (form, happenings) => {
        const world = worldOf(form);
        world.settle();
        for (const event of happenings) if (!world.isDeleted) world.happen(event);
      }),
      { numRuns: 400 },
    );
  });

  test('apps of a Never Pod run at most once each', () => {
    fc.assert(
      fc.property(shape, fc.array(happening, { maxLength: 25 }), (form, happenings) => {
        const world = worldOf({ ...form, restartPolicy: 'Never' });
        world.settle();
        for (const event of happenings) if (!world.isDeleted) world.happen(event);
        expect([...world.starts.keys()].filter((key) => /^app-\d\/[1-9]/.test(key))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('a Pod whose containers now succeed comes to its end, and a deleted one leaves nothing', () => {
    fc.assert(
      fc.property(shape, fc.array(happening, { maxLength: 15 }), fc.boolean(), (form, happenings, isDeleted) => {
        const world = worldOf({ ...form, restartPolicy: form.restartPolicy === 'Always' && !isDeleted ? 'OnFailure' : form.restartPolicy });
        world.settle();
        for (const event of happenings) if (!world.isDeleted) world.happen(event);
        if (isDeleted && !world.isDeleted) world.happen({ type: 'delete' });
        for (let round = 0; round < 60 && !world.isDeleted && !isTerminalPhase(world.pod.status?.phase); round += 1) {
          const mains = world.runningApps().filter((id) => !id.startsWith('side'));
          for (const id of mains) world.end(id, 0);
          world.now += world.settle() ?? 0;
        }
        world.settle();
        expect(world.runningApps()).toEqual([]);
        if (isDeleted) expect([...world.record.containers.keys()]).toEqual([]);
        else expect(world.isDeleted || isTerminalPhase(world.pod.status?.phase)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
