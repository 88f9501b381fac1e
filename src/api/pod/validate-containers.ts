// pure: what containers and init containers must be.
import { checkLabel, checkPortName, checkPortNumber } from '../dns-name.ts';
import { child, duplicate, forbidden, index, invalid, notSupported, required, tooMany, type FieldError } from '../field-errors.ts';
import { eachItem, oneOf, optionalOneOf, requiredName, unique } from '../field-rules.ts';
import type { Container, ContainerPort, PodSpec, Volume } from '../generated/types.ts';
import { validateEnv } from './validate-env.ts';
import { validateMounts } from './validate-mounts.ts';
import { validateProbes } from './validate-probes.ts';
import { validateResizePolicy, validateResources } from './validate-resources.ts';
import { validateContainerSecurity } from './validate-security.ts';
import { validateStopSignal } from './validate-stop-signal.ts';

export function validateContainers(spec: PodSpec, path: string): FieldError[] {
  const { containers = [], initContainers = [] } = spec;
  const [appsPath, initsPath] = [child(path, 'containers'), child(path, 'initContainers')];
  const names = [...containers, ...initContainers].map(({ name }) => name);
  const nameField = (row: number): string => child(row < containers.length ? index(appsPath, row) : index(initsPath, row - containers.length), 'name');
  const grace = { graceSeconds: spec.terminationGracePeriodSeconds };
  return [
    ...(containers.length === 0 ? [required(appsPath)] : []),
    ...eachItem(containers, appsPath, (container, at) => [...validateContainer(spec, container, at), ...validateProbes(container, at, grace), ...validateRestart(container, at)]),
    ...hostPortConflicts(containers, appsPath),
    ...eachItem(initContainers, initsPath, (container, at) => [
      ...validateContainer(spec, container, at),
      ...validateRestart(container, at),
      ...hostPortConflicts([container], initsPath),
      ...(container.restartPolicy === 'Always' ? validateProbes(container, at, grace) : withoutProbes(container, at)),
    ]),
    ...unique(names, nameField),
  ];
}

export function validateContainer(spec: PodSpec, container: Container, path: string): FieldError[] {
  const volumes = new Map((spec.volumes ?? []).map((volume): [string, Volume] => [volume.name, volume]));
  return [
    ...requiredName(container.name, checkLabel, child(path, 'name')),
    ...requiredName(container.image, () => [], child(path, 'image')),
    ...oneOf(container.terminationMessagePolicy, ['File', 'FallbackToLogsOnError'], child(path, 'terminationMessagePolicy')),
    ...validatePorts(container.ports ?? [], child(path, 'ports')),
    ...validateEnv(container, path),
    ...validateMounts(container, path, volumes),
    ...oneOf(container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never'], child(path, 'imagePullPolicy')),
    ...validateResources(container.resources ?? {}, child(path, 'resources')),
    ...validateResizePolicy(container.resizePolicy, child(path, 'resizePolicy'), spec.restartPolicy),
    ...validateStopSignal(container.lifecycle?.stopSignal, child(child(path, 'lifecycle'), 'stopSignal'), spec),
    ...validateContainerSecurity(container.securityContext, child(path, 'securityContext')),
  ];
}

const PROBES = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** Only a sidecar, an init container with restartPolicy Always, may be probed. */
function withoutProbes(container: Container, path: string): FieldError[] {
  return PROBES.filter((name) => container[name] !== undefined).map((name) => forbidden(child(path, name), 'may not be set for init containers without restartPolicy=Always'));
}

const MAX_RESTART_RULES = 20;
const MAX_EXIT_CODES = 255;

/** A container may have a restart policy of its own, and rules by exit code beside it. */
function validateRestart({ restartPolicy, restartPolicyRules: rules = [] }: Container, path: string): FieldError[] {
  const [policyPath, rulesPath] = [child(path, 'restartPolicy'), child(path, 'restartPolicyRules')];
  return [
    ...optionalOneOf(restartPolicy, ['Always', 'Never', 'OnFailure'], policyPath),
    ...(restartPolicy === undefined && rules.length > 0 ? [required(policyPath, 'must specify restartPolicy when restart rules are used')] : []),
    ...(rules.length > MAX_RESTART_RULES ? [tooMany(rulesPath, rules.length, MAX_RESTART_RULES)] : []),
    ...eachItem(rules, rulesPath, ({ action = '', exitCodes }, at) => {
      const codes = child(at, 'exitCodes');
      const { operator = '', values = [] } = exitCodes ?? {};
      return [
        ...(action === 'Restart' ? [] : [notSupported(child(at, 'action'), action, ['Restart'])]),
        ...(exitCodes === undefined ? [required(codes, 'must be specified')] : optionalOneOf(operator, ['In', 'NotIn'], child(codes, 'operator'))),
        ...(values.length > MAX_EXIT_CODES ? [tooMany(child(codes, 'values'), values.length, MAX_EXIT_CODES)] : []),
      ];
    }),
  ];
}

function validatePorts(ports: readonly ContainerPort[], path: string): FieldError[] {
  const names = new Set<string>();
  return eachItem(ports, path, ({ name = '', containerPort = 0, hostPort = 0, protocol }, at) => [
    ...validatePortName(name, child(at, 'name'), names),
    ...(containerPort === 0 ? [required(child(at, 'containerPort'))] : portNumber(containerPort, child(at, 'containerPort'))),
    ...(hostPort === 0 ? [] : portNumber(hostPort, child(at, 'hostPort'))),
    ...oneOf(protocol, ['SCTP', 'TCP', 'UDP'], child(at, 'protocol')),
  ]);
}

function validatePortName(name: string, field: string, seen: Set<string>): FieldError[] {
  if (name === '') return [];
  const problems = checkPortName(name);
  if (problems.length > 0) return problems.map((problem) => invalid(field, name, problem));
  const again = seen.has(name);
  seen.add(name);
  return again ? [duplicate(field, name)] : [];
}

function portNumber(port: number, field: string): FieldError[] {
  return checkPortNumber(port).map((problem) => invalid(field, port, problem));
}

/** App containers run side by side, so they must not want one port of the host twice. */
function hostPortConflicts(containers: readonly Container[], path: string): FieldError[] {
  const seen = new Set<string>();
  return eachItem(containers, path, (container, at) =>
    eachItem(container.ports, child(at, 'ports'), ({ hostPort = 0, protocol = 'TCP', hostIP = '' }, field) => {
      if (hostPort === 0) return [];
      const text = `${protocol}/${hostIP}/${hostPort}`;
      const again = seen.has(text);
      seen.add(text);
      return again ? [duplicate(child(field, 'hostPort'), text)] : [];
    }),
  );
}
