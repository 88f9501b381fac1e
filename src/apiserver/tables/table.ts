// pure: objects as a server-side Table.
import { CONFIG_MAPS, CRON_JOBS, ENDPOINT_SLICES, ENDPOINTS, EVENTS, EVENTS_V1, JOBS, LEASES, NAMESPACES, NETWORK_POLICIES, NODES, NODE_METRICS, PERSISTENT_VOLUMES, PERSISTENT_VOLUME_CLAIMS, PODS, POD_METRICS, POD_TEMPLATES, PRIORITY_CLASSES, RUNTIME_CLASSES, SECRETS, SERVICE_ACCOUNTS, SERVICES, STORAGE_CLASSES, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Table } from '../../api/table.ts';
import { eventConversion } from '../conversion/event.ts';
import { leaseTable, podTemplateTable, priorityClassTable, runtimeClassTable } from './class-kinds.ts';
import { ageColumn, nameColumn, type KindTable } from './columns.ts';
import { cronJobTable } from './cron-job.ts';
import { configMapTable, namespaceTable, secretTable, serviceAccountTable } from './data-kinds.ts';
import { eventTable } from './event.ts';
import { jobTable } from './job.ts';
import { nodeMetricsTable, podMetricsTable } from './metrics.ts';
import { nodeTable } from './node.ts';
import { podTable } from './pod.ts';
import { endpointSliceTable, endpointsTable, networkPolicyTable, serviceTable } from './service.ts';
import { claimTable, classTable, volumeTable } from './storage.ts';

export interface TableOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly includeObject: 'None' | 'Metadata' | 'Object';
  readonly metadata: Table['metadata'];
}

const DEFAULT_TABLE: KindTable<KubeObject> = { columns: [nameColumn, ageColumn] };
const TABLES = new Map<Resource, KindTable<KubeObject>>();

function register<T extends KubeObject>(resource: Resource<T>, table: KindTable<T>): void {
  TABLES.set(resource as Resource, table as unknown as KindTable<KubeObject>);
}

register(PODS, podTable);
register(JOBS, jobTable);
register(CRON_JOBS, cronJobTable);
register(NODES, nodeTable);
register(EVENTS, eventTable);
register(CONFIG_MAPS, configMapTable);
register(SECRETS, secretTable);
register(NAMESPACES, namespaceTable);
register(SERVICE_ACCOUNTS, serviceAccountTable);
register(POD_METRICS, podMetricsTable);
register(NODE_METRICS, nodeMetricsTable);
register(PERSISTENT_VOLUME_CLAIMS, claimTable);
register(PERSISTENT_VOLUMES, volumeTable);
register(STORAGE_CLASSES, classTable);
register(SERVICES, serviceTable);
register(ENDPOINTS, endpointsTable);
register(ENDPOINT_SLICES, endpointSliceTable);
register(NETWORK_POLICIES, networkPolicyTable);
register(PRIORITY_CLASSES, priorityClassTable);
register(RUNTIME_CLASSES, runtimeClassTable);
register(LEASES, leaseTable);
register(POD_TEMPLATES, podTemplateTable);

export function toTable(resource: Resource, objects: readonly KubeObject[], options: TableOptions): Table {
  const table = TABLES.get(resource.storedAs ?? resource) ?? DEFAULT_TABLE;
  const shown = resource === (EVENTS_V1 as Resource) ? eventConversion.toStored : (object: KubeObject): KubeObject => object;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.metadata,
    columnDefinitions: table.columns.map(({ cell: _cell, ...column }) => column),
    rows: objects.map((object) => {
      const seen = shown(object);
      const conditions = table.conditions?.(seen);
      return {
        cells: table.columns.map(({ cell }) => cell(seen, options.now)),
        ...(conditions === undefined ? {} : { conditions }),
        ...includedObject(object, options.includeObject),
      };
    }),
  };
}

function includedObject(object: KubeObject, include: TableOptions['includeObject']): { object?: unknown } {
  switch (include) {
    case 'None':
      return {};
    case 'Metadata':
      return { object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata } };
    case 'Object':
      return { object };
  }
}
