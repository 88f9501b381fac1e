// pure: what containers and init containers must be.
import { checkLabel, checkPortName } from '../dns-name.ts';
import { child, duplicate, forbidden, index, invalid, key, notFound, notSupported, required, type FieldError } from '../field-errors.ts';
import type { Container, ContainerPort, PodSpec, ResourceRequirements, SecurityContext, VolumeMount } from '../generated/types.ts';
import { compareQuantities, parseQuantity } from '../quantity.ts';
import { validateEnv } from './validate-env.ts';
import { validateProbes } from './validate-probes.ts';

export function validateContainers(spec: PodSpec, { path, volumes }: { readonly path: string; readonly volumes: ReadonlySet<string> }): FieldError[] {
  const containers = spec.containers ?? [];
  const inits = spec.initContainers ?? [];
  const seen = new Set<string>();
  const rows = [
    ...inits.map((container, row) => ({ container, at: index(child(path, 'initContainers'), row), init: true })),
    ...containers.map((container, row) => ({ container, at: index(child(path, 'containers'), row), init: false })),
  ];
  return [
    ...(containers.length === 0 ? [required(child(path, 'containers'))] : []),
    ...rows.flatMap(({ container, at, init }) => {
      const again = container.name !== undefined && seen.has(container.name);
      seen.add(container.name);
      return [
        ...(again ? [duplicate(child(at, 'name'), container.name)] : []),
        ...validateContainer(container, at, volumes),
        ...(init ? validateInit(container, at) : validateApp(container, at)),
      ];
    }),
    ...hostPortConflicts(containers, child(path, 'containers')),
  ];
}

function validateContainer(container: Container, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const { name = '', image = '' } = container;
  return [
    ...(name === '' ? [required(child(path, 'name'))] : checkLabel(name).map((problem) => invalid(child(path, 'name'), name, problem))),
    ...(image === '' ? [required(child(path, 'image'))] : image.trim() === image ? [] : [invalid(child(path, 'image'), image, 'must not have leading or trailing whitespace')]),
    ...unsupported(container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never'], child(path, 'imagePullPolicy')),
    ...unsupported(container.terminationMessagePolicy, ['FallbackToLogsOnError', 'File'], child(path, 'terminationMessagePolicy')),
    ...validatePorts(container.ports ?? [], child(path, 'ports')),
    ...validateEnv(container, path),
    ...validateMounts(container.volumeMounts ?? [], child(path, 'volumeMounts'), volumes),
    ...validateResources(container.resources ?? {}, child(path, 'resources')),
    ...validateProbes(container, path),
    ...validateSecurity(container.securityContext, child(path, 'securityContext')),
  ];
}

function unsupported(value: string | undefined, supported: readonly string[], field: string): FieldError[] {
  return value === undefined || supported.includes(value) ? [] : [notSupported(field, value, supported)];
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const;

/** A sidecar (restartPolicy Always) may have what other init containers may not. */
function validateInit(container: Container, path: string): FieldError[] {
  if (container.restartPolicy === 'Always') return [];
  return [
    ...(container.restartPolicy === undefined ? [] : [notSupported(child(path, 'restartPolicy'), container.restartPolicy, ['Always'])]),
    ...PROBES.filter((name) => container[name] !== undefined).map((name) => forbidden(child(path, name), 'may not be set for init containers without restartPolicy=Always')),
  ];
}

function validateApp(container: Container, path: string): FieldError[] {
  return container.restartPolicy === undefined ? [] : [forbidden(child(path, 'restartPolicy'), 'may not be set for non-init containers')];
}

function validatePorts(ports: readonly ContainerPort[], path: string): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, row) => {
    const at = index(path, row);
    const { name = '', containerPort, hostPort, protocol = 'TCP' } = port;
    const again = name !== '' && names.has(name);
    names.add(name);
    return [
      ...(name === '' ? [] : checkPortName(name).map((problem) => invalid(child(at, 'name'), name, problem))),
      ...(again ? [duplicate(child(at, 'name'), name)] : []),
      ...(containerPort === undefined || containerPort === 0 ? [required(child(at, 'containerPort'))] : portRange(containerPort, child(at, 'containerPort'))),
      ...(hostPort === undefined || hostPort === 0 ? [] : portRange(hostPort, child(at, 'hostPort'))),
      ...unsupported(protocol, ['SCTP', 'TCP', 'UDP'], child(at, 'protocol')),
    ];
  });
}

