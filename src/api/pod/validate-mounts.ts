// pure: what a container's volumeMounts and volumeDevices must be.
import { child, forbidden, invalid, notFound, required, type FieldError } from '../field-errors.ts';
import { eachItem, optionalOneOf } from '../field-rules.ts';
import type { Container, Volume, VolumeDevice, VolumeMount } from '../generated/types.ts';
import { validateLocalPath, validateNoBacksteps } from './validate-paths.ts';

type Volumes = ReadonlyMap<string, Volume>;

export function validateMounts(container: Container, path: string, volumes: Volumes): FieldError[] {
  const devices = container.volumeDevices ?? [];
  const mounts = container.volumeMounts ?? [];
  const paths = new Set<string>();
  const mountsPath = child(path, 'volumeMounts');
  return [
    ...eachItem(mounts, mountsPath, (mount, at) => {
      const { name = '', mountPath = '' } = mount;
      const again = paths.has(mountPath);
      paths.add(mountPath);
      return [
        ...(name === '' ? [required(child(at, 'name'))] : []),
        ...(volumes.has(name) ? [] : [notFound(child(at, 'name'), name)]),
        ...(mountPath === '' ? [required(child(at, 'mountPath'))] : []),
        ...(again ? [invalid(child(at, 'mountPath'), mountPath, 'must be unique')] : []),
        ...(devices.some((device) => device.name === name) ? [invalid(child(at, 'name'), name, 'must not already exist in volumeDevices')] : []),
        ...(devices.some(({ devicePath }) => devicePath === mountPath) ? [invalid(child(at, 'mountPath'), mountPath, 'must not already exist as a path in volumeDevices')] : []),
        ...validateWhatIsMounted(mount, at, mountsPath),
        ...validatePropagation(container, mount, mountsPath),
      ];
    }),
    ...validateDevices(devices, child(path, 'volumeDevices'), { volumes, mounts }),
  ];
}

/** Upstream reports a bad sub-path on the list of mounts. */
function validateWhatIsMounted({ subPath = '', subPathExpr = '' }: VolumeMount, path: string, listPath: string): FieldError[] {
  return [
    ...(subPath === '' ? [] : validateLocalPath(subPath, child(listPath, 'subPath'))),
    ...(subPath !== '' && subPathExpr !== '' ? [invalid(child(path, 'subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive')] : []),
    ...(subPathExpr === '' ? [] : validateLocalPath(subPathExpr, child(listPath, 'subPathExpr'))),
  ];
}

function validatePropagation(container: Container, { mountPropagation, recursiveReadOnly, readOnly }: VolumeMount, listPath: string): FieldError[] {
  const propagation = child(listPath, 'mountPropagation');
  const recursive = child(listPath, 'recursiveReadOnly');
  const isAsked = recursiveReadOnly === 'Enabled' || recursiveReadOnly === 'IfPossible';
  return [
    ...optionalOneOf(mountPropagation, ['Bidirectional', 'HostToContainer', 'None'], propagation),
    ...(mountPropagation === 'Bidirectional' && container.securityContext?.privileged !== true
      ? [forbidden(propagation, 'Bidirectional mount propagation is available only to privileged containers')]
      : []),
    ...optionalOneOf(recursiveReadOnly, ['Disabled', 'Enabled', 'IfPossible'], recursive),
    ...(isAsked && readOnly !== true ? [forbidden(recursive, 'may only be specified when readOnly is true')] : []),
    ...(isAsked && mountPropagation !== undefined && mountPropagation !== 'None' ? [forbidden(recursive, 'may only be specified when mountPropagation is None or not specified')] : []),
  ];
}

interface Beside {
  readonly volumes: Volumes;
  readonly mounts: readonly VolumeMount[];
}

function validateDevices(devices: readonly VolumeDevice[], path: string, { volumes, mounts }: Beside): FieldError[] {
  const [names, paths] = [new Set<string>(), new Set<string>()];
  return eachItem(devices, path, ({ name = '', devicePath = '' }, at) => {
    const volume = volumes.get(name);
    const [nameAgain, pathAgain] = [names.has(name), paths.has(devicePath)];
    names.add(name);
    paths.add(devicePath);
    return [
      ...(name === '' ? [required(child(at, 'name'))] : []),
      ...(nameAgain ? [invalid(child(at, 'name'), name, 'must be unique')] : []),
      ...(volume !== undefined && volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined
        ? [invalid(child(at, 'name'), name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode')]
        : []),
      ...(volume === undefined ? [notFound(child(at, 'name'), name)] : []),
      ...(devicePath === '' ? [required(child(at, 'devicePath'))] : []),
      ...(pathAgain ? [invalid(child(at, 'devicePath'), devicePath, 'must be unique')] : []),
      ...(validateNoBacksteps(devicePath, at).length > 0 ? [invalid(child(at, 'devicePath'), devicePath, "can not contain backsteps ('..')")] : []),
      ...(mounts.some((mount) => mount.name === name) ? [invalid(child(at, 'name'), name, 'must not already exist in volumeMounts')] : []),
      ...(mounts.some(({ mountPath }) => mountPath === devicePath) ? [invalid(child(at, 'devicePath'), devicePath, 'must not already exist as a path in volumeMounts')] : []),
    ];
  });
}
