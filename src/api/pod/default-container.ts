// pure: upstream's defaults of a container: pull policy, termination message, ports, probes, env sources.
import type { Container, ContainerPort, EnvVar, Lifecycle, LifecycleHandler, Probe } from '../generated/types.ts';
import { defaultFieldRef, defaultResourceFieldRef } from './default-volume.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

export function defaultContainer(container: Container, { hostNetwork }: { readonly hostNetwork: boolean }): Container {
  const { ports, env, lifecycle } = container;
  const probes = PROBES.flatMap((name) => (container[name] === undefined ? [] : [[name, defaultProbe(container[name])]]));
  return {
    ...container,
    ...(ports === undefined ? {} : { ports: ports.map((port) => defaultPort(port, hostNetwork)) }),
    ...(env === undefined ? {} : { env: env.map(defaultVariable) }),
    ...Object.fromEntries(probes),
    ...(lifecycle === undefined ? {} : { lifecycle: defaultLifecycle(lifecycle) }),
    resources: container.resources ?? {},
    terminationMessagePath: container.terminationMessagePath || '/dev/termination-log',
    terminationMessagePolicy: container.terminationMessagePolicy || 'File',
    imagePullPolicy: container.imagePullPolicy || defaultPullPolicy(container.image ?? ''),
  };
}

/** Always for the tag "latest", said or implied. */
export function defaultPullPolicy(image: string): string {
  const [reference = '', digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(reference)?.[1];
  const isLatest = tag === 'latest' || (tag === undefined && digest === undefined);
  return isLatest ? 'Always' : 'IfNotPresent';
}

/** On the host's network a container's port is the host's. */
function defaultPort(port: ContainerPort, hostNetwork: boolean): ContainerPort {
  return { ...port, ...(hostNetwork && !port.hostPort ? { hostPort: port.containerPort } : {}), protocol: port.protocol || 'TCP' };
}

function defaultVariable(variable: EnvVar): EnvVar {
  const { fieldRef, resourceFieldRef } = variable.valueFrom ?? {};
  if (fieldRef === undefined && resourceFieldRef === undefined) return variable;
  return {
    ...variable,
    valueFrom: {
      ...variable.valueFrom,
      ...(fieldRef === undefined ? {} : { fieldRef: defaultFieldRef(fieldRef) }),
      ...(resourceFieldRef === undefined ? {} : { resourceFieldRef: defaultResourceFieldRef(resourceFieldRef) }),
    },
  };
}

function defaultProbe(probe: Probe): Probe {
  return {
    ...probe,
    ...withHttpDefaults(probe),
    ...(probe.grpc === undefined ? {} : { grpc: { ...probe.grpc, service: probe.grpc.service ?? '' } }),
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
  };
}

function defaultLifecycle(lifecycle: Lifecycle): Lifecycle {
  const { postStart, preStop } = lifecycle;
  const handler = (one: LifecycleHandler): LifecycleHandler => ({ ...one, ...withHttpDefaults(one) });
  return { ...lifecycle, ...(postStart === undefined ? {} : { postStart: handler(postStart) }), ...(preStop === undefined ? {} : { preStop: handler(preStop) }) };
}

function withHttpDefaults({ httpGet }: Pick<Probe, 'httpGet'>): Pick<Probe, 'httpGet'> {
  return httpGet === undefined ? {} : { httpGet: { ...httpGet, path: httpGet.path || '/', scheme: httpGet.scheme || 'HTTP' } };
}
