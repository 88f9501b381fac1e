// pure: fields of a Pod's spec that are stored but not acted upon yet, each named in a Warning. A row goes when its feature
// comes.
import type { Container, PodSpec, Volume } from '../generated/types.ts';

type Present<T> = (value: T) => boolean;

/** An empty list is as good as none. */
const has = (list: readonly unknown[] | undefined): boolean => (list ?? []).length > 0;

/** `why`: what stands in the way for good. */
type Row<T> = readonly [field: string, present: Present<T>, why?: string];

const POD_FIELDS: readonly Row<PodSpec>[] = [
  ['hostUsers', (spec) => spec.hostUsers === false, 'the container engine maps the users of all containers or of none'],
  ['resources', (spec) => spec.resources !== undefined],
  ['resourceClaims', (spec) => has(spec.resourceClaims)],
  ['schedulingGroup', (spec) => spec.schedulingGroup !== undefined],
  ['securityContext.seLinuxChangePolicy', (spec) => spec.securityContext?.seLinuxChangePolicy !== undefined],
  ['securityContext.supplementalGroupsPolicy', (spec) => spec.securityContext?.supplementalGroupsPolicy === 'Strict', 'the container engine always adds the groups that the image gives the user'],
  ['securityContext.windowsOptions', (spec) => spec.securityContext?.windowsOptions !== undefined],
];

/** Resources that the engine is told of. */
const ENFORCED = new Set(['cpu', 'memory']);

const CONTAINER_FIELDS: readonly Row<Container>[] = [
  // Upstream does nothing with these either, and says nothing.
  ['lifecycle.postStart.tcpSocket', (container) => container.lifecycle?.postStart?.tcpSocket !== undefined],
  ['lifecycle.preStop.tcpSocket', (container) => container.lifecycle?.preStop?.tcpSocket !== undefined],
  ['volumeDevices', (container) => has(container.volumeDevices)],
  ['volumeMounts[*].recursiveReadOnly', (container) => (container.volumeMounts ?? []).some(({ recursiveReadOnly }) => recursiveReadOnly === 'Enabled'), 'the container engine makes the mount itself read-only, and leaves mounts below it as they are'],
  ['resources.limits[ephemeral-storage]', (container) => container.resources?.limits?.['ephemeral-storage'] !== undefined],
  ['resources of other kinds than cpu and memory', ({ resources }) => Object.keys({ ...resources?.limits, ...resources?.requests }).some((name) => !ENFORCED.has(name) && name !== 'ephemeral-storage')],
  ['resources.claims', (container) => has(container.resources?.claims)],
  ['securityContext.windowsOptions', (container) => container.securityContext?.windowsOptions !== undefined],
];

const VOLUME_SOURCES = new Set(['configMap', 'secret', 'emptyDir', 'hostPath', 'downwardAPI', 'projected', 'persistentVolumeClaim', 'ephemeral']);
const PROJECTED_SOURCES = new Set(['configMap', 'secret', 'downwardAPI', 'serviceAccountToken']);

/** One text a field, for Warning headers. */
export function unsupportedPodFields(spec: PodSpec, path: string): string[] {
  const containers = (['initContainers', 'containers'] as const).flatMap((list) => (spec[list] ?? []).map((container, row) => ({ container, at: `${path}.${list}[${row}]` })));
  return [
    ...POD_FIELDS.filter(([, present]) => present(spec)).map(([field, , why]) => warning(`${path}.${field}`, why)),
    ...containers.flatMap(({ container, at }) =>
      CONTAINER_FIELDS.filter(([, present]) => present(container)).map(([field, , why]) => warning(`${at}.${field}`, why)),
    ),
    ...(spec.volumes ?? []).flatMap((volume, row) => volumeFields(volume).map((field) => warning(`${path}.volumes[${row}].${field}`))),
  ];
}

function warning(field: string, why?: string): string {
  return why === undefined ? `${field}: stored, but minik does not act on it yet` : `${field}: stored, but minik does not act on it: ${why}`;
}

function volumeFields(volume: Volume): string[] {
  return [
    ...Object.keys(volume).filter((source) => source !== 'name' && !VOLUME_SOURCES.has(source)),
    ...(volume.emptyDir?.medium?.startsWith('HugePages') === true ? ['emptyDir.medium'] : []),
    ...(volume.projected?.sources ?? []).flatMap((source, row) =>
      Object.keys(source).filter((kind) => !PROJECTED_SOURCES.has(kind)).map((kind) => `projected.sources[${row}].${kind}`),
    ),
  ];
}
