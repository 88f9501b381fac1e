// Makes the Services that every cluster has, and makes them again: default/kubernetes and kube-system/kube-dns.
import type { Endpoints, EndpointSlice, Service } from '../../api/generated/types.ts';
import { ENDPOINT_SLICES, ENDPOINTS, SERVICES, type Resource } from '../../api/kinds.ts';
import { objectKey, type KubeObject } from '../../api/object.ts';
import type { ClusterNetwork } from '../../api/service/cluster-network.ts';
import { API_SERVICE, OWN_SERVICES } from '../../api/service/own-services.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';
import { execute, type Executors } from '../runtime/executor.ts';
import { apiService, dnsService, type ServerAddress } from './cluster-service.ts';
import { planClusterService, type ClusterServiceAction } from './plan-cluster-service.ts';

export interface ClusterServicesOptions {
  readonly client: Client;
  readonly network: ClusterNetwork;
  readonly services: Informer<Service>;
  readonly endpoints: Informer<Endpoints>;
  readonly slices: Informer<EndpointSlice>;
  /** Where Pods reach the API, undefined: nowhere yet; and how to hear that it has changed. */
  readonly apiEndpoint: { readonly address: ServerAddress | undefined; onChange(listener: () => void): () => void };
  /** Where names are answered; undefined: nowhere yet. */
  readonly dnsEndpoint: () => ServerAddress | undefined;
}

const API_KEY = objectKey(API_SERVICE);

export function createClusterServicesController(options: ClusterServicesOptions): Controller {
  const { apiEndpoint, client, dnsEndpoint, endpoints, network, services, slices } = options;
  return {
    name: 'cluster-services',
    connect(enqueue) {
      // The slices have the names of their Services.
      const look = ({ key }: { readonly key: string }): void => void (OWN_SERVICES.has(key) && enqueue(key));
      const stops = [services.onChange(look), endpoints.onChange(look), slices.onChange(look), apiEndpoint.onChange(() => enqueue(API_KEY))];
      OWN_SERVICES.forEach((key) => enqueue(key));
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(key) {
      const wanted = key === API_KEY ? apiService(network, apiEndpoint.address) : dnsService(network, dnsEndpoint());
      const plan = planClusterService(wanted, { service: services.get(key), endpoints: endpoints.get(key), slice: slices.get(key) });
      await execute(plan, executors, { client, services, endpoints, slices });
      return {};
    },
  };
}

type Context = Pick<ClusterServicesOptions, 'client' | 'services' | 'endpoints' | 'slices'>;

const executors: Executors<ClusterServiceAction, Context> = {
  'create-service': async ({ service }, { client, services }) => services.observe(await client.create(SERVICES, service)),
  'update-service': async ({ service }, { client, services }) => services.observe(await client.update(SERVICES, service)),
  'delete-service': ({ service }, { client }) => remove(client, SERVICES, service),
  'create-endpoints': async ({ endpoints: wanted }, { client, endpoints }) => endpoints.observe(await client.create(ENDPOINTS, wanted)),
  'update-endpoints': async ({ endpoints: wanted }, { client, endpoints }) => endpoints.observe(await client.update(ENDPOINTS, wanted)),
  'create-slice': async ({ slice }, { client, slices }) => slices.observe(await client.create(ENDPOINT_SLICES, slice)),
  'update-slice': async ({ slice }, { client, slices }) => slices.observe(await client.update(ENDPOINT_SLICES, slice)),
  'delete-slice': ({ slice }, { client }) => remove(client, ENDPOINT_SLICES, slice),
};

async function remove<T extends KubeObject>(client: Client, resource: Resource<T>, object: T): Promise<void> {
  const { namespace, name = '', uid } = object.metadata ?? {};
  try {
    await client.delete(resource, { namespace, name }, { preconditions: { uid } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
