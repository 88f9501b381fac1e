// pure: which Pods a Service is made of. Both sides can be looked up by one label each, so that a change of a Pod leads to
// its Services, and a Service to its Pods, without a look at all the others.
import type { Pod, Service } from '../generated/types.ts';
import { hasSelector, specOf } from './service-facts.ts';

/** Without a selector, and for names of others, Kubernetes makes no endpoints: somebody else does. */
export function hasManagedEndpoints(service: Service): boolean {
  return specOf(service).type !== 'ExternalName' && hasSelector(specOf(service));
}

export function selectsPod(service: Service, pod: Pod): boolean {
  const labels = pod.metadata?.labels ?? {};
  return service.metadata?.namespace === pod.metadata?.namespace && Object.entries(service.spec?.selector ?? {}).every(([key, value]) => labels[key] === value);
}

/** It has an address and is not over. Terminating ones are told of in slices, not in Endpoints. */
export function isEndpoint({ metadata, status }: Pod, { terminating }: { readonly terminating: boolean }): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return false;
  if ((status?.podIP ?? '') === '') return false;
  return terminating || metadata?.deletionTimestamp === undefined;
}

/** The name that DNS gives the Pod below the Service's: only where the Pod says that it belongs there. */
export function endpointHostname({ metadata, spec }: Pod, service: Service): string | undefined {
  const belongs = spec?.subdomain === service.metadata?.name && metadata?.namespace === service.metadata?.namespace;
  return belongs && spec?.hostname !== undefined && spec.hostname !== '' ? spec.hostname : undefined;
}

/** "namespace/key=value" of each label that the Service asks for. */
export function selectorLabels({ metadata, spec }: Service): string[] {
  return labelTexts(metadata?.namespace, spec?.selector);
}

export function podLabels({ metadata }: Pod): string[] {
  return labelTexts(metadata?.namespace, metadata?.labels);
}

function labelTexts(namespace = '', labels: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries(labels ?? {}).map(([key, value]) => `${namespace}/${key}=${value}`);
}
