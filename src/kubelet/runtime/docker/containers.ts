// Containers through the engine: create, start, stop, kill, remove, and reading back what is there.
import { sleep, type Clock } from '../../../base/clock.ts';
import { RuntimeError, type ContainerResources, type ContainerSpec, type ContainerState } from '../container-runtime.ts';
import { createArgs, limits } from './create-args.ts';
import { EngineRefusal, type EngineClient } from './engine-client.ts';
import { asRuntimeError, tolerating, translated } from './engine-errors.ts';
import { parseImageReference } from './image-reference.ts';
import { asList, asRecord, asText } from './json-fields.ts';
import { CLUSTER_LABEL, containerName, POD_UID_LABEL, sameIdentity } from './labels.ts';
import { parseContainer } from './parse-inspect.ts';
import { isStartError } from './podman-words.ts';

export interface EngineContext {
  readonly client: EngineClient;
  readonly clusterId: string;
  readonly clock: Clock;
  /** Why containers could not be started, by id, for an engine that keeps no note of it. */
  readonly startErrors: Map<string, string>;
}

/** The engine's list lacks exit codes and times, so each container found is inspected, a few at a time. */
export async function listContainers(
  context: EngineContext,
  filter: { readonly podUid?: string } = {},
): Promise<readonly ContainerState[]> {
  const labels = [`${CLUSTER_LABEL}=${context.clusterId}`];
  if (filter.podUid !== undefined) labels.push(`${POD_UID_LABEL}=${filter.podUid}`);
  const ids = await listIds(context, labels);
  const states = await mapInParallel(ids, (id) => inspectContainer(context, id));
  return states.filter((state) => state !== undefined);
}

export async function listIds(context: EngineContext, labels: readonly string[]): Promise<readonly string[]> {
  const query = { all: true, filters: JSON.stringify({ label: labels }) };
  const found = await translated(() => context.client.json({ method: 'GET', path: '/containers/json', query }));
  return asList(found).map((item) => asText(asRecord(item)['Id']));
}

export async function inspectContainer(context: EngineContext, id: string): Promise<ContainerState | undefined> {
  const path = `/containers/${encodeURIComponent(id)}/json`;
  const found = await translated(() => tolerating([404], undefined, () => context.client.json({ method: 'GET', path })));
  const state = found === undefined ? undefined : parseContainer(context.clusterId, found);
  return state === undefined || state.error !== '' || state.phase === 'running' ? state : { ...state, error: context.startErrors.get(state.id) ?? '' };
}

/** How often, and how far apart, a create is tried again whose name is taken by a container not yet to be seen. */
const NAME_TRIES = 50;
const NAME_RETRY_MS = 100;

export async function createContainer(context: EngineContext, spec: ContainerSpec): Promise<string> {
  const image = parseImageReference(spec.image);
  if (image === undefined) throw new RuntimeError('InvalidImageName', `invalid image name "${spec.image}"`);
  const name = containerName(spec.identity);
  const json = createArgs(context.clusterId, spec, image.text);
  for (let tries = 1; ; tries += 1) {
    try {
      const created = await context.client.json({ method: 'POST', path: '/containers/create', query: { name }, json });
      return asText(asRecord(created)['Id']);
    } catch (error) {
      if (!(error instanceof EngineRefusal)) throw error;
      const existing = error.status === 409 ? await inspectContainer(context, name) : undefined;
      if (existing !== undefined && sameIdentity(existing.identity, spec.identity)) return existing.id;
      if (error.status !== 409 || tries === NAME_TRIES) throw createRefused(error);
      // The engine reserves the name before the container can be inspected: a create cut off by a crash may be under way.
      await sleep(context.clock, NAME_RETRY_MS, NEVER_ABORTED);
    }
  }
}

const NEVER_ABORTED = new AbortController().signal;

function createRefused(error: EngineRefusal): RuntimeError {
  const lacksImage = error.status === 404 && /no such image/i.test(error.message);
  return asRuntimeError(error, lacksImage ? { 404: 'ImageNotFound' } : {});
}

/** Everything that goes wrong after the container is found is the container's own: a bad command, mount or network. */
export async function startContainer(context: EngineContext, id: string): Promise<void> {
  const path = `/containers/${id}/start`;
  try {
    await context.client.done({ method: 'POST', path });
    context.startErrors.delete(id);
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    if (isStartError(error.message)) context.startErrors.set(id, error.message);
    throw new RuntimeError(isGone(error) ? 'NotFound' : 'StartFailed', error.message, { cause: error });
  }
}

export async function resizeContainer(context: EngineContext, id: string, resources: ContainerResources): Promise<void> {
  const json = limits(resources);
  if (Object.keys(json).length === 0) return;
  try {
    await context.client.done({ method: 'POST', path: `/containers/${id}/update`, json });
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    // No such call rather than no such container: Podman before version 5.
    if (error.status === 404 && !isGone(error)) throw new RuntimeError('Rejected', 'this container engine cannot change the size of a running container', { cause: error });
    throw asRuntimeError(error);
  }
}

/** How much longer than the grace period the engine may take to bring a container down. */
const STOP_SLACK_MS = 60_000;

export async function stopContainer(
  context: EngineContext,
  id: string,
  options: { readonly graceSeconds: number },
): Promise<void> {
  const query = { t: Math.max(0, Math.ceil(options.graceSeconds)) };
  const timeoutMs = query.t * 1000 + STOP_SLACK_MS;
  const call = { method: 'POST', path: `/containers/${id}/stop`, query, timeoutMs } as const;
  await translated(() => tolerating([404], undefined, () => context.client.done(call)));
}

/** A container that does not run needs no signal: 409 is the engine's answer then. */
export async function killContainer(context: EngineContext, id: string, signal: string): Promise<void> {
  const call = { method: 'POST', path: `/containers/${id}/kill`, query: { signal } } as const;
  await translated(() => tolerating([404, 409], undefined, () => context.client.done(call)));
}

/** Returns when it is gone, also when someone else is at removing it. */
export async function removeContainer(context: EngineContext, id: string): Promise<void> {
  context.startErrors.delete(id);
  const call = { method: 'DELETE', path: `/containers/${id}`, query: { force: true, v: true } } as const;
  const refusal = await context.client.done(call).then(() => undefined, (error: unknown) => error);
  if (refusal === undefined || isGone(refusal)) return;
  // Taken at its word only: what else answers so (a proxy, an engine in trouble) must not make a container forgotten.
  if (!(refusal instanceof EngineRefusal) || !/already in progress/i.test(refusal.message)) return translated(() => Promise.reject(refusal));
  const wait = { method: 'POST', path: `/containers/${id}/wait`, query: { condition: 'removed' } } as const;
  await translated(() => tolerating([404], undefined, () => context.client.done(wait)));
}

function isGone(error: unknown): boolean {
  return error instanceof EngineRefusal && error.status === 404 && /no such container/i.test(error.message);
}

const PARALLEL_CALLS = 16;

/** Results in the order of `items`. */
export async function mapInParallel<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = new Array(items.length);
  const rest = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of rest) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_CALLS, items.length) }, worker));
  return results;
}
