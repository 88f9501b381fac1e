// Creates and starts one attempt of a container, exactly once whatever is cut off or repeated, and words what goes wrong.
import { containersOfPod } from '../api/pod/pod-containers.ts';
import { backoffDelayMs } from '../base/backoff.ts';
import { podFacts, START_LIMIT_MS, type ActionScope } from './action-scope.ts';
import { within } from './call-deadline.ts';
import { ConfigError, configReferences } from './config-objects.ts';
import { containerSpec } from './container-spec.ts';
import { fieldPathOf } from './ensure-image.ts';
import { containerEnv } from './env.ts';
import { beginPostStart } from './hooks/post-start.ts';
import { hostsMounts } from './names/hosts-mount.ts';
import { networkNames } from './names/network-names.ts';
import type { PodAction } from './pod-action.ts';
import type { PodRecord } from './pod-record.ts';
import { runtimeHandler } from './runtime-handler.ts';
import { RuntimeError, type ContainerSpec, type ContainerState } from './runtime/container-runtime.ts';
import { localSeccomp } from './seccomp-profile.ts';

type Start = Extract<PodAction, { readonly type: 'start-container' }>;

const RETRY_BASE_MS = 2_000;
const RETRY_CAP_MS = 60_000;

export async function startContainer(scope: ActionScope, action: Start): Promise<void> {
  const { record } = scope;
  try {
    const known = attemptSeen(scope, action);
    const id = known?.id ?? (await create(scope, action, await resolveSpec(scope, action)));
    record.setCreation(action.container.name, undefined);
    await start(scope, action, id);
  } catch (error) {
    noteFailure(scope, action, error);
  }
}

function attemptSeen({ record }: ActionScope, { container, attempt }: Start): ContainerState | undefined {
  return [...record.containers.values()].find(({ identity }) => identity.container === container.name && identity.attempt === attempt);
}

async function resolveSpec(scope: ActionScope, { container, attempt, restartLevel, sandboxId, processesOf }: Start): Promise<ContainerSpec> {
  const { context, record } = scope;
  const { pod } = record;
  const namespace = pod.metadata?.namespace ?? '';
  const references = configReferences(pod);
  const config = await context.config.load(namespace, references);
  const serviceEnv = await context.serviceEnv(namespace, { links: pod.spec?.enableServiceLinks !== false });
  const env = containerEnv(container, { facts: podFacts(scope), config, serviceEnv });
  const mounts = [...(await context.volumes.mounts(pod, container, { attempt, env })), ...(await hostsMounts(scope, container, sandboxId))];
  const names = sandboxId === undefined ? await networkNames(scope) : {};
  const image = record.memory.images.get(container.name);
  if (image?.type !== 'ready') throw new RuntimeError('ImageNotFound', `image ${container.image} is not here`);
  return { ...containerSpec(pod, container, { attempt, restartLevel, sandboxId, processesOf, image: image.image, env, mounts, names }), ...(await runtimeHandler(scope)), ...(await localSeccomp(pod, container, context.seccompDir)) };
}

async function create({ context, record }: ActionScope, { container, attempt }: Start, spec: ContainerSpec): Promise<string> {
  const isFirstTry = !record.tried.has(`${container.name}/${attempt}`);
  record.tried.add(`${container.name}/${attempt}`);
  const id = await within(context.clock, START_LIMIT_MS, { what: `create ${container.name}`, run: () => context.runtime.create(spec) });
  if (isFirstTry) {
    record.containers.set(id, createdState(id, spec, { imageId: imageIdOf(record, container.name), now: context.clock.now() }));
    context.recorder.event(record.pod, { type: 'Normal', reason: 'Created', message: 'Container created', fieldPath: fieldPathOf(record.pod, container) });
    record.fresh.add(id);
  }
  return id;
}

