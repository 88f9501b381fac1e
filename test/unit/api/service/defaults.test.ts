// What a Service means where it says nothing, and what an update keeps of it.
import { describe, expect, test } from '@jest/globals';
import type { Service, ServiceSpec } from '../../../../src/api/generated/types.ts';
import { carryOver } from '../../../../src/api/service/carry-over.ts';
import { defaultService } from '../../../../src/api/service/defaults.ts';
import { withIpFamilies } from '../../../../src/api/service/ip-families.ts';
import { errorTexts } from '../../../support/error-texts.ts';

const of = (spec: ServiceSpec): Service => ({ metadata: { name: 'web' }, spec });
const ports = [{ port: 80, protocol: 'TCP', targetPort: 80 }];

describe('a Service without further words', () => {
  const rows: readonly (readonly [title: string, given: ServiceSpec, meant: ServiceSpec])[] = [
    ['is of the cluster', {}, { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' }],
    ['has targets like its ports', { ports: [{ port: 80 }, { port: 81, targetPort: 0 }, { port: 82, targetPort: 'web' }] }, { ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }, { port: 81, protocol: 'TCP', targetPort: 81 }, { port: 82, protocol: 'TCP', targetPort: 'web' }] }],
    ['on the node lets all nodes forward', { type: 'NodePort', ports }, { externalTrafficPolicy: 'Cluster', internalTrafficPolicy: 'Cluster' }],
    ['with addresses outside lets all nodes forward', { externalIPs: ['192.0.2.1'] }, { externalTrafficPolicy: 'Cluster' }],
    ['behind a balancer has node ports', { type: 'LoadBalancer' }, { allocateLoadBalancerNodePorts: true }],
    ['behind a balancer without node ports has none', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }, { allocateLoadBalancerNodePorts: false }],
    ['that sticks does so for three hours', { sessionAffinity: 'ClientIP' }, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }],
    ['that sticks for a time of its own does that', { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } }, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } }],
  ];

  test.each(rows.map(([title, given, meant]) => ({ title, given, meant })))('$title', ({ given, meant }) => {
    expect(defaultService(of(given)).spec).toMatchObject(meant);
  });

  test.each<[what: string, given: ServiceSpec, absent: keyof ServiceSpec]>([
    ['no internal policy for a name', { type: 'ExternalName', externalName: 'a.example' }, 'internalTrafficPolicy'],
    ['no way in from outside', {}, 'externalTrafficPolicy'],
    ['no time to stick without sticking', { sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } }, 'sessionAffinityConfig'],
    ['no port for health checks that is 0', { healthCheckNodePort: 0 }, 'healthCheckNodePort'],
  ])('has %s', (_what, given, absent) => {
    expect(defaultService(of(given)).spec).not.toHaveProperty(absent);
  });

  test('means the same when it is said again', () => {
    for (const [, given] of rows) expect(defaultService(defaultService(of(given)))).toEqual(defaultService(of(given)));
  });
});

describe('an update', () => {
  const address: ServiceSpec = { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] };
  const rows: readonly (readonly [title: string, old: ServiceSpec, next: ServiceSpec, kept: ServiceSpec])[] = [
    ['that says nothing of the address keeps it', { type: 'ClusterIP', ...address }, { type: 'ClusterIP' }, { type: 'ClusterIP', ...address }],
    ['that names the address alone means the list, too', { type: 'ClusterIP', ...address }, { type: 'ClusterIP', clusterIP: '10.96.0.9' }, { type: 'ClusterIP', ...address }],
    ['that changes the address alone changes the list', { type: 'ClusterIP', ...address }, { type: 'ClusterIP', clusterIP: '10.96.0.8', clusterIPs: ['10.96.0.9'] }, { type: 'ClusterIP', clusterIP: '10.96.0.8', clusterIPs: ['10.96.0.8'] }],
    ['that clears the address keeps it', { type: 'ClusterIP', ...address }, { type: 'ClusterIP', clusterIP: '', clusterIPs: ['10.96.0.9'] }, { type: 'ClusterIP', ...address }],
    ['to a name drops what only addresses have', { type: 'ClusterIP', ...address, ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster' }, { type: 'ExternalName', ...address, ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster' }, { type: 'ExternalName' }],
    ['to a name that also changes the address keeps the change, for validation to refuse', { type: 'ClusterIP', ...address }, { type: 'ExternalName', clusterIP: '10.96.0.8', clusterIPs: ['10.96.0.8'] }, { type: 'ExternalName', clusterIP: '10.96.0.8', clusterIPs: ['10.96.0.8'] }],
    ['finds node ports by the names of ports', { type: 'NodePort', ports: [{ name: 'a', port: 1, nodePort: 30_001 }] }, { type: 'NodePort', ports: [{ name: 'b', port: 1 }, { name: 'a', port: 2 }] }, { type: 'NodePort', ports: [{ name: 'b', port: 1 }, { name: 'a', port: 2, nodePort: 30_001 }] }],
    ['does not give a node port twice', { type: 'NodePort', ports: [{ name: 'a', port: 1, nodePort: 30_001 }] }, { type: 'NodePort', ports: [{ name: 'b', port: 2, nodePort: 30_001 }, { name: 'a', port: 1 }] }, { type: 'NodePort', ports: [{ name: 'b', port: 2, nodePort: 30_001 }, { name: 'a', port: 1 }] }],
    ['off the node drops node ports', { type: 'NodePort', ports: [{ port: 1, nodePort: 30_001 }], externalTrafficPolicy: 'Cluster' }, { type: 'ClusterIP', ports: [{ port: 1, nodePort: 30_001 }], externalTrafficPolicy: 'Cluster' }, { type: 'ClusterIP', ports: [{ port: 1 }] }],
    ['off the node keeps a node port that is new, for validation to refuse', { type: 'NodePort', ports: [{ port: 1, nodePort: 30_001 }] }, { type: 'ClusterIP', ports: [{ port: 1, nodePort: 30_002 }] }, { type: 'ClusterIP', ports: [{ port: 1, nodePort: 30_002 }] }],
    ['off the node keeps the policy where there are addresses outside', { type: 'NodePort', externalTrafficPolicy: 'Local', externalIPs: ['192.0.2.1'] }, { type: 'ClusterIP', externalTrafficPolicy: 'Local', externalIPs: ['192.0.2.1'] }, { type: 'ClusterIP', externalTrafficPolicy: 'Local', externalIPs: ['192.0.2.1'] }],
    ['keeps the port for health checks', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_010 }, { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }, { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_010 }],
    ['that needs no health checks drops their port', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_010 }, { type: 'LoadBalancer', externalTrafficPolicy: 'Cluster', healthCheckNodePort: 30_010 }, { type: 'LoadBalancer', externalTrafficPolicy: 'Cluster' }],
    ['away from a balancer drops what only balancers have', { type: 'LoadBalancer', loadBalancerClass: 'a/b', allocateLoadBalancerNodePorts: true }, { type: 'NodePort', loadBalancerClass: 'a/b', allocateLoadBalancerNodePorts: true, ports: [] }, { type: 'NodePort', ports: [] }],
  ];

  test.each(rows.map(([title, old, next, kept]) => ({ title, old, next, kept })))('$title', ({ old, next, kept }) => {
    expect(carryOver(of(next), of(old)).spec).toEqual(kept);
  });
});

