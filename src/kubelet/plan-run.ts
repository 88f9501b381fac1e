// What a Pod that is to run needs next: images, volumes, a sandbox, containers; and old attempts out of the way.
import type { EphemeralContainer } from '../api/generated/types.ts';
import { containerFieldPath, IMAGE_LABEL, type ContainerView } from './container-view.ts';
import { imageWait } from './image-back-off.ts';
import type { PodAction } from './pod-action.ts';
import { mergeSteps, type PodSteps, type PodView } from './pod-view.ts';
import { planProbes, planUnhealthy } from './probes/plan-probes.ts';
import { planResize } from './resize/plan-resize.ts';
import { restarts } from './restart-rule.ts';
import { SANDBOX } from './runtime/container-runtime.ts';
import { networkHolder, runningNamed, startableNames } from './start-order.ts';
import { startState } from './start-state.ts';
import { planUsage } from './plan-usage.ts';
import { stopContainer } from './stop-container.ts';
import { activeDeadline } from './verdict.ts';

export function planRun(view: PodView): PodSteps {
  const parts = [planVolumes(view), planUsage(view), planImages(view), planSandbox(view), planGuard(view), planStarts(view), planChanged(view), planResize(view), planUnhealthy(view), planProbes(view, { isGoing: false }), planOldAttempts(view)];
  const deadline = activeDeadline(view.seen);
  return mergeSteps(deadline === undefined ? parts : [...parts, { actions: [], wakeAt: deadline }]);
}

/** The newest attempt and the one before it stay: lastState and `logs -p` need them. The others go last: their logs are archived first. */
function planOldAttempts({ containers, sandbox }: PodView): PodSteps {
  const surplus = containers.flatMap(({ older }) => older.slice(0, -1));
  const all = [...surplus, ...sandbox.older].filter(({ phase }) => phase !== 'running');
  return { actions: all.map(({ id }) => ({ type: 'remove-container', id })) };
}

function planVolumes({ seen, containers }: PodView): PodSteps {
  const { volumes } = seen.memory;
  const version = seen.configVersion;
  const isNeeded = (seen.pod.spec?.volumes ?? []).length > 0;
  if (!isNeeded || containers.length === 0) return { actions: [] };
  const { refreshAt = Infinity } = volumes.type === 'ready' ? volumes : {};
  if (volumes.type === 'ready' && volumes.version === version && seen.now < refreshAt) return { actions: [], ...(refreshAt === Infinity ? {} : { wakeAt: refreshAt }) };
  if (volumes.type === 'failed' && volumes.version === version && seen.now < volumes.retryAt) return { actions: [], wakeAt: volumes.retryAt };
  return { actions: [{ type: 'prepare-volumes', version }] };
}

function planImages(view: PodView): PodSteps {
  const startable = startableNames(view.containers, view.sandbox);
  return mergeSteps(view.containers.map((container) => planImage(view, container, startable.has(container.spec.name))));
}

