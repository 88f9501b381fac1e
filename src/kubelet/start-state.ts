// pure: where one container stands on its way to its next run. The plan acts on it, the status words it.
import type { ContainerView } from './container-view.ts';
import type { CreationFailure, ImageFailure } from './pod-memory.ts';
import type { PodSeen } from './pod-seen.ts';
import { nextStart, restarts, type NextStart } from './restart-rule.ts';

export type StartState =
  | { readonly type: 'running' }
  /** Ended, and not to run again. */
  | { readonly type: 'done' }
  /** Other containers come first. */
  | { readonly type: 'not-yet' }
  | { readonly type: 'backing-off'; readonly next: NextStart }
  /** The image is to be asked for, again when `failure` is there. */
  | { readonly type: 'needs-image'; readonly next: NextStart; readonly failure?: ImageFailure }
  | { readonly type: 'pulling'; readonly failure?: ImageFailure }
  | { readonly type: 'image-failed'; readonly failure: ImageFailure }
  | { readonly type: 'creation-failed'; readonly failure: CreationFailure }
  | { readonly type: 'ready'; readonly next: NextStart; readonly failure?: CreationFailure };

export function startState(seen: PodSeen, view: ContainerView, isStartable: boolean): StartState {
  if (view.phase === 'running') return { type: 'running' };
  if (!isStartable) return { type: view.exit === undefined ? 'not-yet' : 'done' };
  const policy = seen.pod.spec?.restartPolicy ?? 'Always';
  if (view.phase === 'created') return { type: 'ready', next: { attempt: view.attempt, restartLevel: 0, notBefore: 0, backOffMs: 0 } };
  const isRepeatedInit = view.role === 'init' && view.exit?.exitCode === 0;
  if (view.exit !== undefined && !isRepeatedInit && !restarts(view, view.exit, policy)) return { type: 'done' };
  const next = nextStart(view);
  if (seen.now < next.notBefore && !isRepeatedInit) return { type: 'backing-off', next };
  return imageState(seen, view, next) ?? creationState(seen, view, next);
}

/** Undefined when the image is ready for this attempt. */
function imageState(seen: PodSeen, view: ContainerView, next: NextStart): StartState | undefined {
  const image = seen.memory.images.get(view.spec.name);
  if (image === undefined || image.reference !== view.spec.image) return { type: 'needs-image', next };
  switch (image.type) {
    case 'pulling':
      return image;
    case 'ready':
      return image.attempt === next.attempt ? undefined : { type: 'needs-image', next };
    case 'failed':
      return seen.now < image.retryAt ? { type: 'image-failed', failure: image } : { type: 'needs-image', next, failure: image };
  }
}

function creationState(seen: PodSeen, view: ContainerView, next: NextStart): StartState {
  const failure = seen.memory.creations.get(view.spec.name);
  if (failure === undefined || failure.attempt !== next.attempt) return { type: 'ready', next };
  const isDue = seen.now >= failure.retryAt || failure.version !== seen.configVersion;
  return isDue ? { type: 'ready', next, failure } : { type: 'creation-failed', failure };
}
