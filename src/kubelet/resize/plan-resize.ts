// Brings running containers to the sizes that were granted: in place, or by a restart where a container wants one.
import type { Container, Pod } from '../../api/generated/types.ts';
import { RESIZE_IN_PROGRESS } from '../../api/pod/resized-resources.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';
import type { ContainerView } from '../container-view.ts';
import type { PodAction } from '../pod-action.ts';
import { mergeSteps, type PodSteps, type PodView } from '../pod-view.ts';
import { stopContainer } from '../stop-container.ts';
import { restartsFor, sizeGap } from './size-gap.ts';

export interface ResizeProgress {
  /** The engine's words, or ours, on a resize that does not work out. */
  readonly error?: string;
}

/** Undefined when every container has the size that was granted. */
export function resizeProgress({ seen, containers }: Pick<PodView, 'seen' | 'containers'>): ResizeProgress | undefined {
  const open = containers.filter((view) => view.isReplaced || gapOf(view) !== undefined);
  if (open.length === 0) return undefined;
  const failure = open.map(({ container }) => seen.memory.resizeFailures.get(container?.id ?? '')).find((each) => each !== undefined);
  return failure === undefined || failure.generation !== generationOf(seen.pod) ? {} : { error: failure.message };
}

export function planResize(view: PodView): PodSteps {
  return mergeSteps([{ actions: events(view) }, ...view.containers.map((container) => planContainer(view, container))]);
}

function planContainer({ seen }: PodView, view: ContainerView): PodSteps {
  const gap = gapOf(view);
  const { container, spec } = view;
  if (gap === undefined || container === undefined) return { actions: [] };
  if (restartsFor(spec, gap)) {
    const deadline = seen.now + (seen.pod.spec?.terminationGracePeriodSeconds ?? 30) * 1_000;
    return stopContainer(seen, view, { deadline, message: `Container ${spec.name} resize requires restart` });
  }
  const failure = seen.memory.resizeFailures.get(container.id);
  const mustWait = failure !== undefined && failure.generation === generationOf(seen.pod) && seen.now < failure.retryAt;
  return mustWait ? { actions: [], wakeAt: failure.retryAt } : { actions: [{ type: 'resize-container', id: container.id, container: spec, generation: generationOf(seen.pod) }] };
}

/** Ephemeral containers have no size, and init containers that end keep theirs. */
function gapOf({ phase, role, spec, container }: ContainerView): ReturnType<typeof sizeGap> {
  if (phase !== 'running' || container === undefined || (role !== 'app' && role !== 'sidecar')) return undefined;
  return sizeGap(spec, container.resources);
}

function generationOf(pod: Pod): number {
  return pod.metadata?.generation ?? 0;
}

function events({ seen, resize, containers }: PodView): readonly PodAction[] {
  const { asked, granted, pending, isNew } = resize;
  const generation = generationOf(asked);
  const once = (what: string, event: EventText): PodAction => ({ type: 'record-event', key: `resize-${what}/${generation}`, event });
  const progress = resizeProgress({ seen, containers });
  const wasInProgress = (seen.memory.published.conditions ?? []).some(({ type }) => type === RESIZE_IN_PROGRESS);
  const isDone = progress === undefined && (isNew || wasInProgress);
  return [
    ...(pending === undefined ? [] : [once(pending.reason, { type: 'Warning', reason: `Resize${pending.reason}`, message: `Pod resize ${pending.reason}: ${summary(asked, pending.message)}` })]),
    ...(isNew ? [once('started', { type: 'Normal', reason: 'ResizeStarted', message: `Pod resize started: ${summary(granted)}` })] : []),
    ...(progress?.error === undefined ? [] : [once('error', { type: 'Warning', reason: 'ResizeError', message: `Pod resize error: ${summary(granted, progress.error)}` })]),
    ...(isDone ? [once('completed', { type: 'Normal', reason: 'ResizeCompleted', message: `Pod resize completed: ${summary(granted)}` })] : []),
  ];
}

/** kube: the sizes as JSON, in the order of a Go struct. */
function summary({ spec, metadata }: Pod, error?: string): string {
  const sizes = (containers: readonly Container[]): object[] => containers.map(({ name, resources: { limits, requests } = {} }) => ({ name, resources: { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) } }));
  const { initContainers = [], containers = [] } = spec ?? {};
  const lists = { ...(initContainers.length === 0 ? {} : { initContainers: sizes(initContainers) }), containers: sizes(containers) };
  return JSON.stringify({ ...lists, generation: metadata?.generation ?? 0, ...(error === undefined ? {} : { error }) });
}