function planImage({ seen }: PodView, container: ContainerView, isStartable: boolean): PodSteps {
  const state = startState(seen, container, isStartable);
  if (state.type === 'needs-image') return { actions: [{ type: 'ensure-image', container: container.spec, attempt: state.next.attempt }] };
  if (state.type !== 'image-failed') return { actions: [] };
  const wait = imageWait(state.failure, seen.now);
  const { name, image = '' } = container.spec;
  const fieldPath = containerFieldPath(container);
  const key = `image-back-off/${name}/${state.failure.failures}`;
  const events: PodAction[] = wait.isBackingOff
    ? [
        { type: 'record-event', key, event: { type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${image}"`, fieldPath } },
        { type: 'record-event', key: `${key}/error`, event: { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff', fieldPath } },
      ]
    : [];
  return { actions: events, wakeAt: wait.nextAt };
}

/** Containers of a dead sandbox hold a network that nobody else can join, so they go down before the next is made. */
function planSandbox({ seen, sandbox, containers }: PodView): PodSteps {
  if (sandbox.kind !== 'pause' || sandbox.container?.phase === 'running' || !volumesReady(seen.memory.volumes.type, seen.pod.spec?.volumes)) {
    return { actions: [] };
  }
  const policy = seen.pod.spec?.restartPolicy ?? 'Always';
  const running = containers.filter(({ phase }) => phase === 'running');
  if (running.length > 0) {
    const stops = running.map((container) => stopContainer(seen, container, { deadline: seen.now + graceMs(seen.pod.spec?.terminationGracePeriodSeconds) }));
    const changed: PodAction = {
      type: 'record-event',
      key: `sandbox-changed/${sandbox.container?.id}`,
      event: { type: 'Normal', reason: 'SandboxChanged', message: 'Pod sandbox changed, it will be killed and re-created.' },
    };
    return mergeSteps([{ actions: [changed] }, ...stops]);
  }
  const someoneWillRun = containers.some((container) => container.exit === undefined || restarts(container, container.exit, policy));
  if (!someoneWillRun) return { actions: [] };
  const failure = seen.memory.creations.get(SANDBOX);
  if (failure !== undefined && seen.now < failure.retryAt) return { actions: [], wakeAt: failure.retryAt };
  const exited = sandbox.container?.phase === 'exited' ? sandbox.container.identity.attempt + 1 : undefined;
  return { actions: [{ type: 'create-sandbox', attempt: exited ?? sandbox.container?.identity.attempt ?? 0 }] };
}

/** Asked for when something is to start: what runs goes on, whether or not its address can be guarded just now. */
function planGuard(view: PodView): PodSteps {
  const { container } = view.sandbox;
  if (container === undefined || !awaitsGuard(view)) return { actions: [] };
  const startable = startableNames(view.containers, view.sandbox);
  if (!view.containers.some((each) => startState(view.seen, each, startable.has(each.spec.name)).type === 'ready')) return { actions: [] };
  return { actions: [{ type: 'guard-sandbox', id: container.id, ip: container.ip }] };
}

function awaitsGuard({ seen, sandbox }: PodView): boolean {
  return seen.needsGuard === true && sandbox.kind === 'pause' && sandbox.container?.phase === 'running' && seen.memory.guardedSandbox !== sandbox.container.id;
}

function planStarts(view: PodView): PodSteps {
  const { seen, sandbox } = view;
  const sandboxId = sandbox.kind === 'pause' && sandbox.container?.phase === 'running' ? sandbox.container.id : undefined;
  const isBlocked = (sandbox.kind === 'pause' && sandboxId === undefined) || awaitsGuard(view) || !volumesReady(seen.memory.volumes.type, seen.pod.spec?.volumes);
  const startable = startableNames(view.containers, sandbox);
  return mergeSteps(
    view.containers.map((container): PodSteps => {
      const state = startState(seen, container, startable.has(container.spec.name));
      if (state.type === 'backing-off') return { actions: [backOffEvent(view, container)], wakeAt: state.next.notBefore };
      if (state.type === 'creation-failed') return { actions: [], wakeAt: state.failure.retryAt };
      if (state.type !== 'ready' || isBlocked) return { actions: [] };
      const { attempt, restartLevel } = state.next;
      const joined = container.role === 'ephemeral' ? joinedBy(view, container) : { sandboxId };
      return { actions: [{ type: 'start-container', container: container.spec, attempt, restartLevel, ...joined }] };
    }),
  );
}

/** An ephemeral container joins a Pod that is its own sandbox by its container, and sees the processes of its target. */
function joinedBy({ containers, sandbox }: PodView, { spec }: ContainerView): { readonly sandboxId: string | undefined; readonly processesOf?: string } {
  const target = (spec as EphemeralContainer).targetContainerName ?? '';
  const processesOf = target === '' ? undefined : runningNamed(containers, target)?.id;
  const holder = { own: networkHolder(containers), pause: sandbox.container, host: undefined }[sandbox.kind];
  return { sandboxId: holder?.id, ...(processesOf === undefined ? {} : { processesOf }) };
}

function backOffEvent({ seen }: PodView, container: ContainerView): PodAction {
  const { name, namespace, uid } = seen.pod.metadata ?? {};
  return {
    type: 'record-event',
    key: `restart-back-off/${container.spec.name}/${container.attempt}`,
    event: {
      type: 'Warning',
      reason: 'BackOff',
      message: `Back-off restarting failed container ${container.spec.name} in pod ${name}_${namespace}(${uid})`,
      fieldPath: containerFieldPath(container),
    },
  };
}

/** A running container whose image was changed in the Pod is replaced, where the Pod may restart containers at all. */
function planChanged({ seen, containers }: PodView): PodSteps {
  if ((seen.pod.spec?.restartPolicy ?? 'Always') === 'Never') return { actions: [] };
  const changed = containers.filter((container) => container.phase === 'running' && (container.container?.labels[IMAGE_LABEL] ?? container.spec.image) !== container.spec.image);
  return mergeSteps(
    changed.map((container) =>
      stopContainer(seen, container, {
        deadline: seen.now + graceMs(seen.pod.spec?.terminationGracePeriodSeconds),
        message: `Container ${container.spec.name} definition changed, will be restarted`,
      }),
    ),
  );
}

function volumesReady(state: string, volumes: readonly unknown[] | undefined): boolean {
  return (volumes ?? []).length === 0 || state === 'ready';
}

function graceMs(seconds: number | undefined): number {
  return (seconds ?? 30) * 1_000;
}
