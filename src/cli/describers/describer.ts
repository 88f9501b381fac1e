// pure: what a describer is given and which kind has which.
import type { CoreEvent, EndpointSlice, Lease, Node, Pod } from '../../api/generated/types.ts';
import { CONFIG_MAPS, CRON_JOBS, ENDPOINT_SLICES, ENDPOINTS, JOBS, NAMESPACES, NETWORK_POLICIES, NODES, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, PRIORITY_CLASSES, SECRETS, SERVICE_ACCOUNTS, SERVICES, STORAGE_CLASSES, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';

export interface Related {
  /** About the object; undefined with --show-events=false. */
  readonly events: readonly CoreEvent[] | undefined;
  /** Of a node, or those that use a claim. */
  readonly pods?: readonly Pod[];
  /** Of a Service. */
  readonly slices?: readonly EndpointSlice[];
  /** Minik's own, where a Service has ports on it. */
  readonly node?: Node;
  /** Of a node, or why it could not be had. */
  readonly lease?: Lease | Error;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type Describe<T extends KubeObject> = (object: T, related: Related) => string;

/** Only the kind that is asked for is loaded. */
export async function describerOf(resource: Resource): Promise<Describe<KubeObject>> {
  const known = new Map<Resource, () => Promise<unknown>>([
    [PODS as Resource, async () => (await import('./pod.ts')).describePod],
    [JOBS as Resource, async () => (await import('./job.ts')).describeJob],
    [CRON_JOBS as Resource, async () => (await import('./cron-job.ts')).describeCronJob],
    [NODES as Resource, async () => (await import('./node.ts')).describeNode],
    [NAMESPACES as Resource, async () => (await import('./namespace.ts')).describeNamespace],
    [CONFIG_MAPS as Resource, async () => (await import('./config-map.ts')).describeConfigMap],
    [SECRETS as Resource, async () => (await import('./secret.ts')).describeSecret],
    [SERVICE_ACCOUNTS as Resource, async () => (await import('./service-account.ts')).describeServiceAccount],
    [PERSISTENT_VOLUME_CLAIMS as Resource, async () => (await import('./persistent-volume-claim.ts')).describeClaim],
    [PERSISTENT_VOLUMES as Resource, async () => (await import('./persistent-volume.ts')).describeVolume],
    [SERVICES as Resource, async () => (await import('./service.ts')).describeService],
    [ENDPOINTS as Resource, async () => (await import('./endpoints.ts')).describeEndpoints],
    [ENDPOINT_SLICES as Resource, async () => (await import('./endpoints.ts')).describeEndpointSlice],
    [NETWORK_POLICIES as Resource, async () => (await import('./network-policy.ts')).describeNetworkPolicy],
    [PRIORITY_CLASSES as Resource, async () => (await import('./priority-class.ts')).describePriorityClass],
    [STORAGE_CLASSES as Resource, async () => (await import('./storage-class.ts')).describeClass],
  ]);
  const load = known.get(resource) ?? (async () => (await import('./generic.ts')).describeGeneric);
  return (await load()) as Describe<KubeObject>;
}
