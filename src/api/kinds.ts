// pure: the kinds table. One row makes a kind served, discovered, printed and typed; everything generic reads it.
import type {
  ConfigMap,
  CoreEvent,
  CronJob,
  Endpoints,
  EndpointSlice,
  EventsEvent,
  Job,
  Lease,
  Namespace,
  NetworkPolicy,
  Node,
  NodeMetrics,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodMetrics,
  PodTemplate,
  PriorityClass,
  RuntimeClass,
  Secret,
  SelfSubjectReview,
  Service,
  ServiceAccount,
  StorageClass,
  TokenReview,
} from './generated/types.ts';

export interface Resource<T = unknown> {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** What may be done with it: all of ALL_VERBS unless said. */
  readonly verbs: readonly string[];
  /** Subresources that are served, e.g. ['status', 'log']. */
  readonly subresources: readonly string[];
  /** metadata.generation rises with every change of spec. */
  readonly hasGeneration: boolean;
  /** DELETE without a propagationPolicy. */
  readonly defaultPropagation: 'Background' | 'Orphan';
  /** The model of @kubernetes/client-node from which the schema is derived. */
  readonly model: string;
  /** The resource whose stored objects this one shows under another group (events.k8s.io shows core events). */
  readonly storedAs?: Resource;
  /** Why one should use another kind: a Warning on every reply. */
  readonly deprecation?: string;
  /** Carries the object type; never set. */
  readonly objectType?: T;
}

type Row = Pick<Resource, 'group' | 'kind' | 'plural' | 'model'> & Partial<Omit<Resource, 'objectType'>>;

