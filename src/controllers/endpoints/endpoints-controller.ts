// Keeps the Endpoints of every Service with a selector what its Pods make them, and removes those of Services that are gone.
import { ENDPOINTS_CONTROLLER, ENDPOINTS_MANAGED_BY_LABEL } from '../../api/endpoints/endpoints-labels.ts';
import type { Endpoints } from '../../api/generated/types.ts';
import { ENDPOINTS } from '../../api/kinds.ts';
import { keyOf } from '../../api/object.ts';
import { isForbidden, isNotFound } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute, type Executors } from '../runtime/executor.ts';
import { planEndpoints, type EndpointsAction } from './plan-endpoints.ts';
import { onServicePods, podsOf, type ServicePodsOptions } from './service-pods.ts';

export interface EndpointsControllerOptions extends ServicePodsOptions {
  readonly client: Client;
  readonly endpoints: Informer<Endpoints>;
}

export function createEndpointsController(options: EndpointsControllerOptions): Controller {
  const { client, endpoints, services } = options;
  return {
    name: 'endpoints',
    connect(enqueue) {
      const stops = [
        services.onChange(({ key }) => enqueue(key)),
        onServicePods(options, enqueue),
        endpoints.onChange(({ key }) => services.get(key) !== undefined && enqueue(key)),
      ];
      for (const service of services.list()) enqueue(keyOf(service));
      // Left over from a Service that went while nobody looked. What others made without a Service is theirs.
      for (const object of endpoints.list()) if (object.metadata?.labels?.[ENDPOINTS_MANAGED_BY_LABEL] === ENDPOINTS_CONTROLLER) enqueue(keyOf(object));
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key) {
      const service = services.get(key);
      const plan = planEndpoints({ service, pods: service === undefined ? [] : podsOf(service, options), endpoints: endpoints.get(key) });
      await execute(plan, executors, { client, endpoints });
      return {};
    },
  };
}

const executors: Executors<EndpointsAction, Pick<EndpointsControllerOptions, 'client' | 'endpoints'>> = {
  'create-endpoints': async ({ endpoints: wanted }, { client, endpoints }) => {
    try {
      endpoints.observe(await client.create(ENDPOINTS, wanted));
    } catch (error) {
      // Its namespace is going or gone, and the Service with it.
      if (!isForbidden(error) && !isNotFound(error)) throw error;
    }
  },
  'update-endpoints': async ({ endpoints: wanted }, { client, endpoints }) => endpoints.observe(await client.update(ENDPOINTS, wanted)),
  'delete-endpoints': async ({ endpoints: { metadata } }, { client }) => {
    try {
      await client.delete(ENDPOINTS, { namespace: metadata?.namespace, name: metadata?.name ?? '' }, { preconditions: { uid: metadata?.uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  },
};
