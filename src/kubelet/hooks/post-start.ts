// The postStart hook: runs beside the container's own process; until it is over the container counts as being made.
import type { Container } from '../../api/generated/types.ts';
import type { ActionScope } from '../action-scope.ts';
import { fieldPathOf } from '../ensure-image.ts';
import { runHook } from './run-hook.ts';

/** Returns at once. */
export function beginPostStart(scope: ActionScope, container: Container, id: string): void {
  if (container.lifecycle?.postStart === undefined) return;
  scope.record.setHook(id, 'running');
  scope.inBackground(postStart(scope, container, id));
}

async function postStart(scope: ActionScope, container: Container, id: string): Promise<void> {
  const { context, record } = scope;
  try {
    await runHook(scope, { id, container, handler: container.lifecycle!.postStart!, signal: context.signal });
    record.setHook(id, undefined);
  } catch (error) {
    if (context.signal.aborted) return;
    context.log.info('a postStart hook failed', { pod: record.pod.metadata?.name, container: container.name, error });
    // A container that ended meanwhile needs no killing.
    record.setHook(id, record.containers.get(id)?.phase === 'exited' ? undefined : 'failed');
    context.recorder.event(record.pod, { type: 'Warning', reason: 'FailedPostStartHook', message: 'PostStartHook failed', fieldPath: fieldPathOf(record.pod, container) });
  }
}
