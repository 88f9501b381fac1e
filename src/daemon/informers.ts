// One informer a resource, shared by everything that acts in the daemon.
import { sliceIndexes } from '../api/endpointslice/slice-labels.ts';
import type { Resource } from '../api/kinds.ts';
import { ENDPOINT_SLICES, JOBS, PERSISTENT_VOLUMES, PODS, SERVICES } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client } from '../client/client.ts';
import type { Indexes, Informer } from '../client/informer-contract.ts';
import { createInformer } from '../client/informer.ts';
import { cronJobJobIndexes } from '../controllers/cronjob/cron-job-controller.ts';
import { endpointPodIndexes, endpointServiceIndexes } from '../controllers/endpoints/service-pods.ts';
import { garbageIndexes } from '../controllers/garbage/garbage-controller.ts';
import { jobPodIndexes } from '../controllers/job/job-controller.ts';
import { loadBalancerIndexes } from '../controllers/load-balancer/load-balancer-controller.ts';
import { schedulerPodIndexes } from '../controllers/scheduler/scheduler-controller.ts';
import { claimPodIndexes } from '../controllers/volume/claim-controller.ts';
import { volumeIndexes } from '../controllers/volume/volume-controller.ts';

export interface Informers {
  of<T extends KubeObject>(resource: Resource<T>): Informer<T>;
  readonly all: ReadonlyMap<Resource, Informer<KubeObject>>;
  /** Resolves when every first list is in. */
  readonly synced: Promise<void>;
  stop(): Promise<void>;
}

const OWN_INDEXES = new Map<Resource, Indexes<KubeObject>>([
  [PODS as Resource, { ...jobPodIndexes, ...schedulerPodIndexes, ...claimPodIndexes, ...endpointPodIndexes } as Indexes<KubeObject>],
  [JOBS as Resource, cronJobJobIndexes as Indexes<KubeObject>],
  [SERVICES as Resource, { ...endpointServiceIndexes, ...loadBalancerIndexes } as Indexes<KubeObject>],
  [ENDPOINT_SLICES as Resource, sliceIndexes as Indexes<KubeObject>],
  [PERSISTENT_VOLUMES as Resource, volumeIndexes as Indexes<KubeObject>],
]);

export function startInformers(options: { readonly client: Client; readonly resources: readonly Resource[]; readonly clock: Clock; readonly log: Logger }): Informers {
  const { client, resources, clock, log } = options;
  const stopping = new AbortController();
  const started = resources.map((resource) => {
    const indexes = { ...garbageIndexes, ...OWN_INDEXES.get(resource) };
    return [resource, createInformer({ client, resource: resource as Resource<KubeObject>, clock, log, signal: stopping.signal, indexes })] as const;
  });
  const all = new Map<Resource, Informer<KubeObject>>(started);
  return {
    all,
    of<T extends KubeObject>(resource: Resource<T>): Informer<T> {
      const found = all.get(resource as Resource);
      if (found === undefined) throw new Error(`no informer follows ${resource.plural}`);
      return found as unknown as Informer<T>;
    },
    synced: Promise.all(started.map(([, informer]) => informer.synced)).then(() => undefined),
    async stop() {
      stopping.abort();
      await Promise.all(started.map(([, informer]) => informer.done));
    },
  };
}
