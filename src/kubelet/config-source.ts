// ConfigMaps and Secrets for the kubelet: from the informers, and straight from the API where those do not have one yet.
import type { ConfigMap, Secret } from '../api/generated/types.ts';
import { CONFIG_MAPS, SECRETS, type Resource } from '../api/kinds.ts';
import { objectKey, type KubeObject } from '../api/object.ts';
import { isNotFound } from '../api/status-error.ts';
import type { Client } from '../client/client.ts';
import type { Informer } from '../client/informer-contract.ts';
import type { ConfigObjects, ConfigReference } from './config-objects.ts';

export class ConfigSource {
  readonly #client: Client;
  readonly #configMaps: Informer<ConfigMap>;
  readonly #secrets: Informer<Secret>;

  constructor(options: { readonly client: Client; readonly configMaps: Informer<ConfigMap>; readonly secrets: Informer<Secret> }) {
    this.#client = options.client;
    this.#configMaps = options.configMaps;
    this.#secrets = options.secrets;
  }

  /** Changes when one of the objects does. */
  version(namespace: string, references: readonly ConfigReference[]): string {
    return references.map(({ kind, name }) => `${kind}/${name}@${this.#cached(kind, objectKey({ namespace, name }))?.metadata?.resourceVersion ?? '-'}`).join(',');
  }

  /** An informer may lag behind the Pod that was created right after its ConfigMap: what it lacks is asked for. */
  async load(namespace: string, references: readonly ConfigReference[]): Promise<ConfigObjects> {
    const found = new Map<string, KubeObject | undefined>();
    const load = async ({ kind, name }: ConfigReference): Promise<void> => {
      const cached = this.#cached(kind, objectKey({ namespace, name }));
      const resource: Resource<KubeObject> = kind === 'ConfigMap' ? CONFIG_MAPS : SECRETS;
      found.set(`${kind}/${name}`, cached ?? (await this.#read(resource, { namespace, name })));
    };
    await Promise.all(references.map(load));
    return {
      configMap: (name) => found.get(`ConfigMap/${name}`) as ConfigMap | undefined,
      secret: (name) => found.get(`Secret/${name}`) as Secret | undefined,
    };
  }

  #cached(kind: ConfigReference['kind'], key: string): KubeObject | undefined {
    return (kind === 'ConfigMap' ? this.#configMaps : this.#secrets).get(key);
  }

  async #read(resource: Resource<KubeObject>, target: { readonly namespace: string; readonly name: string }): Promise<KubeObject | undefined> {
    try {
      return await this.#client.get(resource, target);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}
