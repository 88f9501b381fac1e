// Makes or refreshes a Pod's volumes, and says why where that cannot be; it is tried again, ever less often.
import { backoffDelayMs } from '../base/backoff.ts';
import { podFacts, type ActionScope } from './action-scope.ts';
import { ConfigError, configReferences } from './config-objects.ts';
import type { PodAction } from './pod-action.ts';
import type { VolumesState } from './pod-memory.ts';

const RETRY_BASE_MS = 500;
const RETRY_CAP_MS = 10_000;

export async function prepareVolumes(scope: ActionScope, { version }: Extract<PodAction, { readonly type: 'prepare-volumes' }>): Promise<void> {
  const { context, record } = scope;
  const before = record.memory.volumes;
  try {
    const config = await context.config.load(record.pod.metadata?.namespace ?? '', configReferences(record.pod));
    const tokens = await context.tokens.load(record.pod);
    await context.volumes.prepare(record.pod, { facts: podFacts(scope), config, tokens });
    record.remember({ volumes: { type: 'ready', version, refreshAt: tokens.refreshAt } });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    context.recorder.event(record.pod, { type: 'Warning', reason: 'FailedMount', message: error.message });
    record.remember({ volumes: afterFailure(before, { version, message: error.message, now: context.clock.now() }) });
  }
}

/** What was once mounted stays as it was, although a source of it is gone. */
function afterFailure(before: VolumesState, { version, message, now }: { readonly version: string; readonly message: string; readonly now: number }): VolumesState {
  if (before.type === 'ready') {
    const { refreshAt } = before;
    return { type: 'ready', version, ...(refreshAt === undefined ? {} : { refreshAt: Math.max(refreshAt, now + RETRY_CAP_MS) }) };
  }
  const failures = (before.type === 'failed' ? before.failures : 0) + 1;
  return { type: 'failed', version, message, failures, retryAt: now + backoffDelayMs(failures, RETRY_BASE_MS, RETRY_CAP_MS) };
}
