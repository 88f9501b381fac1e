// pure: the columns of the small kinds.
import type { ConfigMap, Namespace, Secret, ServiceAccount } from '../../api/generated/types.ts';
import { ageColumn, count, nameColumn, text, type KindTable } from './columns.ts';

const size = (map: object | undefined): number => Object.keys(map ?? {}).length;

export const configMapTable: KindTable<ConfigMap> = {
  columns: [nameColumn, count('Data', ({ data, binaryData }) => size(data) + size(binaryData), 'The number of keys in data and binaryData.'), ageColumn],
};

export const secretTable: KindTable<Secret> = {
  columns: [nameColumn, text('Type', ({ type }) => type ?? '', 'Used to facilitate programmatic handling of secret data.'), count('Data', ({ data }) => size(data), 'The number of keys in data.'), ageColumn],
};

export const namespaceTable: KindTable<Namespace> = {
  columns: [nameColumn, text('Status', ({ status }) => status?.phase ?? '', 'The status of the namespace'), ageColumn],
};

export const serviceAccountTable: KindTable<ServiceAccount> = {
  columns: [nameColumn, count('Secrets', ({ secrets }) => (secrets ?? []).length, 'The number of secrets that pods running under this account may use.'), ageColumn],
};
