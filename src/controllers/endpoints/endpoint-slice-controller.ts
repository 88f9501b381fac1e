// Keeps the EndpointSlices of every Service with a selector what its Pods make them. When the Service goes, its slices follow
// as what it owns.
import { isManagedBy, OF_SERVICE, serviceKeyOfSlice, SLICE_CONTROLLER } from '../../api/endpointslice/slice-labels.ts';
import type { EndpointSlice, Node } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute } from '../runtime/executor.ts';
import { planServiceSlices } from './plan-service-slices.ts';
import { onServicePods, podsOf, type ServicePodsOptions } from './service-pods.ts';
import { sliceExecutors } from './slice-executors.ts';

const ZONE_LABEL = 'topology.kubernetes.io/zone';

export interface EndpointSliceControllerOptions extends ServicePodsOptions {
  readonly client: Client;
  /** With sliceIndexes. */
  readonly slices: Informer<EndpointSlice>;
  readonly nodes: Informer<Node>;
}

export function createEndpointSliceController(options: EndpointSliceControllerOptions): Controller {
  const { client, nodes, services, slices } = options;
  const zoneOf = (nodeName: string): string | undefined => zoneOfNode(nodes.get(nodeName));
  return {
    name: 'endpointslice',
    connect(enqueue) {
      const enqueueAll = (): void => services.list().forEach((service) => enqueue(keyOf(service)));
      const stops = [
        services.onChange(({ key, after }) => after !== undefined && enqueue(key)),
        onServicePods(options, enqueue),
        slices.onChange(({ before, after }) => {
          for (const key of new Set([before, after].flatMap(serviceKeysOf))) enqueue(key);
        }),
        nodes.onChange(({ before, after }) => zoneOfNode(before) !== zoneOfNode(after) && enqueueAll()),
      ];
      enqueueAll();
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key) {
      const service = services.get(key);
      if (service === undefined) return {};
      const own = slices.byIndex(OF_SERVICE, key).filter((slice) => isManagedBy(SLICE_CONTROLLER, slice) && slice.metadata?.deletionTimestamp === undefined);
      await execute(planServiceSlices({ service, pods: podsOf(service, options), slices: own, zoneOf }), sliceExecutors, { client, slices });
      return {};
    },
  };
}

/** Of a slice of ours: others change theirs as they like. */
function serviceKeysOf(slice: EndpointSlice | undefined): string[] {
  return slice === undefined || !isManagedBy(SLICE_CONTROLLER, slice) ? [] : [serviceKeyOfSlice(slice) ?? []].flat();
}

function zoneOfNode(node: Node | undefined): string | undefined {
  return node?.metadata?.labels?.[ZONE_LABEL];
}
