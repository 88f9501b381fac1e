// ConfigMaps, Secrets and claims for the kubelet: from the informers, and straight from the API where those do not have one yet.
import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, Secret } from '../api/generated/types.ts';
import { CONFIG_MAPS, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, SECRETS, type Resource } from '../api/kinds.ts';
import { objectKey, type KubeObject } from '../api/object.ts';
import { isNotFound } from '../api/status-error.ts';
import { isClaimBound } from '../api/volume/storage-facts.ts';
import type { Client } from '../client/client.ts';
import type { Informer } from '../client/informer-contract.ts';
import type { ConfigObjects, ConfigReference } from './config-objects.ts';

export interface ConfigInformers {
  readonly configMaps: Informer<ConfigMap>;
  readonly secrets: Informer<Secret>;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly volumes: Informer<PersistentVolume>;
}

const RESOURCES: Readonly<Record<ConfigReference['kind'], Resource<KubeObject>>> = { ConfigMap: CONFIG_MAPS, Secret: SECRETS, PersistentVolumeClaim: PERSISTENT_VOLUME_CLAIMS };

export class ConfigSource {
  readonly #client: Client;
  readonly #informers: ConfigInformers;

  constructor({ client, informers }: { readonly client: Client; readonly informers: ConfigInformers }) {
    this.#client = client;
    this.#informers = informers;
  }

  /** Changes when one of the objects does; of a claim, only its volume matters. */
  version(namespace: string, references: readonly ConfigReference[]): string {
    return references.map(({ kind, name }) => `${kind}/${name}@${versionOf(kind, this.#cached(kind, objectKey({ namespace, name })))}`).join(',');
  }

  /** An informer may lag behind the Pod that was created right after its ConfigMap: what it lacks is asked for. */
  async load(namespace: string, references: readonly ConfigReference[]): Promise<ConfigObjects> {
    const found = new Map<string, KubeObject | undefined>();
    const load = async ({ kind, name }: ConfigReference): Promise<void> => {
      const cached = this.#cached(kind, objectKey({ namespace, name }));
      found.set(`${kind}/${name}`, cached ?? (await this.#read(RESOURCES[kind], { namespace, name })));
      if (kind === 'PersistentVolumeClaim') await loadVolume((found.get(`${kind}/${name}`) as PersistentVolumeClaim | undefined)?.spec?.volumeName ?? '');
    };
    const loadVolume = async (name: string): Promise<void> => {
      if (name !== '') found.set(`PersistentVolume/${name}`, this.#informers.volumes.get(name) ?? (await this.#read(PERSISTENT_VOLUMES, { namespace: '', name })));
    };
    await Promise.all(references.map(load));
    return {
      configMap: (name) => found.get(`ConfigMap/${name}`) as ConfigMap | undefined,
      secret: (name) => found.get(`Secret/${name}`) as Secret | undefined,
      claim: (name) => {
        const claim = found.get(`PersistentVolumeClaim/${name}`) as PersistentVolumeClaim | undefined;
        return claim && { claim, volume: found.get(`PersistentVolume/${claim.spec?.volumeName ?? ''}`) as PersistentVolume | undefined };
      },
    };
  }

  #cached(kind: ConfigReference['kind'], key: string): KubeObject | undefined {
    const { configMaps, secrets, claims } = this.#informers;
    const informers: Readonly<Record<ConfigReference['kind'], Pick<Informer<KubeObject>, 'get'>>> = { ConfigMap: configMaps, Secret: secrets, PersistentVolumeClaim: claims };
    return informers[kind].get(key);
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

function versionOf(kind: ConfigReference['kind'], object: KubeObject | undefined): string {
  if (kind !== 'PersistentVolumeClaim' || object === undefined) return object?.metadata?.resourceVersion ?? '-';
  return isClaimBound(object) ? ((object as PersistentVolumeClaim).spec?.volumeName ?? '-') : '-';
}
