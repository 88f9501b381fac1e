// Which strategy serves which resource. Every row of the kinds table is here: a test holds the two together. What is measured
// is never written: of its strategy only the selectors are asked.
import { validateConfigMap, validateConfigMapUpdate } from '../../api/configmap/validate-configmap.ts';
import { checkSubdomain } from '../../api/dns-name.ts';
import type { ConfigMap, NetworkPolicy, Node, NodeMetrics, PodMetrics, Secret, SelfSubjectReview, ServiceAccount, TokenReview } from '../../api/generated/types.ts';
import { CONFIG_MAPS, CRON_JOBS, ENDPOINT_SLICES, ENDPOINTS, EVENTS, EVENTS_V1, JOBS, LEASES, NAMESPACES, NETWORK_POLICIES, NODES, NODE_METRICS, PERSISTENT_VOLUMES, PERSISTENT_VOLUME_CLAIMS, PODS, POD_METRICS, POD_TEMPLATES, PRIORITY_CLASSES, RUNTIME_CLASSES, SECRETS, SELF_SUBJECT_REVIEWS, SERVICE_ACCOUNTS, SERVICES, STORAGE_CLASSES, TOKEN_REVIEWS, type Resource } from '../../api/kinds.ts';
import { defaultNetworkPolicy } from '../../api/networkpolicy/defaults.ts';
import { validateNetworkPolicy, validateNetworkPolicyUpdate } from '../../api/networkpolicy/validate-network-policy.ts';
import type { KubeObject } from '../../api/object.ts';
import { validateNode, validateNodeUpdate } from '../../api/node/validate-node.ts';
import { defaultSecret, validateSecret, validateSecretUpdate } from '../../api/secret/secret.ts';
import { leaseStrategy, podTemplateStrategy, priorityClassStrategy, runtimeClassStrategy } from './class-kinds.ts';
import { cronJobStrategy } from './cron-job.ts';
import { endpointsStrategy, endpointSliceStrategy } from './endpoints.ts';
import { eventStrategy, eventsV1Strategy } from './event.ts';
import { jobStrategy } from './job.ts';
import { namespaceStrategy } from './namespace.ts';
import { plainStrategy, statusHalves } from './plain.ts';
import { podStrategy } from './pod.ts';
import { serviceStrategy } from './service.ts';
import { claimStrategy, classStrategy, volumeStrategy } from './storage.ts';
import type { Strategy } from './strategy.ts';

const STRATEGIES = new Map<Resource, Strategy<KubeObject>>();

function register<T extends KubeObject>(resource: Resource<T>, strategy: Strategy<T>): void {
  STRATEGIES.set(resource as Resource, strategy as unknown as Strategy<KubeObject>);
}

register(PODS, podStrategy);
register(JOBS, jobStrategy);
register(CRON_JOBS, cronJobStrategy);
register(NAMESPACES, namespaceStrategy);
register(EVENTS, eventStrategy);
register(EVENTS_V1, eventsV1Strategy);
register(CONFIG_MAPS, plainStrategy<ConfigMap>(checkSubdomain, { validate: validateConfigMap, validateUpdate: validateConfigMapUpdate }));
register(
  SECRETS,
  plainStrategy<Secret>(checkSubdomain, {
    applyDefaults: defaultSecret,
    validate: validateSecret,
    validateUpdate: validateSecretUpdate,
    selectableFields: ({ type }) => ({ type: type ?? '' }),
  }),
);
register(
  NODES,
  plainStrategy<Node>(checkSubdomain, {
    // A kubelet registers its node together with its status.
    ...statusHalves<Node>(),
    validate: validateNode,
    validateUpdate: validateNodeUpdate,
    selectableFields: ({ spec }) => ({ 'spec.unschedulable': String(spec?.unschedulable ?? false) }),
  }),
);
register(SERVICE_ACCOUNTS, plainStrategy<ServiceAccount>(checkSubdomain));
register(TOKEN_REVIEWS, plainStrategy<TokenReview>(checkSubdomain));
register(SELF_SUBJECT_REVIEWS, plainStrategy<SelfSubjectReview>(checkSubdomain));
register(POD_METRICS, plainStrategy<PodMetrics>(checkSubdomain));
register(NODE_METRICS, plainStrategy<NodeMetrics>(checkSubdomain));
register(PERSISTENT_VOLUME_CLAIMS, claimStrategy);
register(PERSISTENT_VOLUMES, volumeStrategy);
register(STORAGE_CLASSES, classStrategy);
register(SERVICES, serviceStrategy);
register(ENDPOINTS, endpointsStrategy);
register(ENDPOINT_SLICES, endpointSliceStrategy);
register(
  NETWORK_POLICIES,
  plainStrategy<NetworkPolicy>(checkSubdomain, { applyDefaults: defaultNetworkPolicy, validate: validateNetworkPolicy, validateUpdate: validateNetworkPolicyUpdate }),
);
register(PRIORITY_CLASSES, priorityClassStrategy);
register(RUNTIME_CLASSES, runtimeClassStrategy);
register(LEASES, leaseStrategy);
register(POD_TEMPLATES, podTemplateStrategy);

export function strategyOf(resource: Resource): Strategy<KubeObject> {
  const strategy = STRATEGIES.get(resource);
  if (strategy === undefined) throw new Error(`no strategy is registered for ${resource.plural}`);
  return strategy;
}