/** What the engine would say of it; asking would only cost time. */
function createdState(id: string, spec: ContainerSpec, { imageId, now }: { readonly imageId: string; readonly now: number }): ContainerState {
  const times = { createdAt: now, startedAt: 0, finishedAt: 0 };
  const { identity, image, labels = {}, resources } = spec;
  return { id, identity, image, imageId, labels, resources, phase: 'created', ...times, exitCode: 0, oomKilled: false, error: '', ip: '', logPath: '' };
}

function imageIdOf(record: PodRecord, container: string): string {
  const image = record.memory.images.get(container);
  return image?.type === 'ready' ? image.image.id : '';
}

/** Only a container that this call has just made is known never to have run; any other is looked at before. */
async function start(scope: ActionScope, { container }: Start, id: string): Promise<void> {
  const { context, record, refresh } = scope;
  const isFresh = record.fresh.delete(id);
  if (!isFresh) {
    await refresh(id);
    if (record.containers.get(id)?.phase !== 'created') return;
  }
  try {
    record.unanswered.add(id);
    await within(context.clock, START_LIMIT_MS, { what: `start ${container.name}`, run: () => context.runtime.start(id) });
    tellStarted(scope, id);
  } catch (error) {
    if (!(error instanceof RuntimeError) || error.code !== 'StartFailed') throw error;
    await refresh(id);
    const { phase, error: noted } = record.containers.get(id) ?? { phase: 'created', error: error.message };
    // It runs or ran after all; or the engine knows of no failed start: then it was its answer that failed.
    if (phase !== 'created' && noted === '') return;
    if (noted === '') throw new RuntimeError('Unavailable', error.message, { cause: error });
    record.unanswered.delete(id);
    record.setStartError(id, error.message);
    context.recorder.event(record.pod, { type: 'Warning', reason: 'Failed', message: `Error: ${error.message}`, fieldPath: fieldPathOf(record.pod, container) });
  }
  await refresh(id);
}

/** A start has worked: its reply says so, or, where that was lost, the container does. Only the first of them counts. */
export function tellStarted(scope: ActionScope, id: string): void {
  const { context, record } = scope;
  const name = record.containers.get(id)?.identity.container;
  const container = containersOfPod(record.pod).find((each) => each.name === name);
  if (!record.unanswered.delete(id) || container === undefined) return;
  context.recorder.event(record.pod, { type: 'Normal', reason: 'Started', message: 'Container started', fieldPath: fieldPathOf(record.pod, container) });
  beginPostStart(scope, container, id);
}

/** An engine that does not answer is the loop's trouble; everything else is the container's, and its status says so. */
function noteFailure({ context, record, configVersion }: ActionScope, { container, attempt }: Start, error: unknown): void {
  if (error instanceof RuntimeError && error.code === 'ImageNotFound') {
    context.images.forget(container.image ?? '');
    record.setImage(container.name, undefined);
    return;
  }
  const reason = failureReason(error);
  if (reason === undefined) throw error;
  const message = error instanceof Error ? error.message : String(error);
  const failures = failuresOf(record.memory.creations.get(container.name), attempt) + 1;
  const retryAt = context.clock.now() + backoffDelayMs(failures, RETRY_BASE_MS, RETRY_CAP_MS);
  record.setCreation(container.name, { attempt, reason, message, failures, retryAt, version: configVersion });
  context.recorder.event(record.pod, { type: 'Warning', reason: 'Failed', message: `Error: ${message}`, fieldPath: fieldPathOf(record.pod, container) });
}

function failureReason(error: unknown): string | undefined {
  if (error instanceof ConfigError) return 'CreateContainerConfigError';
  if (!(error instanceof RuntimeError)) return undefined;
  return error.code === 'Unavailable' || error.code === 'NotFound' ? undefined : 'CreateContainerError';
}

function failuresOf(before: { readonly attempt: number; readonly failures: number } | undefined, attempt: number): number {
  return before?.attempt === attempt ? before.failures : 0;
}
