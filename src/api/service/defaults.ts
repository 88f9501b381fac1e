// pure: upstream's defaults of Services. Addresses, ports and families are not here: they need the cluster.
import type { Service, ServicePort, ServiceSpec, ServiceStatus } from '../generated/types.ts';
import { isExternallyAccessible, needsClusterIp, specOf } from './service-facts.ts';

const AFFINITY_SECONDS = 10_800;

export function defaultService(service: Service): Service {
  const given = specOf(service);
  const typed: ServiceSpec = { ...given, type: given.type || 'ClusterIP', sessionAffinity: given.sessionAffinity || 'None' };
  const { sessionAffinityConfig: _config, healthCheckNodePort, ...rest } = typed;
  const spec: ServiceSpec = {
    ...rest,
    ...(healthCheckNodePort ? { healthCheckNodePort } : {}),
    ...affinityConfig(typed),
    ...(typed.ports === undefined ? {} : { ports: typed.ports.map(defaultPort) }),
    ...(isExternallyAccessible(typed) && !typed.externalTrafficPolicy ? { externalTrafficPolicy: 'Cluster' } : {}),
    ...(needsClusterIp(typed) && typed.internalTrafficPolicy === undefined ? { internalTrafficPolicy: 'Cluster' } : {}),
    ...(typed.type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: typed.allocateLoadBalancerNodePorts ?? true } : {}),
  };
  return { ...service, spec, ...(service.status === undefined ? {} : { status: defaultStatus(service.status, spec) }) };
}

/** Without affinity there is nothing to configure: a configuration is dropped. */
function affinityConfig({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): Pick<ServiceSpec, 'sessionAffinityConfig'> {
  if (sessionAffinity === 'None') return {};
  if (sessionAffinity !== 'ClientIP' || sessionAffinityConfig?.clientIP?.timeoutSeconds !== undefined) return { sessionAffinityConfig };
  return { sessionAffinityConfig: { clientIP: { timeoutSeconds: AFFINITY_SECONDS } } };
}

function defaultPort(port: ServicePort): ServicePort {
  const { nodePort, targetPort, ...rest } = port;
  const unset = targetPort === undefined || targetPort === 0 || targetPort === '';
  // 0 is the absence of a node port: clients that hold it as a plain number send it.
  return { ...rest, ...(nodePort ? { nodePort } : {}), protocol: port.protocol || 'TCP', targetPort: unset ? port.port : targetPort };
}

function defaultStatus(status: ServiceStatus, { type }: ServiceSpec): ServiceStatus {
  const ingress = status.loadBalancer?.ingress;
  if (type !== 'LoadBalancer' || ingress === undefined) return status;
  const complete = ingress.map((one) => ((one.ip ?? '') === '' || one.ipMode !== undefined ? one : { ...one, ipMode: 'VIP' }));
  return { ...status, loadBalancer: { ...status.loadBalancer, ingress: complete } };
}
