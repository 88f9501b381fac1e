// pure: how often the size-limited volumes of a running Pod are looked at.
import { quantityValue } from '../api/quantity.ts';
import type { Pod, Volume } from '../api/generated/types.ts';
import type { PodSteps, PodView } from './pod-view.ts';

/** kube: as often as upstream's eviction manager looks. */
const LOOK_EVERY_MS = 10_000;

export interface LimitedVolume {
  readonly volume: Volume;
  readonly limitBytes: number;
  /** As the Pod has it. */
  readonly limit: string;
}

/** kube: a limit of zero is none. */
export function limitedVolumes({ spec }: Pod): readonly LimitedVolume[] {
  return (spec?.volumes ?? []).flatMap((volume) => {
    const limit = volume.emptyDir?.sizeLimit;
    const limitBytes = limit === undefined ? 0 : quantityValue(limit);
    return limit === undefined || limitBytes === 0 ? [] : [{ volume, limit, limitBytes }];
  });
}

export function planUsage({ seen, containers }: PodView): PodSteps {
  const isRunning = containers.some(({ phase }) => phase === 'running');
  if (!isRunning || seen.memory.volumes.type !== 'ready' || limitedVolumes(seen.pod).length === 0) return { actions: [] };
  const next = seen.memory.volumesMeasuredAt + LOOK_EVERY_MS;
  return seen.now < next ? { actions: [], wakeAt: next } : { actions: [{ type: 'measure-volumes' }] };
}
