// Gives a running container another size; what goes wrong is the resize's trouble, and tried again.
import { backoffDelayMs } from '../../base/backoff.ts';
import { CALL_LIMIT_MS, type ActionScope } from '../action-scope.ts';
import { within } from '../call-deadline.ts';
import { containerResources } from '../container-resources.ts';
import type { PodAction } from '../pod-action.ts';
import { RuntimeError } from '../runtime/container-runtime.ts';

type Resize = Extract<PodAction, { readonly type: 'resize-container' }>;

const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 60_000;

export async function resizeContainer(scope: ActionScope, { id, container, generation }: Resize): Promise<void> {
  const { context, record, refresh } = scope;
  const { clock, runtime } = context;
  const wanted = containerResources(container);
  try {
    await requireMemoryToFit(scope, id, wanted.memoryLimitBytes);
    await within(clock, CALL_LIMIT_MS, { what: `resize ${container.name}`, run: () => runtime.resize(id, wanted) });
    record.setResizeFailure(id, undefined);
  } catch (error) {
    if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
    const failures = (record.memory.resizeFailures.get(id)?.failures ?? 0) + 1;
    record.setResizeFailure(id, { message: error.message, generation, failures, retryAt: clock.now() + backoffDelayMs(failures, RETRY_BASE_MS, RETRY_CAP_MS) });
  }
  await refresh(id);
}

/** kube: below what is in use the kernel would have to kill somebody, so it is not tried. */
async function requireMemoryToFit({ context, record }: ActionScope, id: string, limitBytes: number | undefined): Promise<void> {
  const before = record.containers.get(id)?.resources.memoryLimitBytes ?? Infinity;
  if (limitBytes === undefined || limitBytes >= before) return;
  const counters = await within(context.clock, CALL_LIMIT_MS, { what: 'memory in use', run: () => context.runtime.counters([id]) });
  const usedBytes = counters.get(id)?.memoryBytes ?? 0;
  if (usedBytes > limitBytes) throw new RuntimeError('Rejected', `attempting to set container memory limit (${limitBytes}) below current usage (${usedBytes})`);
}
