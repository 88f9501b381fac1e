// pure: containers in a description, of a Pod with their states or of a template without.
import type { Container, ContainerState, ContainerStatus, EnvVar, Probe, ResourceRequirements } from '../../api/generated/types.ts';
import { boolText, indent, timeText } from './describe-text.ts';

export interface ContainerSection {
  readonly title: string;
  readonly containers: readonly Container[];
  readonly statuses?: readonly ContainerStatus[];
  /** Values of fieldRef and resourceFieldRef, where they can be known. */
  readonly resolve?: (variable: EnvVar) => string;
  /** Inside a pod template everything stands two spaces, names three. */
  readonly inTemplate: boolean;
}

export function containerLines({ title, containers, statuses, resolve, inTemplate }: ContainerSection): string[] {
  const space = inTemplate ? '  ' : '';
  return [
    `${space}${title}:${containers.length === 0 ? ' <none>' : ''}`,
    ...containers.flatMap((container) => {
      const status = statuses?.find(({ name }) => name === container.name);
      return [
        `  ${inTemplate ? ' ' : ''}${container.name}:`,
        ...indent(
          [
            ...basicLines(container, status),
            ...wordLines('Command', container.command),
            ...wordLines('Args', container.args),
            ...(status === undefined ? [] : stateLines(status)),
            ...resourceLines(container.resources),
            ...probeLines('Liveness', container.livenessProbe),
            ...probeLines('Readiness', container.readinessProbe),
            ...probeLines('Startup', container.startupProbe),
            ...envFromLines(container),
            ...envLines(container, resolve ?? (() => '')),
            ...mountLines(container),
          ],
          2,
        ),
      ];
    }),
  ];
}

function basicLines(container: Container, status: ContainerStatus | undefined): string[] {
  const ports = (container.ports ?? []).map((port) => `${port.containerPort}/${port.protocol}${port.name === undefined ? '' : ` (${port.name})`}`);
  const hostPorts = (container.ports ?? []).map((port) => `${port.hostPort ?? 0}/${port.protocol}${port.name === undefined ? '' : ` (${port.name})`}`);
  const portLine = (title: string, texts: readonly string[]): string => `${title}${texts.length > 1 ? 's' : ''}:\t${texts.length === 0 ? '<none>' : texts.join(', ')}`;
  return [
    ...(status === undefined ? [] : [`Container ID:\t${status.containerID ?? ''}`]),
    `Image:\t${container.image ?? ''}`,
    ...(status === undefined ? [] : [`Image ID:\t${status.imageID ?? ''}`]),
    portLine('Port', ports),
    portLine('Host Port', hostPorts),
  ];
}

function wordLines(title: string, words: readonly string[] | undefined): string[] {
  if (words === undefined || words.length === 0) return [];
  return [`${title}:`, ...indent(words.flatMap((word) => word.split('\n')))];
}

function stateLines(status: ContainerStatus): string[] {
  return [
    ...oneState('State', status.state ?? {}),
    ...(status.lastState?.terminated === undefined ? [] : oneState('Last State', status.lastState)),
    `Ready:\t${boolText(status.ready)}`,
    `Restart Count:\t${status.restartCount}`,
  ];
}

function oneState(title: string, { running, waiting, terminated }: ContainerState): string[] {
  if (running !== undefined) return [`${title}:\tRunning`, `  Started:\t${timeText(running.startedAt)}`];
  if (terminated !== undefined) {
    return [
      `${title}:\tTerminated`,
      ...((terminated.reason ?? '') === '' ? [] : [`  Reason:\t${terminated.reason}`]),
      ...((terminated.message ?? '') === '' ? [] : [`  Message:\t${terminated.message}`]),
      `  Exit Code:\t${terminated.exitCode}`,
      ...((terminated.signal ?? 0) > 0 ? [`  Signal:\t${terminated.signal}`] : []),
      `  Started:\t${timeText(terminated.startedAt)}`,
      `  Finished:\t${timeText(terminated.finishedAt)}`,
    ];
  }
  return [`${title}:\tWaiting`, ...((waiting?.reason ?? '') === '' ? [] : [`  Reason:\t${waiting?.reason}`])];
}

function resourceLines(resources: ResourceRequirements | undefined): string[] {
  const section = (title: string, values: Readonly<Record<string, string>> | undefined): string[] => {
    const entries = Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0 ? [] : [`${title}:`, ...entries.map(([name, quantity]) => `  ${name}:\t${quantity}`)];
  };
  return [...section('Limits', resources?.limits), ...section('Requests', resources?.requests)];
}

function probeLines(title: string, probe: Probe | undefined): string[] {
  if (probe === undefined) return [];
  const { initialDelaySeconds = 0, timeoutSeconds = 0, periodSeconds = 0, successThreshold = 0, failureThreshold = 0 } = probe;
  const timing = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`;
  return [`${title}:\t${handlerText(probe)} ${timing}`];
}

function handlerText({ exec, httpGet, tcpSocket, grpc }: Probe): string {
  if (exec !== undefined) return `exec [${(exec.command ?? []).join(' ')}]`;
  if (httpGet !== undefined) return `http-get ${(httpGet.scheme ?? 'HTTP').toLowerCase()}://${httpGet.host ?? ''}:${httpGet.port}${httpGet.path ?? ''}`;
  if (tcpSocket !== undefined) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port}`;
  return grpc === undefined ? 'unknown' : `grpc <pod>:${grpc.port} ${grpc.service ?? ''}`;
}

function envFromLines({ envFrom = [] }: Container): string[] {
  if (envFrom.length === 0) return [];
  const rows = envFrom.map(({ prefix = '', configMapRef, secretRef }) => {
    const [from, source] = configMapRef !== undefined ? (['ConfigMap', configMapRef] as const) : (['Secret', secretRef] as const);
    return `  ${source?.name ?? ''}\t${from}${prefix === '' ? '' : ` with prefix '${prefix}'`}\tOptional: ${source?.optional === true}`;
  });
  return ['Environment Variables from:', ...rows];
}

function envLines({ env = [] }: Container, resolve: (variable: EnvVar) => string): string[] {
  if (env.length === 0) return ['Environment:\t<none>'];
  const rows = env.flatMap((variable) => {
    const { name, value = '', valueFrom } = variable;
    if (valueFrom === undefined) return value.split('\n').map((line, at) => `${at === 0 ? `${name}:` : ''}\t${line}`);
    const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
    if (fieldRef !== undefined) return [`${name}:\t${resolve(variable)} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`];
    if (resourceFieldRef !== undefined) return [`${name}:\t${resolve(variable)} (${resourceFieldRef.resource})`];
    if (secretKeyRef !== undefined) return [`${name}:\t<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name}'>\tOptional: ${secretKeyRef.optional === true}`];
    if (configMapKeyRef !== undefined) return [`${name}:\t<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name}'>\tOptional: ${configMapKeyRef.optional === true}`];
    return [];
  });
  return ['Environment:', ...indent(rows)];
}

function mountLines({ volumeMounts = [] }: Container): string[] {
  if (volumeMounts.length === 0) return ['Mounts:\t<none>'];
  const sorted = [...volumeMounts].sort((a, b) => (a.mountPath < b.mountPath ? -1 : 1));
  const rows = sorted.map((mount) => {
    const flags = [mount.readOnly === true ? 'ro' : 'rw', ...((mount.subPath ?? '') === '' ? [] : [`path=${JSON.stringify(mount.subPath)}`])];
    return `  ${mount.mountPath} from ${mount.name} (${flags.join(',')})`;
  });
  return ['Mounts:', ...rows];
}
