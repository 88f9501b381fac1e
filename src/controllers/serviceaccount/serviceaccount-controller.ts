// Every namespace has a ServiceAccount "default" and a ConfigMap "kube-root-ca.crt": made, made again, and put right.
import { DEFAULT_ACCOUNT as ACCOUNT, ROOT_CA_CONFIG_MAP as ROOT_CA } from '../../api/account/account-names.ts';
import type { ConfigMap, Namespace, ServiceAccount } from '../../api/generated/types.ts';
import { CONFIG_MAPS, SERVICE_ACCOUNTS } from '../../api/kinds.ts';
import { isAlreadyExists, isForbidden, isNotFound } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Controller } from '../runtime/controller.ts';

const DESCRIPTION = { 'kubernetes.io/description': 'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.' };

export interface ServiceAccountOptions {
  readonly client: Client;
  readonly namespaces: Informer<Namespace>;
  readonly accounts: Informer<ServiceAccount>;
  readonly configMaps: Informer<ConfigMap>;
  /** PEM. */
  readonly rootCa: string;
}

export function createServiceAccountController(options: ServiceAccountOptions): Controller {
  const { namespaces, accounts, configMaps } = options;
  return {
    name: 'serviceaccount',
    connect(enqueue) {
      const stops = [
        namespaces.onChange(({ key }) => enqueue(key)),
        accounts.onChange(({ before, after }) => {
          if (after === undefined && before?.metadata?.name === ACCOUNT) enqueue(before.metadata.namespace ?? '');
        }),
        configMaps.onChange(({ before, after }) => {
          const seen = after ?? before;
          if (seen?.metadata?.name === ROOT_CA) enqueue(seen.metadata.namespace ?? '');
        }),
      ];
      for (const namespace of namespaces.list()) enqueue(namespace.metadata?.name ?? '');
      return () => stops.forEach((stop) => stop());
    },
    async reconcile(name) {
      const namespace = namespaces.get(name);
      if (namespace === undefined || namespace.metadata?.deletionTimestamp !== undefined) return {};
      await Promise.all([ensureAccount(name, options), ensureRootCa(name, options)]);
      return {};
    },
  };
}

async function ensureAccount(namespace: string, { accounts, client }: ServiceAccountOptions): Promise<void> {
  if (accounts.get(`${namespace}/${ACCOUNT}`) !== undefined) return;
  await client.create(SERVICE_ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT, namespace } }).catch(ignoreSettled);
}

async function ensureRootCa(namespace: string, { client, configMaps, rootCa }: ServiceAccountOptions): Promise<void> {
  const present = configMaps.get(`${namespace}/${ROOT_CA}`);
  const data = { 'ca.crt': rootCa };
  if (present === undefined) {
    await client.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: ROOT_CA, namespace, annotations: DESCRIPTION }, data }).catch(ignoreSettled);
  } else if (present.data?.['ca.crt'] !== rootCa) {
    await client.update(CONFIG_MAPS, { ...present, data }).catch(ignoreSettled);
  }
}

/** It is there already, or its namespace is going: either way nothing is left to do. */
function ignoreSettled(error: unknown): void {
  if (!isAlreadyExists(error) && !isNotFound(error) && !isForbidden(error)) throw error;
}
