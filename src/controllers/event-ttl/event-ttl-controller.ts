// Removes Events an hour after they were last seen: a sweep every few minutes, since nobody waits for it.
import { EVENTS } from '../../api/kinds.ts';
import { isConflict, isNotFound } from '../../api/status-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { Controller } from '../runtime/controller.ts';
import { expiredEvents } from './plan-event-ttl.ts';

const SWEEP_EVERY_MS = 300_000;
const SWEEP = 'sweep';

export function createEventTtlController({ client, clock }: { readonly client: Client; readonly clock: Clock }): Controller {
  return {
    name: 'event-ttl',
    connect(enqueue) {
      enqueue(SWEEP, SWEEP_EVERY_MS);
      return () => {};
    },
    async reconcile() {
      const { items } = await client.list(EVENTS);
      for (const { metadata } of expiredEvents(items, clock.now())) {
        const target = { namespace: metadata.namespace, name: metadata.name ?? '' };
        const preconditions = { uid: metadata.uid, resourceVersion: metadata.resourceVersion };
        await client.delete(EVENTS, target, { preconditions }).catch((error: unknown) => {
          // Gone, or seen again since: both are for the next sweep.
          if (!isNotFound(error) && !isConflict(error)) throw error;
        });
      }
      return { requeueAfterMs: SWEEP_EVERY_MS };
    },
  };
}