function portRange(port: number, field: string): FieldError[] {
  return port >= 1 && port <= 65535 ? [] : [invalid(field, port, 'must be between 1 and 65535, inclusive')];
}

function hostPortConflicts(containers: readonly Container[], path: string): FieldError[] {
  const seen = new Set<string>();
  return containers.flatMap((container, row) =>
    (container.ports ?? []).flatMap(({ hostPort, protocol = 'TCP', hostIP = '' }, port) => {
      if (hostPort === undefined || hostPort === 0) return [];
      const text = `${protocol}/${hostIP}/${hostPort}`;
      const again = seen.has(text);
      seen.add(text);
      return again ? [duplicate(child(index(child(index(path, row), 'ports'), port), 'hostPort'), text)] : [];
    }),
  );
}

function validateMounts(mounts: readonly VolumeMount[], path: string, volumes: ReadonlySet<string>): FieldError[] {
  const paths = new Set<string>();
  return mounts.flatMap((mount, row) => {
    const at = index(path, row);
    const { name = '', mountPath = '', subPath = '', subPathExpr = '' } = mount;
    const again = paths.has(mountPath);
    paths.add(mountPath);
    return [
      ...(name === '' ? [required(child(at, 'name'))] : volumes.has(name) ? [] : [notFound(child(at, 'name'), name)]),
      ...(mountPath === '' ? [required(child(at, 'mountPath'))] : again ? [invalid(child(at, 'mountPath'), mountPath, 'must be unique')] : []),
      ...(subPath !== '' && subPathExpr !== '' ? [invalid(child(at, 'subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive')] : []),
      ...validateSubPath(subPath, child(at, 'subPath')),
      ...validateSubPath(subPathExpr, child(at, 'subPathExpr')),
    ];
  });
}

export function validateSubPath(path: string, field: string): FieldError[] {
  if (path === '') return [];
  return [
    ...(path.startsWith('/') ? [invalid(field, path, 'must be a relative path')] : []),
    ...(path.split('/').includes('..') ? [invalid(field, path, "must not contain '..'")] : []),
  ];
}

function validateResources({ limits = {}, requests = {} }: ResourceRequirements, path: string): FieldError[] {
  const check = (values: Record<string, string>, field: string): FieldError[] =>
    Object.entries(values).flatMap(([name, quantity]) => ((parseQuantity(quantity) ?? 0n) < 0n ? [invalid(key(child(path, field), name), quantity, 'must be greater than or equal to 0')] : []));
  return [
    ...check(limits, 'limits'),
    ...check(requests, 'requests'),
    ...Object.entries(requests).flatMap(([name, request]) => {
      const limit = limits[name];
      if (limit === undefined || compareQuantities(request, limit) <= 0) return [];
      return [invalid(child(path, 'requests'), request, `must be less than or equal to ${name} limit of ${limit}`)];
    }),
  ];
}

function validateSecurity(context: SecurityContext | undefined, path: string): FieldError[] {
  if (context === undefined) return [];
  const ids = (['runAsUser', 'runAsGroup'] as const).flatMap((name) => {
    const id = context[name];
    return id !== undefined && (id < 0 || id > 2 ** 31 - 1) ? [invalid(child(path, name), id, `must be between 0 and ${2 ** 31 - 1}, inclusive`)] : [];
  });
  if (context.allowPrivilegeEscalation !== false) return ids;
  return [
    ...ids,
    ...(context.privileged === true ? [invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true')] : []),
    ...((context.capabilities?.add ?? []).includes('CAP_SYS_ADMIN') ? [invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN')] : []),
  ];
}
