// Makes a container's image available by its pull policy, says so in events, and keeps the back-off of failed pulls.
import type { Container, Pod, Secret } from '../api/generated/types.ts';
import { backoffDelayMs, IMAGE_PULL } from '../base/backoff.ts';
import type { EventText } from '../client/event-recorder-contract.ts';
import { CALL_LIMIT_MS, type ActionScope } from './action-scope.ts';
import { within } from './call-deadline.ts';
import { configReferences } from './config-objects.ts';
import { goDurationText } from '../api/go-duration-text.ts';
import { registryOf } from './image-name.ts';
import type { ImageFailure } from './pod-memory.ts';
import { registryAuth } from './registry-auth.ts';
import { RuntimeError, type ImageInfo } from './runtime/container-runtime.ts';


/** Returns when the answer is known, or a pull is under way in the background. */
export async function ensureImage(scope: ActionScope, container: Container, attempt: number): Promise<void> {
  const { context, record } = scope;
  const reference = container.image ?? '';
  const ready = (image: ImageInfo): void => record.setImage(container.name, { type: 'ready', reference, attempt, image });
  try {
    const present = await within(context.clock, CALL_LIMIT_MS, { what: `image ${reference}`, run: () => context.images.find(reference) });
    const policy = container.imagePullPolicy ?? 'IfNotPresent';
    if (present !== undefined && policy !== 'Always') {
      say(scope, container, { type: 'Normal', reason: 'Pulled', message: `Container image "${reference}" already present on machine` });
      return ready(present);
    }
    if (policy === 'Never') {
      const message = `Container image "${reference}" is not present with pull policy of Never`;
      return failed(scope, container, { reason: 'ErrImageNeverPull', message, event: 'ErrImageNeverPull' });
    }
    const before = record.memory.images.get(container.name);
    record.setImage(container.name, { type: 'pulling', reference, ...(before?.type === 'failed' && before.reference === reference ? { failure: before } : {}) });
    scope.inBackground(pull(scope, container, { attempt, present }));
  } catch (error) {
    if (!(error instanceof RuntimeError) || error.code !== 'InvalidImageName') throw error;
    invalidName(scope, container, error.message);
  }
}

async function pull(scope: ActionScope, container: Container, { attempt, present }: { attempt: number; present: ImageInfo | undefined }): Promise<void> {
  const { context, record } = scope;
  const reference = container.image ?? '';
  const since = context.clock.now();
  const ready = (image: ImageInfo): void => record.setImage(container.name, { type: 'ready', reference, attempt, image });
  say(scope, container, { type: 'Normal', reason: 'Pulling', message: `Pulling image "${reference}"` });
  try {
    const image = await context.images.pull(reference, await credentials(scope, reference));
    const took = goDurationText(context.clock.now() - since);
    say(scope, container, {
      type: 'Normal',
      reason: 'Pulled',
      message: `Successfully pulled image "${reference}" in ${took} (${took} including waiting). Image size: ${image.sizeBytes} bytes.`,
    });
    record.pullFailures.delete(reference);
    ready(image);
  } catch (error) {
    if (context.signal.aborted) return;
    if (error instanceof RuntimeError && error.code === 'InvalidImageName') return invalidName(scope, container, error.message);
    const message = error instanceof Error ? error.message : String(error);
    if (present === undefined || !mayFallBack(error, present)) {
      say(scope, container, { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${reference}": ${message}` });
      return failed(scope, container, { reason: 'ErrImagePull', message, event: 'Failed' });
    }
    say(scope, container, {
      type: 'Warning',
      reason: 'ImagePullFallback',
      message: `Failed to pull image "${reference}", so the copy already present on machine is used: ${message}`,
    });
    ready(present);
  }
}

/**
 * A local copy may stand in when nobody could be asked, or when the image was built here (no registry ever gave it a
 * digest) and so cannot be pulled at all. What a registry refuses of its own images stays refused, as upstream has it.
 */
function mayFallBack(error: unknown, present: ImageInfo): boolean {
  return error instanceof RuntimeError && error.code === 'PullFailed' && (error.unreachable || present.digests.length === 0);
}

function invalidName(scope: ActionScope, container: Container, why: string): void {
  const message = `Failed to apply default image tag "${container.image ?? ''}": ${why}`;
  say(scope, container, { type: 'Warning', reason: 'InspectFailed', message });
  failed(scope, container, { reason: 'InvalidImageName', message, event: 'Failed' });
}

function failed(scope: ActionScope, container: Container, failure: Pick<ImageFailure, 'reason' | 'message'> & { readonly event: string }): void {
  const { context, record } = scope;
  const reference = container.image ?? '';
  const failures = (record.pullFailures.get(reference) ?? 0) + 1;
  record.pullFailures.set(reference, failures);
  const failedAt = context.clock.now();
  if (failure.event !== 'Failed') say(scope, container, { type: 'Warning', reason: failure.event, message: failure.message });
  say(scope, container, { type: 'Warning', reason: 'Failed', message: `Error: ${failure.reason}` });
  const retryAt = failedAt + backoffDelayMs(failures, IMAGE_PULL.baseMs, IMAGE_PULL.capMs);
  record.setImage(container.name, { type: 'failed', reference, reason: failure.reason, message: failure.message, failures, failedAt, retryAt });
}

async function credentials({ context, record }: ActionScope, reference: string): Promise<string | undefined> {
  const names = (record.pod.spec?.imagePullSecrets ?? []).map(({ name = '' }) => name);
  if (names.length === 0) return undefined;
  const references = configReferences(record.pod).filter(({ kind, name }) => kind === 'Secret' && names.includes(name));
  const config = await context.config.load(record.pod.metadata?.namespace ?? '', references);
  const secrets = names.map((name) => config.secret(name)).filter((secret): secret is Secret => secret !== undefined);
  return registryAuth(registryOf(reference), secrets);
}

function say({ context, record }: ActionScope, container: Container, event: Omit<EventText, 'fieldPath'>): void {
  context.recorder.event(record.pod, { ...event, fieldPath: fieldPathOf(record.pod, container) });
}

/** "spec.containers{c}", "spec.initContainers{c}" or "spec.ephemeralContainers{c}". */
export function fieldPathOf({ spec }: Pod, container: Container): string {
  const list = (['initContainers', 'ephemeralContainers'] as const).find((one) => spec?.[one]?.some(({ name }) => name === container.name) === true);
  return `spec.${list ?? 'containers'}{${container.name}}`;
}
