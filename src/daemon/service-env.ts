// Which Services a container learns of by its environment, and by which address it reaches the API.
import type { Service } from '../api/generated/types.ts';
import { objectKey } from '../api/object.ts';
import { API_SERVICE } from '../api/service/own-services.ts';
import { apiEnv, serviceEnv, type ApiAddress, type Variable } from '../api/service/service-env.ts';
import type { Informer } from '../client/informer-contract.ts';

export interface ServiceEnvOptions {
  readonly services: Informer<Service>;
  /** Resolves when packets for cluster addresses get somewhere on this host, rejects when they do not; asked once. */
  readonly routed: () => Promise<unknown>;
  /** Where the API is served to Pods besides. */
  readonly nodeEndpoint: () => Promise<ApiAddress | undefined>;
}

/** Of a namespace as it is now; without links only the API's own. */
export function serviceEnvSource({ services, routed, nodeEndpoint }: ServiceEnvOptions): (namespace: string, options: { readonly links: boolean }) => Promise<readonly Variable[]> {
  let asked: Promise<boolean> | undefined;
  // What the first container is told holds for all: rights do not come while a daemon runs.
  const addressesWork = (): Promise<boolean> => (asked ??= routed().then(() => true, () => false));
  const api = async (): Promise<readonly Variable[]> => {
    const direct = (await addressesWork()) ? undefined : await nodeEndpoint();
    const service = services.get(objectKey(API_SERVICE));
    return direct === undefined ? serviceEnv(service === undefined ? [] : [service]) : apiEnv(direct);
  };
  return async (namespace, { links }) => [...(await api()), ...(links ? serviceEnv(services.list().filter((service) => isLinked(service, namespace))) : [])];
}

/** The API comes to all in a way of its own. */
function isLinked({ metadata }: Service, namespace: string): boolean {
  return metadata?.namespace === namespace && !(namespace === API_SERVICE.namespace && metadata.name === API_SERVICE.name);
}
