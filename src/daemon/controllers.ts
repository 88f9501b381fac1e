// Every controller of the daemon, each under the name that upstream gives it.
import { secretClaims } from '../api/account/claims.ts';
import { CONFIG_MAPS, CRON_JOBS, ENDPOINTS, ENDPOINT_SLICES, JOBS, NAMESPACES, NODES, PERSISTENT_VOLUMES, PERSISTENT_VOLUME_CLAIMS, PODS, SECRETS, SERVICES, SERVICE_ACCOUNTS, STORAGE_CLASSES, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import type { TokenKeys } from '../apiserver/account/token-keys.ts';
import type { ClusterNetwork } from '../api/service/cluster-network.ts';
import type { Clock } from '../base/clock.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder-contract.ts';
import { createClusterServicesController } from '../controllers/cluster-services/cluster-services-controller.ts';
import { createCronJobController } from '../controllers/cronjob/cron-job-controller.ts';
import { createEndpointSliceController } from '../controllers/endpoints/endpoint-slice-controller.ts';
import { createEndpointsController } from '../controllers/endpoints/endpoints-controller.ts';
import { createMirroringController } from '../controllers/endpoints/mirroring-controller.ts';
import { createEventTtlController } from '../controllers/event-ttl/event-ttl-controller.ts';
import { createGarbageController } from '../controllers/garbage/garbage-controller.ts';
import { createJobController, createOrphanPodController } from '../controllers/job/job-controller.ts';
import { createLoadBalancerController } from '../controllers/load-balancer/load-balancer-controller.ts';
import { createNamespaceController } from '../controllers/namespace/namespace-controller.ts';
import { createNodeTaintsController } from '../controllers/node-taints/node-taints-controller.ts';
import { createSchedulerController } from '../controllers/scheduler/scheduler-controller.ts';
import { createTokenSecretController } from '../controllers/service-account-token/token-secret-controller.ts';
import { createServiceAccountController } from '../controllers/serviceaccount/serviceaccount-controller.ts';
import { createTaintEvictionController } from '../controllers/taint-eviction/taint-eviction-controller.ts';
import { createTtlController } from '../controllers/ttl-after-finished/ttl-controller.ts';
import { createClaimController } from '../controllers/volume/claim-controller.ts';
import { createEphemeralVolumeController } from '../controllers/volume/ephemeral-controller.ts';
import type { StorageContext } from '../controllers/volume/storage-executors.ts';
import { createVolumeController } from '../controllers/volume/volume-controller.ts';
import type { Controller } from '../controllers/runtime/controller.ts';
import type { Informers } from './informers.ts';
import type { NodeEndpoint } from './node-endpoint.ts';
import type { RunningNode } from './node.ts';
import type { UnopenedPorts } from './unopened-ports.ts';

export interface ControllersOptions {
  readonly informers: Informers;
  readonly asUser: (user: string) => Client;
  readonly recorder: (component: string) => EventRecorder;
  readonly clock: Clock;
  readonly network: ClusterNetwork;
  readonly apiEndpoint: NodeEndpoint;
  readonly unopened: UnopenedPorts;
  /** Since when this machine was awake and the daemon ran: milliseconds since the epoch. */
  readonly awakeSince: () => number;
  readonly volumeFolders: RunningNode['volumeFolders'];
  /** $MINIK_HOME/volumes */
  readonly volumesPath: string;
  /** PEM. */
  readonly rootCa: string;
  readonly keys: TokenKeys;
}

export function createControllers(options: ControllersOptions): readonly Controller[] {
  const { informers, asUser, recorder, clock, network, apiEndpoint, unopened, awakeSince, volumeFolders, volumesPath, rootCa, keys } = options;
  const of = <T extends KubeObject>(resource: Resource<T>) => informers.of(resource);
  const manager = asUser('system:kube-controller-manager');
  const storage = { claims: of(PERSISTENT_VOLUME_CLAIMS), volumes: of(PERSISTENT_VOLUMES), classes: of(STORAGE_CLASSES) };
  const storageContext: StorageContext = {
    ...storage,
    client: asUser('system:serviceaccount:kube-system:persistent-volume-binder'),
    folders: volumeFolders,
    recorder: recorder('persistentvolume-controller'),
    clock,
  };
  const members = { services: of(SERVICES), pods: of(PODS) };
  return [
    createJobController({ client: manager, jobs: of(JOBS), pods: of(PODS), recorder: recorder('job-controller'), clock }),
    createCronJobController({ client: manager, cronJobs: of(CRON_JOBS), jobs: of(JOBS), recorder: recorder('cronjob-controller'), clock, awakeSince: awakeSince }),
    createOrphanPodController({ client: manager, jobs: of(JOBS), pods: of(PODS) }),
    createTtlController({ client: asUser('system:serviceaccount:kube-system:ttl-after-finished-controller'), jobs: of(JOBS), clock }),
    createSchedulerController({ client: asUser('system:kube-scheduler'), pods: of(PODS), nodes: of(NODES), namespaces: of(NAMESPACES), ...storage, recorder: recorder('default-scheduler'), clock }),
    createNodeTaintsController({ client: asUser('system:serviceaccount:kube-system:node-controller'), nodes: of(NODES), clock }),
    createTaintEvictionController({ client: asUser('system:serviceaccount:kube-system:taint-eviction-controller'), pods: of(PODS), nodes: of(NODES), recorder: recorder('taint-eviction-controller'), clock }),
    createClaimController({ ...storageContext, classes: storage.classes, pods: of(PODS), nodes: of(NODES), foldersPath: volumesPath }),
    createVolumeController(storageContext),
    createEphemeralVolumeController({ client: manager, pods: of(PODS), claims: storage.claims, recorder: recorder('ephemeral-volume') }),
    createEndpointSliceController({ ...members, client: asUser('system:serviceaccount:kube-system:endpointslice-controller'), slices: of(ENDPOINT_SLICES), nodes: of(NODES) }),
    createEndpointsController({ ...members, client: asUser('system:serviceaccount:kube-system:endpoint-controller'), endpoints: of(ENDPOINTS) }),
    createMirroringController({ client: asUser('system:serviceaccount:kube-system:endpointslicemirroring-controller'), services: of(SERVICES), endpoints: of(ENDPOINTS), slices: of(ENDPOINT_SLICES) }),
    createClusterServicesController({
      client: asUser('system:apiserver'),
      network: network,
      services: of(SERVICES),
      endpoints: of(ENDPOINTS),
      slices: of(ENDPOINT_SLICES),
      apiEndpoint: apiEndpoint,
      dnsEndpoint: () => ({ ip: network.dnsIp, port: 53 }),
    }),
    createLoadBalancerController({ client: asUser('system:cloud-controller-manager'), services: of(SERVICES), recorder: recorder('service-controller'), range: network.loadBalancerCidr, unopened }),
    createGarbageController({ client: manager, informers: informers.all }),
    createNamespaceController({ client: manager, namespaces: of(NAMESPACES), clock }),
    createServiceAccountController({ client: manager, namespaces: of(NAMESPACES), accounts: of(SERVICE_ACCOUNTS), configMaps: of(CONFIG_MAPS), rootCa: rootCa }),
    createTokenSecretController({ client: asUser('system:serviceaccount:kube-system:tokens-controller'), secrets: of(SECRETS), accounts: of(SERVICE_ACCOUNTS), rootCa: rootCa, issue: (account, secret) => keys.sign(secretClaims(account, secret)) }),
    createEventTtlController({ client: manager, clock }),
  ];
}
