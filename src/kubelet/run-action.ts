// Carries out the actions of a plan. Each may be repeated, and may be cut off anywhere: the next plan goes on from what is.
import { PODS } from '../api/kinds.ts';
import { isConflict, isNotFound } from '../api/status-error.ts';
import { backoffDelayMs } from '../base/backoff.ts';
import { archiveAttempt } from './archive/archive-attempt.ts';
import { CALL_LIMIT_MS, START_LIMIT_MS, type ActionScope } from './action-scope.ts';
import { within } from './call-deadline.ts';
import { ConfigError } from './config-objects.ts';
import { sandboxSpec } from './container-spec.ts';
import { ensureImage } from './ensure-image.ts';
import { runPreStop } from './hooks/pre-stop.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { networkNames } from './names/network-names.ts';
import { measureVolumes } from './measure-volumes.ts';
import type { PodAction } from './pod-action.ts';
import type { PodRecord } from './pod-record.ts';
import { prepareVolumes } from './prepare-volumes.ts';
import { probeContainer } from './probes/run-probe.ts';
import { resizeContainer } from './resize/resize-container.ts';
import { runtimeHandler } from './runtime-handler.ts';
import { RuntimeError, SANDBOX } from './runtime/container-runtime.ts';
import { startContainer } from './start-container.ts';

type ActionOf<Type extends PodAction['type']> = Extract<PodAction, { readonly type: Type }>;

const EXECUTORS: { readonly [Type in PodAction['type']]: (scope: ActionScope, action: ActionOf<Type>) => Promise<void> } = {
  'ensure-image': (scope, { container, attempt }) => ensureImage(scope, container, attempt),
  'prepare-volumes': prepareVolumes,
  'measure-volumes': measureVolumes,
  'create-sandbox': createSandbox,
  'guard-sandbox': guardSandbox,
  'start-container': startContainer,
  'probe-container': probeContainer,
  'stop-container': stopContainer,
  'resize-container': resizeContainer,
  'kill-container': killContainer,
  'remove-container': removeContainer,
  'remove-volumes': removeVolumes,
  'delete-pod': deletePod,
  'record-event': recordEvent,
};

export function runAction<Type extends PodAction['type']>(scope: ActionScope, action: ActionOf<Type>): Promise<void> {
  const run = EXECUTORS[action.type] as (scope: ActionScope, action: ActionOf<Type>) => Promise<void>;
  return run(scope, action);
}

const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 60_000;
const KILL_RETRY_MS = 10_000;
/** What is left at least to go in good order when a preStop hook has used up the grace period. */
const LEAST_GRACE_MS = 2_000;

async function createSandbox(scope: ActionScope, { attempt }: ActionOf<'create-sandbox'>): Promise<void> {
  const { context, record, refresh } = scope;
  const { clock, runtime } = context;
  try {
    const image = await within(clock, CALL_LIMIT_MS, { what: 'sandbox image', run: () => runtime.sandboxImage() });
    const spec = { ...sandboxSpec(record.pod, { attempt, image, names: await networkNames(scope) }), ...(await runtimeHandler(scope)) };
    const id = await within(clock, START_LIMIT_MS, { what: 'create sandbox', run: () => runtime.create(spec) });
    await within(clock, START_LIMIT_MS, { what: 'start sandbox', run: () => runtime.start(id) });
    record.setCreation(SANDBOX, undefined);
    await refresh(id);
  } catch (error) {
    const isFinding = error instanceof ConfigError || (error instanceof RuntimeError && error.code !== 'Unavailable');
    if (!isFinding) throw error;
    const failures = (record.memory.creations.get(SANDBOX)?.failures ?? 0) + 1;
    const message = `Failed to create pod sandbox: ${error.message}`;
    context.recorder.event(record.pod, { type: 'Warning', reason: 'FailedCreatePodSandBox', message });
    const retryAt = clock.now() + backoffDelayMs(failures, RETRY_BASE_MS, RETRY_CAP_MS);
    record.setCreation(SANDBOX, { attempt, reason: 'FailedCreatePodSandBox', message, failures, retryAt, version: '' });
    await removeFailedSandboxes(context, record);
  }
}

/** A guard that cannot be had fails the round: it is tried again, and no container starts before. */
async function guardSandbox({ context, record }: ActionScope, { id, ip }: ActionOf<'guard-sandbox'>): Promise<void> {
  await context.network.guard(record.pod, ip);
  record.remember({ guardedSandbox: id });
}

/** A pause container that could not be started is of no use, and nobody has joined it. */
async function removeFailedSandboxes(context: KubeletContext, record: PodRecord): Promise<void> {
  const found = await context.runtime.list({ podUid: record.pod.metadata?.uid ?? '' });
  const dead = found.filter(({ identity, phase }) => identity.container === SANDBOX && phase === 'created');
  for (const { id } of dead) {
    await context.runtime.remove(id);
    record.forgetContainer(id);
  }
}

async function stopContainer(scope: ActionScope, { id, deadline, container }: ActionOf<'stop-container'>): Promise<void> {
  const { context, record, inBackground, refresh } = scope;
  const { clock, log, runtime } = context;
  record.setStop(id, { deadline });
  const stop = async (): Promise<void> => {
    try {
      const hasHook = container.lifecycle?.preStop !== undefined && deadline > clock.now();
      if (hasHook) await runPreStop(scope, { id, container, deadline });
      // The next kubelet begins anew.
      if (context.signal.aborted) return;
      const leftMs = Math.max(deadline - clock.now(), hasHook ? LEAST_GRACE_MS : 0);
      await runtime.stop(id, { graceSeconds: Math.ceil(leftMs / 1_000) });
      await refresh(id);
    } catch (error) {
      log.warn('a container was not stopped', { id, error });
      record.setStop(id, { deadline, retryAt: clock.now() + RETRY_BASE_MS });
    }
  };
  inBackground(stop());
}

async function killContainer({ context, record, refresh }: ActionScope, { id }: ActionOf<'kill-container'>): Promise<void> {
  const { clock, runtime } = context;
  const deadline = clock.now();
  await within(clock, CALL_LIMIT_MS, { what: 'kill', run: () => runtime.kill(id, 'SIGKILL') });
  record.setStop(id, { deadline, retryAt: deadline + KILL_RETRY_MS });
  await refresh(id);
}

async function removeContainer(scope: ActionScope, { id }: ActionOf<'remove-container'>): Promise<void> {
  const { context, record } = scope;
  await archiveAttempt(scope, id);
  await within(context.clock, START_LIMIT_MS, { what: 'remove', run: () => context.runtime.remove(id) });
  record.forgetContainer(id);
}

async function removeVolumes({ context, record }: ActionScope): Promise<void> {
  const uid = record.pod.metadata?.uid ?? '';
  context.tokens.forget(uid);
  await context.volumes.remove(uid);
  record.remember({ volumes: { type: 'removed' } });
}

async function deletePod({ context, record }: ActionScope): Promise<void> {
  const { name = '', namespace = '', uid } = record.pod.metadata ?? {};
  try {
    await context.client.delete(PODS, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { ...(uid === undefined ? {} : { uid }) } });
  } catch (error) {
    // Gone, or another Pod of the same name by now: either way this one is no more.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
  record.remember({ objectDeleted: true });
}

async function recordEvent({ context, record }: ActionScope, { key, event }: ActionOf<'record-event'>): Promise<void> {
  record.remember({ recorded: new Set([...record.memory.recorded, key]) });
  context.recorder.event(record.pod, event);
}
