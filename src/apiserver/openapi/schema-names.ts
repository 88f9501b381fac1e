// pure: the OpenAPI names of models: "V1JobSpec" is io.k8s.api.batch.v1.JobSpec. The client's models have lost the package.

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Packages by the beginning of the model's name, first match wins; the rest is core. */
const PACKAGES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^V1(?:ObjectMeta|ListMeta|LabelSelector(?:Requirement)?|OwnerReference|ManagedFieldsEntry|DeleteOptions|Preconditions|Status(?:Cause|Details)?|Condition|FieldSelectorRequirement)$/, META],
  [/^V1(?:Job(?:Spec|Status|Condition|TemplateSpec)?|CronJob(?:Spec|Status)?|UncountedTerminatedPods|PodFailurePolicy.*|SuccessPolicy.*)$/, 'io.k8s.api.batch.v1'],
  [/^EventsV1/, 'io.k8s.api.events.v1'],
  [/^V1Eviction$/, 'io.k8s.api.policy.v1'],
  [/^V1(?:EndpointSlice|Endpoint.*)$/, 'io.k8s.api.discovery.v1'],
  [/^V1NetworkPolicy/, 'io.k8s.api.networking.v1'],
];

export function schemaName(model: string): string {
  const kind = model.replace(/^(?:Core|Events|Discovery|Batch)?V\d+(?:(?:alpha|beta)\d+)?/, '');
  const found = PACKAGES.find(([pattern]) => pattern.test(model));
  return `${found?.[1] ?? 'io.k8s.api.core.v1'}.${kind}`;
}

export function schemaReference(model: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${schemaName(model)}` };
}
