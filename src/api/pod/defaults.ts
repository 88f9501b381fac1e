// pure: upstream's defaults of Pods and pod templates; every function returns a new object.
import type { Container, ContainerPort, Pod, PodSpec, PodTemplateSpec, Probe, Volume } from '../generated/types.ts';

export function defaultPod(pod: Pod): Pod {
  return pod.spec === undefined ? pod : { ...pod, spec: withRequests(defaultPodSpec(pod.spec)) };
}

export function defaultPodTemplate(template: PodTemplateSpec): PodTemplateSpec {
  return template.spec === undefined ? template : { ...template, spec: defaultPodSpec(template.spec) };
}

export function defaultPodSpec(spec: PodSpec): PodSpec {
  const container = (one: Container): Container => defaultContainer(one, spec.hostNetwork === true);
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  return {
    ...spec,
    ...(spec.volumes === undefined ? {} : { volumes: spec.volumes.map(defaultVolume) }),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(container) }),
    // An object without containers is refused by validation, not by a crash here.
    containers: (spec.containers ?? []).map(container),
    restartPolicy: spec.restartPolicy ?? 'Always',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: spec.dnsPolicy ?? 'ClusterFirst',
    ...(account === undefined || account === '' ? {} : { serviceAccountName: account, serviceAccount: account }),
    securityContext: spec.securityContext ?? {},
    schedulerName: spec.schedulerName ?? 'default-scheduler',
  };
}

/** What admission adds to Pods, but never to templates. */
export function admitPodSpec(spec: PodSpec): PodSpec {
  const account = spec.serviceAccountName ?? 'default';
  const tolerated = new Set((spec.tolerations ?? []).map(({ key }) => key));
  const added = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter((key) => !tolerated.has(key))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  return {
    ...spec,
    serviceAccountName: account,
    serviceAccount: account,
    enableServiceLinks: spec.enableServiceLinks ?? true,
    priority: spec.priority ?? 0,
    preemptionPolicy: spec.preemptionPolicy ?? 'PreemptLowerPriority',
    tolerations: [...(spec.tolerations ?? []), ...added],
  };
}

function defaultContainer(container: Container, hostNetwork: boolean): Container {
  const probes = Object.fromEntries(
    (['livenessProbe', 'readinessProbe', 'startupProbe'] as const).flatMap((name) => (container[name] === undefined ? [] : [[name, defaultProbe(container[name])]])),
  );
  return {
    ...container,
    ...(container.ports === undefined ? {} : { ports: container.ports.map((port) => defaultPort(port, hostNetwork)) }),
    ...(container.env === undefined
      ? {}
      : { env: container.env.map((variable) => (variable.valueFrom?.fieldRef === undefined ? variable : { ...variable, valueFrom: { ...variable.valueFrom, fieldRef: { apiVersion: 'v1', ...variable.valueFrom.fieldRef } } })) }),
    ...probes,
    resources: container.resources ?? {},
    terminationMessagePath: container.terminationMessagePath ?? '/dev/termination-log',
    terminationMessagePolicy: container.terminationMessagePolicy ?? 'File',
    imagePullPolicy: container.imagePullPolicy ?? defaultPullPolicy(container.image ?? ''),
  };
}

/** Always for the tag "latest", said or implied; a digest is never "latest". */
function defaultPullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const name = image.slice(image.lastIndexOf('/') + 1);
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultPort(port: ContainerPort, hostNetwork: boolean): ContainerPort {
  return { ...port, ...(hostNetwork && port.hostPort === undefined ? { hostPort: port.containerPort } : {}), protocol: port.protocol ?? 'TCP' };
}

function defaultProbe(probe: Probe): Probe {
  return {
    ...probe,
    ...(probe.httpGet === undefined ? {} : { httpGet: { ...probe.httpGet, path: probe.httpGet.path ?? '/', scheme: probe.httpGet.scheme ?? 'HTTP' } }),
    ...(probe.grpc === undefined ? {} : { grpc: { ...probe.grpc, service: probe.grpc.service ?? '' } }),
    timeoutSeconds: probe.timeoutSeconds ?? 1,
    periodSeconds: probe.periodSeconds ?? 10,
    successThreshold: probe.successThreshold ?? 1,
    failureThreshold: probe.failureThreshold ?? 3,
  };
}

const DEFAULT_MODE = 0o644;

function defaultVolume(volume: Volume): Volume {
  const sources = Object.keys(volume).filter((name) => name !== 'name');
  if (sources.length === 0) return { ...volume, emptyDir: {} };
  const { configMap, secret, downwardAPI, projected, hostPath } = volume;
  return {
    ...volume,
    ...(configMap === undefined ? {} : { configMap: { ...configMap, defaultMode: configMap.defaultMode ?? DEFAULT_MODE } }),
    ...(secret === undefined ? {} : { secret: { ...secret, defaultMode: secret.defaultMode ?? DEFAULT_MODE } }),
    ...(downwardAPI === undefined ? {} : { downwardAPI: { ...downwardAPI, defaultMode: downwardAPI.defaultMode ?? DEFAULT_MODE } }),
    ...(projected === undefined ? {} : { projected: { ...projected, defaultMode: projected.defaultMode ?? DEFAULT_MODE } }),
    ...(hostPath === undefined ? {} : { hostPath: { ...hostPath, type: hostPath.type ?? '' } }),
  };
}

/** Requests default to limits, on Pods only: a template keeps what was written. */
function withRequests(spec: PodSpec): PodSpec {
  const fill = (container: Container): Container => {
    const limits = container.resources?.limits;
    if (limits === undefined) return container;
    return { ...container, resources: { ...container.resources, requests: { ...limits, ...container.resources?.requests } } };
  };
  return { ...spec, containers: spec.containers.map(fill), ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(fill) }) };
}
