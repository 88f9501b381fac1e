// Mirrors Endpoints that were written by hand, for Services without a selector, to EndpointSlices.
import { isManagedBy, MIRRORING_CONTROLLER, OF_SERVICE, serviceKeyOfSlice } from '../../api/endpointslice/slice-labels.ts';
import type { Endpoints, EndpointSlice, Service } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute } from '../runtime/executor.ts';
import { planMirror } from './plan-mirror.ts';
import { sliceExecutors } from './slice-executors.ts';

export interface MirroringOptions {
  readonly client: Client;
  readonly services: Informer<Service>;
  readonly endpoints: Informer<Endpoints>;
  /** With sliceIndexes. */
  readonly slices: Informer<EndpointSlice>;
}

/** Keys are those of Endpoints and of their Services: they have one name. */
export function createMirroringController({ client, services, endpoints, slices }: MirroringOptions): Controller {
  const isOwn = (slice: EndpointSlice): boolean => isManagedBy(MIRRORING_CONTROLLER, slice);
  return {
    name: 'endpointslice-mirroring',
    connect(enqueue) {
      const stops = [
        endpoints.onChange(({ key }) => enqueue(key)),
        services.onChange(({ key }) => endpoints.get(key) !== undefined && enqueue(key)),
        slices.onChange(({ before, after }) => {
          for (const slice of [before, after]) if (slice !== undefined && isOwn(slice)) enqueue(serviceKeyOfSlice(slice) ?? keyOf(slice));
        }),
      ];
      for (const object of endpoints.list()) enqueue(keyOf(object));
      for (const slice of slices.list()) if (isOwn(slice)) enqueue(serviceKeyOfSlice(slice) ?? keyOf(slice));
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key) {
      const own = slices.byIndex(OF_SERVICE, key).filter((slice) => isOwn(slice) && slice.metadata?.deletionTimestamp === undefined);
      await execute(planMirror({ endpoints: endpoints.get(key), service: services.get(key), slices: own }), sliceExecutors, { client, slices });
      return {};
    },
  };
}