const ALL_VERBS: readonly string[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

function resource<T>(row: Row): Resource<T> {
  return {
    version: 'v1',
    singular: row.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ALL_VERBS,
    subresources: [],
    hasGeneration: false,
    defaultPropagation: 'Background',
    ...row,
  };
}

export const PODS = resource<Pod>({
  group: '',
  kind: 'Pod',
  plural: 'pods',
  model: 'V1Pod',
  shortNames: ['po'],
  categories: ['all'],
  subresources: ['status', 'ephemeralcontainers', 'resize', 'log', 'binding', 'eviction', 'exec', 'attach', 'portforward', 'proxy'],
  hasGeneration: true,
});
export const JOBS = resource<Job>({
  group: 'batch',
  kind: 'Job',
  plural: 'jobs',
  model: 'V1Job',
  categories: ['all'],
  subresources: ['status'],
  hasGeneration: true,
  defaultPropagation: 'Orphan',
});
export const CRON_JOBS = resource<CronJob>({
  group: 'batch',
  kind: 'CronJob',
  plural: 'cronjobs',
  model: 'V1CronJob',
  shortNames: ['cj'],
  categories: ['all'],
  subresources: ['status'],
  hasGeneration: true,
});
export const CONFIG_MAPS = resource<ConfigMap>({
  group: '',
  kind: 'ConfigMap',
  plural: 'configmaps',
  model: 'V1ConfigMap',
  shortNames: ['cm'],
});
export const SECRETS = resource<Secret>({ group: '', kind: 'Secret', plural: 'secrets', model: 'V1Secret' });
export const NAMESPACES = resource<Namespace>({
  group: '',
  kind: 'Namespace',
  plural: 'namespaces',
  model: 'V1Namespace',
  shortNames: ['ns'],
  namespaced: false,
  subresources: ['status', 'finalize'],
});
export const EVENTS = resource<CoreEvent>({
  group: '',
  kind: 'Event',
  plural: 'events',
  model: 'CoreV1Event',
  shortNames: ['ev'],
});
export const EVENTS_V1 = resource<EventsEvent>({
  group: 'events.k8s.io',
  kind: 'Event',
  plural: 'events',
  model: 'EventsV1Event',
  shortNames: ['ev'],
  storedAs: EVENTS,
});
export const NODES = resource<Node>({
  group: '',
  kind: 'Node',
  plural: 'nodes',
  model: 'V1Node',
  shortNames: ['no'],
  namespaced: false,
  subresources: ['status'],
});
export const SERVICE_ACCOUNTS = resource<ServiceAccount>({
  group: '',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  model: 'V1ServiceAccount',
  shortNames: ['sa'],
  subresources: ['token'],
});
export const PERSISTENT_VOLUME_CLAIMS = resource<PersistentVolumeClaim>({
  group: '',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  model: 'V1PersistentVolumeClaim',
  shortNames: ['pvc'],
  subresources: ['status'],
});
export const PERSISTENT_VOLUMES = resource<PersistentVolume>({
  group: '',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  model: 'V1PersistentVolume',
  shortNames: ['pv'],
  namespaced: false,
  subresources: ['status'],
});
export const STORAGE_CLASSES = resource<StorageClass>({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  plural: 'storageclasses',
  model: 'V1StorageClass',
  shortNames: ['sc'],
  namespaced: false,
});

export const SERVICES = resource<Service>({
  group: '',
  kind: 'Service',
  plural: 'services',
  model: 'V1Service',
  shortNames: ['svc'],
  categories: ['all'],
  subresources: ['status', 'proxy'],
});
export const ENDPOINTS = resource<Endpoints>({
  group: '',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  model: 'V1Endpoints',
  shortNames: ['ep'],
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
});
export const ENDPOINT_SLICES = resource<EndpointSlice>({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  model: 'V1EndpointSlice',
  hasGeneration: true,
});
export const NETWORK_POLICIES = resource<NetworkPolicy>({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  model: 'V1NetworkPolicy',
  shortNames: ['netpol'],
  hasGeneration: true,
});
export const PRIORITY_CLASSES = resource<PriorityClass>({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  model: 'V1PriorityClass',
  shortNames: ['pc'],
  namespaced: false,
  hasGeneration: true,
});
export const RUNTIME_CLASSES = resource<RuntimeClass>({
  group: 'node.k8s.io',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  model: 'V1RuntimeClass',
  namespaced: false,
});
export const LEASES = resource<Lease>({ group: 'coordination.k8s.io', kind: 'Lease', plural: 'leases', model: 'V1Lease' });
export const POD_TEMPLATES = resource<PodTemplate>({
  group: '',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  model: 'V1PodTemplate',
  hasGeneration: true,
});

/** What containers and the node use just now: measured when asked for, never stored. */
export const POD_METRICS = resource<PodMetrics>({ ...measured('PodMetrics'), plural: 'pods' });
export const NODE_METRICS = resource<NodeMetrics>({ ...measured('NodeMetrics'), plural: 'nodes', namespaced: false });

function measured(kind: string): Omit<Row, 'plural'> {
  return { group: 'metrics.k8s.io', version: 'v1beta1', kind, model: `V1beta1${kind}`, verbs: ['get', 'list'] };
}

/** Questions that are answered at once and never stored. */
export const TOKEN_REVIEWS = resource<TokenReview>({ ...review('TokenReview'), plural: 'tokenreviews' });
export const SELF_SUBJECT_REVIEWS = resource<SelfSubjectReview>({ ...review('SelfSubjectReview'), plural: 'selfsubjectreviews' });

function review(kind: string): Omit<Row, 'plural'> {
  return { group: 'authentication.k8s.io', kind, model: `V1${kind}`, verbs: ['create'], namespaced: false };
}

/** Every resource that is stored, in discovery order. */
export const RESOURCES: readonly Resource[] = [
  CONFIG_MAPS,
  ENDPOINTS,
  EVENTS,
  NAMESPACES,
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  POD_TEMPLATES,
  SECRETS,
  SERVICE_ACCOUNTS,
  SERVICES,
  CRON_JOBS,
  JOBS,
  LEASES,
  ENDPOINT_SLICES,
  EVENTS_V1,
  NETWORK_POLICIES,
  RUNTIME_CLASSES,
  PRIORITY_CLASSES,
  STORAGE_CLASSES,
];

/** Every resource that is served, in discovery order: those without an object in the store come last. */
export const SERVED: readonly Resource[] = [...RESOURCES, TOKEN_REVIEWS, SELF_SUBJECT_REVIEWS, POD_METRICS, NODE_METRICS];

/** Kinds that occur only as bodies of subresources or replies: they need a schema, not a store. */
export const BODY_MODELS: readonly string[] = ['V1Binding', 'V1Eviction', 'V1DeleteOptions', 'V1Status', 'AuthenticationV1TokenRequest', 'V1TokenReview', 'V1SelfSubjectReview'];

/** "v1" or "batch/v1". */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** The resource with this plural in this group, or undefined. */
export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return SERVED.find((row) => row.group === group && row.version === version && row.plural === plural);
}

/** The resource that serves objects of this apiVersion and kind, or undefined. */
export function findResourceByKind(apiVersion: string, kind: string): Resource | undefined {
  return RESOURCES.find((row) => row.kind === kind && apiVersionOf(row) === apiVersion);
}

/** "/api/v1/namespaces/ns/pods/name/log", "/apis/batch/v1/jobs", ... */
export function resourcePath(
  resource: Resource,
  at: { readonly namespace?: string; readonly name?: string; readonly subresource?: string } = {},
): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${apiVersionOf(resource)}`;
  const scope = resource.namespaced && at.namespace ? `/namespaces/${encodeURIComponent(at.namespace)}` : '';
  const name = at.name === undefined ? '' : `/${encodeURIComponent(at.name)}`;
  const sub = at.subresource === undefined ? '' : `/${at.subresource}`;
  return `${root}${scope}/${resource.plural}${name}${sub}`;
}
