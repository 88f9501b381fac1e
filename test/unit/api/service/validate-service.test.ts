// What a Service must be, rule by rule, in upstream's words.
import { describe, expect, test } from '@jest/globals';
import type { Service, ServicePort, ServiceSpec } from '../../../../src/api/generated/types.ts';
import { defaultService } from '../../../../src/api/service/defaults.ts';
import { serviceWarnings } from '../../../../src/api/service/service-warnings.ts';
import { validateService, validateServiceStatusUpdate, validateServiceUpdate } from '../../../../src/api/service/validate-service.ts';
import { errorTexts } from '../../../support/error-texts.ts';
import { newService } from '../../../support/services.ts';

const good = (spec: ServiceSpec = {}): Service => defaultService(newService('web', { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'], ...spec }));
const ports = (...list: readonly Partial<ServicePort>[]): ServiceSpec => ({ ports: list.map((port) => ({ port: 80, ...port })) });
const nameless: ServiceSpec = { clusterIP: undefined, clusterIPs: undefined };
const external = (spec: ServiceSpec): ServiceSpec => ({ ...nameless, type: 'ExternalName', externalName: 'example.com', ...spec });
const annotated = (annotations: Record<string, string>): Service['metadata'] => ({ name: 'web', annotations });

type Row = readonly [title: string, spec: ServiceSpec, errors: readonly string[]];

describe('a Service', () => {
  const rows: readonly Row[] = [
    ['of one port', {}, []],
    ['of any type', { type: 'Balancer' }, ['spec.type: Unsupported value: "Balancer": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"']],
    ['without ports', { ports: [] }, ['spec.ports: Required value']],
    ['without ports, headless', { ports: [], clusterIP: 'None', clusterIPs: ['None'] }, []],
    ['whose port is 0', ports({ port: 0 }), ['spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive', 'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive']],
    ['whose port is too high', ports({ port: 65_536, targetPort: 80 }), ['spec.ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive']],
    ['whose two ports have no names', ports({}, { port: 81 }), ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value']],
    ['whose ports have one name', ports({ name: 'a' }, { name: 'a', port: 81 }), ['spec.ports[1].name: Duplicate value: "a"']],
    ['whose port has a bad name', ports({ name: 'Web.A' }), [expect.stringMatching(/^spec\.ports\[0\]\.name: Invalid value: "Web\.A": a lowercase RFC 1123 label/) as unknown as string]],
    ['with one port twice', ports({ name: 'a' }, { name: 'b' }), ['spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}']],
    ['with one number for two protocols', ports({ name: 'a' }, { name: 'b', protocol: 'UDP' }), []],
    ['with SCTP', ports({ protocol: 'SCTP' }), []],
    ['of another protocol', ports({ protocol: 'ICMP' }), ['spec.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"']],
    ['whose target has a name', ports({ targetPort: 'http' }), []],
    ['whose target has a bad name', ports({ targetPort: 'far-too-long-a-name' }), ['spec.ports[0].targetPort: Invalid value: "far-too-long-a-name": must be no more than 15 bytes']],
    ['whose target has a name of digits', ports({ targetPort: '80' }), ['spec.ports[0].targetPort: Invalid value: "80": must contain at least one letter (a-z)']],
    ['of a bad application protocol', ports({ appProtocol: 'a/b/c' }), [expect.stringMatching(/^spec\.ports\[0\]\.appProtocol: Invalid value: "a\/b\/c": a qualified name/) as unknown as string]],
    ['with a node port that its type has not', ports({ nodePort: 30_007 }), ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"]],
    ['with one node port twice', { type: 'NodePort', ...ports({ name: 'a', nodePort: 30_007 }, { name: 'b', port: 81, nodePort: 30_007 }) }, ['spec.ports[1].nodePort: Duplicate value: 30007']],
    ['with a bad selector', { selector: { app: '-' } }, [expect.stringMatching(/^spec\.selector: Invalid value: "-": a valid label/) as unknown as string]],
    ['of another affinity', { sessionAffinity: 'Cookie' }, ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"']],
    ['whose affinity lasts too long', { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_401 } } }, ['spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400']],
    ['whose affinity does not last', { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } }, ['spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400']],

    ['whose address is none', { clusterIP: 'x', clusterIPs: ['x'] }, ['spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    ['whose two fields of addresses disagree', { clusterIP: '10.96.0.8' }, ['spec.clusterIPs: Invalid value: ["10.96.0.9"]: first value must match `clusterIP`']],
    ['with the list of addresses alone', { clusterIP: undefined }, ['spec.clusterIPs: Invalid value: ["10.96.0.9"]: must be empty when `clusterIP` is not specified']],
    ['without the list of addresses', { clusterIPs: undefined }, ['spec.clusterIPs: Required value']],
    ['with None among others', { clusterIP: 'None', clusterIPs: ['None', '10.96.0.9'] }, ["spec.clusterIPs: Invalid value: [\"None\",\"10.96.0.9\"]: 'None' must be the first and only value"]],
    ['with three addresses', { clusterIPs: ['10.96.0.9', 'fd00::1', 'fd00::2'] }, ['spec.clusterIPs: Invalid value: ["10.96.0.9","fd00::1","fd00::2"]: may only hold up to 2 values']],
    ['with two addresses of one family', { clusterIPs: ['10.96.0.9', '10.96.0.10'] }, ['spec.clusterIPs: Invalid value: ["10.96.0.9","10.96.0.10"]: may specify no more than one IP for each IP family']],
    ['whose address is not of its family', { ipFamilies: ['IPv6'] }, ['spec.clusterIPs[0]: Invalid value: "10.96.0.9": expected an IPv6 value as indicated by `ipFamilies[0]`']],
    ['of another family', { ipFamilies: ['IPv5'] }, ['spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"', expect.stringContaining('expected an IPv5 value') as unknown as string]],
    ['of one family twice', { ipFamilies: ['IPv4', 'IPv4'] }, ['spec.ipFamilies[1]: Duplicate value: "IPv4"']],
    ['of another family policy', { ipFamilyPolicy: 'Both' }, ['spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"']],
    ['of node ports, headless', { type: 'NodePort', clusterIP: 'None', clusterIPs: ['None'] }, ["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"]],
    ['of a load balancer, headless', { type: 'LoadBalancer', clusterIP: 'None', clusterIPs: ['None'] }, ["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for LoadBalancer services"]],

    ['of a name', external({ ports: [] }), []],
    ['of a name with the dot at its end', external({ externalName: 'example.com.' }), []],
    ['of no name', external({ externalName: '' }), ['spec.externalName: Required value']],
    ['of a bad name', external({ externalName: '-x' }), [expect.stringMatching(/^spec\.externalName: Invalid value: "-x": a lowercase RFC 1123 subdomain/) as unknown as string]],
    ['of a name and an address', external({ clusterIPs: ['10.96.0.9'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }), ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].map((field) => `spec.${field}: Forbidden: may not be set for ExternalName services`)],

    ['with an address outside', { externalIPs: ['192.0.2.7', '2001:db8::7'] }, []],
    ['with no address outside', { externalIPs: ['here'] }, ['spec.externalIPs[0]: Invalid value: "here": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    ['with special addresses', { externalIPs: ['0.0.0.0', '127.0.0.1', '169.254.1.1', '224.0.0.1'] }, [
      'spec.externalIPs[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
      'spec.externalIPs[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'spec.externalIPs[2]: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
      'spec.externalIPs[3]: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
    ]],

    ['of a load balancer', { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8', ' 2001:db8::/64'], loadBalancerClass: 'example.com/lb' }, []],
    ['of a load balancer, on the port of the kubelet', { type: 'LoadBalancer', ...ports({ port: 10_250 }) }, ['spec.ports[0]: Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet']],
    ['of a load balancer, with a bad range', { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/33'] }, ['spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
    ['of a load balancer, with a bad class', { type: 'LoadBalancer', loadBalancerClass: '' }, [expect.stringContaining('spec.loadBalancerClass: Invalid value: "": name part must be non-empty') as unknown as string, expect.stringContaining('spec.loadBalancerClass') as unknown as string]],
    ['with the fields of a load balancer', { loadBalancerSourceRanges: ['10.0.0.0/8'], allocateLoadBalancerNodePorts: true, loadBalancerClass: 'example.com/lb' }, ['LoadBalancerSourceRanges', 'allocateLoadBalancerNodePorts', 'loadBalancerClass'].map((field) => `spec.${field}: Forbidden: may only be used when \`type\` is 'LoadBalancer'`)],

    ['of a bad internal traffic policy', { internalTrafficPolicy: 'Node' }, ['spec.internalTrafficPolicy: Unsupported value: "Node": supported values: "Cluster", "Local"']],
    ['of a bad external traffic policy', { type: 'NodePort', externalTrafficPolicy: 'Node' }, ['spec.externalTrafficPolicy: Unsupported value: "Node": supported values: "Cluster", "Local"']],
    ['of an external traffic policy without a way in', { externalTrafficPolicy: 'Local' }, ['spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services']],
    ['of an external traffic policy with addresses outside', { externalTrafficPolicy: 'Local', externalIPs: ['192.0.2.7'] }, []],
    ['with a port for health checks that nobody makes', { type: 'NodePort', healthCheckNodePort: 30_010 }, ["spec.healthCheckNodePort: Invalid value: 30010: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"]],
    ['with a port for health checks', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_010 }, []],
    ['of a traffic distribution', { trafficDistribution: 'PreferSameNode' }, []],
    ['of another traffic distribution', { trafficDistribution: 'Far' }, ['spec.trafficDistribution: Unsupported value: "Far": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"']],
  ];

  test.each(rows.map(([title, spec, errors]) => ({ title, spec, errors })))('$title', ({ spec, errors }) => {
    expect(errorTexts(validateService(good(spec)))).toEqual(errors);
  });

  test.each([
    ['web-1', true],
    ['1-web', false],
    ['web.a', false],
    ['w'.repeat(64), false],
  ])('may be called %s: %s', (name, isGood) => {
    expect(validateService({ ...good(), metadata: { name } }).length === 0).toBe(isGood);
  });

  test('has its ranges in the annotation of old, too', () => {
    const ranges = 'service.beta.kubernetes.io/load-balancer-source-ranges';
    const of = (text: string, type = 'LoadBalancer') => errorTexts(validateService({ ...good({ type }), metadata: annotated({ [ranges]: text }) }));
    expect(of('10.0.0.0/8, 192.0.2.0/24')).toEqual([]);
    expect(of('10.0.0.0')).toEqual([`metadata.annotations[${ranges}]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`]);
    expect(of('10.0.0.0/8', 'NodePort')).toEqual([`metadata.annotations[${ranges}]: Forbidden: may only be used when \`type\` is 'LoadBalancer'`]);
  });

  test('says one thing of topology', () => {
    const metadata = annotated({ 'service.kubernetes.io/topology-mode': 'Auto', 'service.kubernetes.io/topology-aware-hints': 'Disabled' });
    expect(errorTexts(validateService({ ...good(), metadata }))).toEqual(['metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: "Auto": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified']);
  });
});

describe('a changed Service', () => {
  const dual: ServiceSpec = { clusterIPs: ['10.96.0.9', 'fd00::1'], ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' };
  const headless: ServiceSpec = { clusterIP: 'None', clusterIPs: ['None'] };
  const rows: readonly (readonly [title: string, old: ServiceSpec, next: ServiceSpec, errors: readonly string[]])[] = [
    ['may have other ports', {}, ports({ port: 8080 }), []],
    ['keeps its address', {}, { clusterIP: '10.96.0.8', clusterIPs: ['10.96.0.8'] }, ['spec.clusterIPs[0]: Invalid value: ["10.96.0.8"]: may not change once set']],
    ['cannot become headless', {}, headless, ['spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set']],
    ['cannot be headless no more', headless, {}, ['spec.clusterIPs[0]: Invalid value: ["10.96.0.9"]: may not change once set']],
    ['cannot be without its address', {}, nameless, ['spec.clusterIPs[0]: Invalid value: []: primary clusterIP can not be unset']],
    ['may lose its address with its type', {}, external({}), []],
    ['keeps its first family', { ipFamilies: ['IPv4'] }, { clusterIP: 'fd00::1', clusterIPs: ['fd00::1'], ipFamilies: ['IPv6'] }, ['spec.clusterIPs[0]: Invalid value: ["fd00::1"]: may not change once set', 'spec.ipFamilies[0]: Invalid value: ["IPv6"]: may not change once set']],
    ['gives up its second address only on purpose', dual, { ...dual, clusterIPs: ['10.96.0.9'], ipFamilies: ['IPv4'] }, ["spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be set to 'SingleStack' when releasing the secondary clusterIP", "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be set to 'SingleStack' when releasing the secondary ipFamily"]],
    ['gives up its second address', dual, { ...dual, clusterIPs: ['10.96.0.9'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }, []],
    ['keeps the class of its load balancer', { type: 'LoadBalancer', loadBalancerClass: 'a/b' }, { type: 'LoadBalancer', loadBalancerClass: 'a/c' }, ['spec.loadBalancerClass: Invalid value: "a/c": may not change once set']],
    ['cannot get a class later', { type: 'LoadBalancer' }, { type: 'LoadBalancer', loadBalancerClass: 'a/c' }, ['spec.loadBalancerClass: Invalid value: "a/c": may not change once set']],
    ['keeps its port for health checks', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_010 }, { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_011 }, ['spec.healthCheckNodePort: Forbidden: field is immutable']],
  ];

  test.each(rows.map(([title, old, next, errors]) => ({ title, old, next, errors })))('$title', ({ old, next, errors }) => {
    expect(errorTexts(validateServiceUpdate(good(next), good(old)))).toEqual(errors);
  });
});

describe('the status of a Service', () => {
  const rows: readonly (readonly [title: string, type: string, ingress: NonNullable<NonNullable<Service['status']>['loadBalancer']>['ingress'], errors: readonly string[]])[] = [
    ['has an address', 'LoadBalancer', [{ ip: '192.0.2.1', ipMode: 'VIP' }], []],
    ['has a name', 'LoadBalancer', [{ hostname: 'web.localhost' }], []],
    ['is of a load balancer alone', 'NodePort', [{ ip: '192.0.2.1', ipMode: 'VIP' }], ["status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'"]],
    ['has a mode with its address only', 'LoadBalancer', [{ hostname: 'a.example', ipMode: 'VIP' }], ['status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set']],
    ['has one of two modes', 'LoadBalancer', [{ ip: '192.0.2.1', ipMode: 'Auto' }], ['status.loadBalancer.ingress[0].ipMode: Unsupported value: "Auto": supported values: "Proxy", "VIP"']],
    ['has an address that is one', 'LoadBalancer', [{ ip: 'x', ipMode: 'VIP' }], ['status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    ['has a name that is no address', 'LoadBalancer', [{ hostname: '192.0.2.1' }], ['status.loadBalancer.ingress[0].hostname: Invalid value: "192.0.2.1": must be a DNS name, not an IP address']],
  ];

  test.each(rows.map(([title, type, ingress, errors]) => ({ title, type, ingress, errors })))('$title', ({ type, ingress, errors }) => {
    expect(errorTexts(validateServiceStatusUpdate({ ...good({ type }), status: { loadBalancer: { ingress } } }))).toEqual(errors);
  });

  test('gets the mode of its addresses from the server', () => {
    const { status } = defaultService({ ...good({ type: 'LoadBalancer' }), status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { hostname: 'a' }] } } });
    expect(status?.loadBalancer?.ingress).toEqual([{ ip: '192.0.2.1', ipMode: 'VIP' }, { hostname: 'a' }]);
  });
});

describe('a warning', () => {
  const rows: readonly (readonly [title: string, spec: ServiceSpec, warnings: readonly string[]])[] = [
    ['is not given without a reason', {}, []],
    ['names what a headless Service ignores', { clusterIP: 'None', clusterIPs: ['None'], externalIPs: ['192.0.2.1'], sessionAffinity: 'ClientIP', loadBalancerIP: '192.0.2.1' }, ['spec.loadBalancerIP is ignored for headless services', 'spec.externalIPs is ignored for headless services', 'spec.SessionAffinity is ignored for headless services']],
    ['names what an ExternalName ignores', external({ externalIPs: ['192.0.2.1'] }), ['spec.externalIPs is ignored when spec.type is "ExternalName"']],
    ['names a name that means nothing', { externalName: 'example.com' }, ['spec.externalName is ignored when spec.type is not "ExternalName"']],
    ['names what has a newer word', { trafficDistribution: 'PreferClose' }, ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"']],
    ['names a range that is wider than it looks', { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.1.2.3/8', '10.0.0.0/8'] }, ['spec.loadBalancerSourceRanges[0]: CIDR value "10.1.2.3/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.1.2.3/32"?)']],
    ['says that SCTP is not forwarded', ports({ protocol: 'SCTP' }), ['spec.ports[0].protocol: SCTP is stored, but minik forwards TCP and UDP only']],
    ['says that there is one family', { ipFamilyPolicy: 'PreferDualStack' }, ['spec.ipFamilyPolicy: stored, but Services of minik have IPv4 addresses only']],
    ['says who picks the address of a load balancer', { type: 'LoadBalancer', loadBalancerIP: '192.0.2.1' }, ['spec.loadBalancerIP: a wish only, which minik fulfils where the address is free and of its own loopback range']],
    ['is not given for minik\'s own class of load balancers', { type: 'LoadBalancer', loadBalancerClass: 'minik.dev/loopback' }, []],
    ['says whose a class of load balancers is', { type: 'LoadBalancer', loadBalancerClass: 'a/b' }, ['spec.loadBalancerClass: minik leaves load balancers of class "a/b" to whoever provides them']],
  ];

  test.each(rows.map(([title, spec, warnings]) => ({ title, spec, warnings })))('$title', ({ spec, warnings }) => {
    expect(serviceWarnings(good(spec))).toEqual(warnings);
  });
});
