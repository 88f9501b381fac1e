// pure: the OpenAPI names of models: "V1JobSpec" is io.k8s.api.batch.v1.JobSpec. The client's models have lost the package.

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Packages by the beginning of the model's name, first match wins; the rest is core. */
const PACKAGES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^V1(?:ObjectMeta|ListMeta|LabelSelector(?:Requirement)?|OwnerReference|ManagedFieldsEntry|DeleteOptions|Preconditions|Status(?:Cause|Details)?|Condition|FieldSelectorRequirement|APIResource(?:List)?|APIGroup(?:List)?)$/, META],
  [/^V1(?:Job(?:Spec|Status|Condition|TemplateSpec)?|CronJob(?:Spec|Status)?|UncountedTerminatedPods|PodFailurePolicy.*|SuccessPolicy.*)$/, 'io.k8s.api.batch.v1'],
  [/^V1beta1(?:Pod|Node|Container)Metrics$/, 'io.k8s.metrics.pkg.apis.metrics.v1beta1'],
  [/^EventsV1/, 'io.k8s.api.events.v1'],
  [/^V1Eviction$/, 'io.k8s.api.policy.v1'],
  [/^(?:DiscoveryV1|V1Endpoint(?:Slice|Conditions|Hints)?$|V1For(?:Zone|Node)$)/, 'io.k8s.api.discovery.v1'],
  [/^V1(?:NetworkPolicy|IPBlock|Ingress|HTTPIngress)/, 'io.k8s.api.networking.v1'],
  [/^V1(?:Deployment|ReplicaSet|StatefulSet|DaemonSet|ControllerRevision|RollingUpdate)/, 'io.k8s.api.apps.v1'],
  [/^V1(?:StorageClass|VolumeAttachment|CSI)/, 'io.k8s.api.storage.v1'],
  [/^V1PriorityClass/, 'io.k8s.api.scheduling.v1'],
  [/^V1(?:RuntimeClass|Overhead|Scheduling$)/, 'io.k8s.api.node.v1'],
  [/^V1Lease/, 'io.k8s.api.coordination.v1'],
  [/^(?:AuthenticationV1|V1Token(?:Request|Review))/, 'io.k8s.api.authentication.v1'],
  [/^V1(?:Self)?SubjectAccessReview/, 'io.k8s.api.authorization.v1'],
  [/^V1(?:PodDisruptionBudget)/, 'io.k8s.api.policy.v1'],
];

export function schemaName(model: string): string {
  const kind = model.replace(/^(?:Core|Events|Discovery|Batch|Authentication)?V\d+(?:(?:alpha|beta)\d+)?/, '');
  const found = PACKAGES.find(([pattern]) => pattern.test(model));
  return `${found?.[1] ?? 'io.k8s.api.core.v1'}.${kind}`;
}

/** The list of a kind is no model of its own: it is its kind's schema, many times. */
export function listSchemaName(model: string): string {
  return `${schemaName(model)}List`;
}

export function reference(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
