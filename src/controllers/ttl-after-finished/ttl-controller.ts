// Removes finished Jobs, and with them their Pods, when their time to live is over.
import type { Job } from '../../api/generated/types.ts';
import { JOBS } from '../../api/kinds.ts';
import { keyOf, parseObjectKey } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { planTtl } from './plan-ttl.ts';

export function createTtlController({ client, jobs, clock }: { readonly client: Client; readonly jobs: Informer<Job>; readonly clock: Clock }): Controller {
  return {
    name: 'ttl-after-finished',
    connect(enqueue) {
      const stop = jobs.onChange(({ key, after }) => {
        if (after?.spec?.ttlSecondsAfterFinished !== undefined) enqueue(key);
      });
      for (const job of jobs.list()) enqueue(keyOf(job));
      return stop;
    },
    async reconcile(key) {
      const seen = jobs.get(key);
      if (seen === undefined) return {};
      const { expired, requeueAfterMs } = planTtl(seen, clock.now());
      if (!expired) return { requeueAfterMs };
      try {
        return await removeExpired(key);
      } catch (error) {
        if (isNotFound(error)) return {};
        throw error;
      }
    },
  };

  /** The copy may be behind: a time that was raised meanwhile is a reprieve. */
  async function removeExpired(key: string): Promise<{ readonly requeueAfterMs?: number }> {
    const target = parseObjectKey(key);
    const job = await client.get(JOBS, target);
    const { expired, requeueAfterMs } = planTtl(job, clock.now());
    if (!expired) return { requeueAfterMs };
    const { uid, resourceVersion } = job.metadata ?? {};
    await client.delete(JOBS, target, { propagationPolicy: 'Foreground', preconditions: { uid, resourceVersion } });
    return {};
  }
}
