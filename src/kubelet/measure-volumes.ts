// Looks at how much lies in a Pod's size-limited volumes, and evicts the Pod when it is too much.
import type { ActionScope } from './action-scope.ts';
import { limitedVolumes } from './plan-usage.ts';

/** kube: an eviction that cannot wait leaves a second. */
const GRACE_SECONDS = 1;

export async function measureVolumes({ context, record }: ActionScope): Promise<void> {
  for (const { volume, limit, limitBytes } of limitedVolumes(record.pod)) {
    if ((await context.volumes.usedBytes(record.pod, volume, limitBytes)) <= limitBytes) continue;
    // kube: with the space at its end.
    const message = `Usage of EmptyDir volume "${volume.name}" exceeds the limit "${limit}". `;
    context.recorder.event(record.pod, { type: 'Warning', reason: 'Evicted', message });
    record.remember({ evicted: { reason: 'Evicted', message, graceSeconds: GRACE_SECONDS, isDisruption: true } });
    break;
  }
  record.remember({ volumesMeasuredAt: context.clock.now() });
}
