// pure: fields of a Pod's spec that are stored but not acted upon yet, each named in a Warning. A row goes when its feature
// comes.
import type { Container, PodSpec } from '../generated/types.ts';

type Present<T> = (value: T) => boolean;

const POD_FIELDS: readonly (readonly [field: string, present: Present<PodSpec>])[] = [
  ['dnsConfig', (spec) => spec.dnsConfig !== undefined],
  ['hostAliases', (spec) => (spec.hostAliases ?? []).length > 0],
  ['setHostnameAsFQDN', (spec) => spec.setHostnameAsFQDN === true],
  ['subdomain', (spec) => (spec.subdomain ?? '') !== ''],
  ['affinity', (spec) => spec.affinity !== undefined],
  ['topologySpreadConstraints', (spec) => (spec.topologySpreadConstraints ?? []).length > 0],
  ['readinessGates', (spec) => (spec.readinessGates ?? []).length > 0],
  ['runtimeClassName', (spec) => (spec.runtimeClassName ?? '') !== ''],
  ['imagePullSecrets', (spec) => (spec.imagePullSecrets ?? []).length > 0],
  ['securityContext.fsGroup', (spec) => spec.securityContext?.fsGroup !== undefined],
  ['securityContext.sysctls', (spec) => (spec.securityContext?.sysctls ?? []).length > 0],
  ['securityContext.seccompProfile', (spec) => spec.securityContext?.seccompProfile !== undefined],
  ['resources', (spec) => spec.resources !== undefined],
  ['overhead', (spec) => spec.overhead !== undefined],
  ['resourceClaims', (spec) => (spec.resourceClaims ?? []).length > 0],
];

const CONTAINER_FIELDS: readonly (readonly [field: string, present: Present<Container>])[] = [
  ['livenessProbe', (container) => container.livenessProbe !== undefined],
  ['readinessProbe', (container) => container.readinessProbe !== undefined],
  ['startupProbe', (container) => container.startupProbe !== undefined],
  ['lifecycle', (container) => container.lifecycle !== undefined],
  ['restartPolicy', (container) => container.restartPolicy !== undefined],
  ['volumeDevices', (container) => (container.volumeDevices ?? []).length > 0],
  ['securityContext.seccompProfile', (container) => container.securityContext?.seccompProfile !== undefined],
  ['resources.limits[ephemeral-storage]', (container) => container.resources?.limits?.['ephemeral-storage'] !== undefined],
  ['ports[*].hostPort', (container) => (container.ports ?? []).some(({ hostPort }) => (hostPort ?? 0) > 0)],
];

const VOLUME_SOURCES = new Set(['configMap', 'secret', 'emptyDir', 'hostPath', 'downwardAPI', 'projected']);

export function unsupportedPodFields(spec: PodSpec, path: string): string[] {
  const containers = [
    ...(spec.initContainers ?? []).map((container, at) => ({ container, at: `${path}.initContainers[${at}]` })),
    ...spec.containers.map((container, at) => ({ container, at: `${path}.containers[${at}]` })),
  ];
  const fields = [
    ...POD_FIELDS.filter(([, present]) => present(spec)).map(([field]) => `${path}.${field}`),
    ...containers.flatMap(({ container, at }) => CONTAINER_FIELDS.filter(([, present]) => present(container)).map(([field]) => `${at}.${field}`)),
    ...(spec.volumes ?? []).flatMap((volume, at) => Object.keys(volume).filter((source) => source !== 'name' && !VOLUME_SOURCES.has(source)).map((source) => `${path}.volumes[${at}].${source}`)),
  ];
  return fields.map((field) => `${field}: stored, but minik does not act on it yet`);
}
