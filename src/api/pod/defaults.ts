// pure: upstream's defaults of Pods and pod templates; every function returns a new object. An empty text is an absent one.
import type { Container, Pod, PodSpec, PodTemplateSpec, Toleration } from '../generated/types.ts';
import { defaultContainer } from './default-container.ts';
import { defaultVolume } from './default-volume.ts';

/** A missing spec is an empty one: validation says what it lacks. */
export function defaultPod(pod: Pod): Pod {
  return { ...pod, spec: withRequests(defaultPodSpec(pod.spec ?? { containers: [] })) };
}

export function defaultPodTemplate(template: PodTemplateSpec): PodTemplateSpec {
  return { ...template, spec: defaultPodSpec(template.spec ?? { containers: [] }) };
}

export function defaultPodSpec(spec: PodSpec): PodSpec {
  const container = (one: Container): Container => defaultContainer(one, { hostNetwork: spec.hostNetwork === true });
  const account = spec.serviceAccountName || spec.serviceAccount;
  return {
    ...spec,
    ...(spec.volumes === undefined ? {} : { volumes: spec.volumes.map(defaultVolume) }),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(container) }),
    ...(spec.ephemeralContainers === undefined ? {} : { ephemeralContainers: spec.ephemeralContainers.map(container) }),
    containers: (spec.containers ?? []).map(container),
    restartPolicy: spec.restartPolicy || 'Always',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: spec.dnsPolicy || 'ClusterFirst',
    ...(account ? { serviceAccountName: account, serviceAccount: account } : {}),
    securityContext: spec.securityContext ?? {},
    schedulerName: spec.schedulerName || 'default-scheduler',
  };
}

/** What admission adds to Pods, but never to templates. */
export function admitPodSpec(spec: PodSpec): PodSpec {
  const account = spec.serviceAccountName || 'default';
  const tolerations = spec.tolerations ?? [];
  const added = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter((taint) => !tolerations.some((toleration) => speaksOf(toleration, taint)))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
  return {
    ...spec,
    serviceAccountName: account,
    serviceAccount: account,
    enableServiceLinks: spec.enableServiceLinks ?? true,
    priority: spec.priority ?? 0,
    preemptionPolicy: spec.preemptionPolicy || 'PreemptLowerPriority',
    tolerations: [...tolerations, ...added],
  };
}

/** A toleration without key or effect speaks of all of them. */
function speaksOf({ key = '', effect = '' }: Toleration, taint: string): boolean {
  return (key === '' || key === taint) && (effect === '' || effect === 'NoExecute');
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