describe('the families of a Service', () => {
  const headless: ServiceSpec = { type: 'ClusterIP', clusterIP: 'None', clusterIPs: ['None'] };
  const selecting = { ...headless, selector: { app: 'x' } };
  const rows: readonly (readonly [title: string, spec: ServiceSpec, families: ServiceSpec, old?: ServiceSpec])[] = [
    ['are the cluster\'s', { type: 'ClusterIP' }, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }],
    ['are none for a name', { type: 'ExternalName' }, {}],
    ['follow its address', { type: 'ClusterIP', clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] }, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }],
    ['are one where it would like two', { type: 'ClusterIP', ipFamilyPolicy: 'PreferDualStack' }, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'PreferDualStack' }],
    ['are one for a headless one that selects', selecting, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }],
    ['are both for a headless one that does not', headless, { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' }],
    ['are both for a headless one of the other', { ...headless, ipFamilies: ['IPv6'] }, { ipFamilies: ['IPv6', 'IPv4'], ipFamilyPolicy: 'RequireDualStack' }],
    ['are one for a headless one that says so', { ...headless, ipFamilyPolicy: 'SingleStack' }, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }],
    ['stay as they were', { ...headless, ipFamilies: ['IPv4', 'IPv6'] }, { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' }, { ...headless, ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] }],
    ['are one when it wants one no more than before', { ...headless, ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4', 'IPv6'] }, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }, { ...headless, ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] }],
  ];

  test.each(rows.map(([title, spec, families, old]) => ({ title, spec, families, old })))('$title', ({ spec, families, old }) => {
    const { spec: meant, errors } = withIpFamilies(spec, old);
    expect(errors).toEqual([]);
    expect({ ...(meant.ipFamilies === undefined ? {} : { ipFamilies: meant.ipFamilies, ipFamilyPolicy: meant.ipFamilyPolicy }) }).toEqual(families);
  });

  const refused: readonly (readonly [title: string, spec: ServiceSpec, errors: readonly string[], old?: ServiceSpec])[] = [
    ['two that must be', { type: 'ClusterIP', ipFamilyPolicy: 'RequireDualStack' }, ['spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services']],
    ['the other', { type: 'ClusterIP', ipFamilies: ['IPv6'] }, ['spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster']],
    ['an address of the other', { type: 'ClusterIP', clusterIP: 'fd00::1', clusterIPs: ['fd00::1'] }, ['spec.clusterIPs[0]: Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster']],
    ['two where one is said', { type: 'ClusterIP', ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4', 'IPv6'] }, ["spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"]],
    ['one less without saying so', { ...headless, ipFamilies: ['IPv4'] }, ["spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be 'SingleStack' to release the secondary IP family"], { ...headless, ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] }],
  ];

  test.each(refused.map(([title, spec, errors, old]) => ({ title, spec, errors, old })))('cannot be $title', ({ spec, errors, old }) => {
    expect(errorTexts(withIpFamilies(spec, old).errors)).toEqual(errors);
  });
});
