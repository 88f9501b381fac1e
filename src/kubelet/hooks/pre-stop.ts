// The preStop hook: what a container is given to do before it is told to go. It uses up the container's grace period.
import type { Container } from '../../api/generated/types.ts';
import type { ActionScope } from '../action-scope.ts';
import { fieldPathOf } from '../ensure-image.ts';
import { runHook } from './run-hook.ts';

/** Resolves when the hook is over, has failed, has used up its time, or when the container has ended by itself. */
export async function runPreStop(scope: ActionScope, { id, container, deadline }: { readonly id: string; readonly container: Container; readonly deadline: number }): Promise<void> {
  const handler = container.lifecycle?.preStop;
  const { context, record } = scope;
  const { clock } = context;
  if (handler === undefined || record.containers.get(id)?.phase !== 'running') return;
  const over = new AbortController();
  const timer = clock.setTimer(deadline - clock.now(), () => over.abort(new Error('the grace period is over')));
  const stopWaiting = record.onExit(id, () => over.abort(new Error('the container has ended')));
  try {
    await runHook(scope, { id, container, handler, signal: AbortSignal.any([context.signal, over.signal]) });
  } catch (error) {
    if (context.signal.aborted || record.containers.get(id)?.phase !== 'running') return;
    context.log.info('a preStop hook failed', { pod: record.pod.metadata?.name, container: container.name, error });
    context.recorder.event(record.pod, { type: 'Warning', reason: 'FailedPreStopHook', message: 'PreStopHook failed', fieldPath: fieldPathOf(record.pod, container) });
  } finally {
    timer.cancel();
    stopWaiting();
  }
}
