import { describe, expect, test } from '@jest/globals';
import type { Endpoint, EndpointSlice, Service } from '../../../../src/api/generated/types.ts';
import type { ForwardingRule, ForwardingTable } from '../../../../src/network/forwarding/forwarding-table.ts';
import { planForwarding } from '../../../../src/network/forwarding/plan-forwarding.ts';
import { aService, anEndpoint, aSlice, HERE } from '../../../support/services.ts';

const ended: Partial<Endpoint> = { conditions: { ready: false, serving: false, terminating: true } };
const ending: Partial<Endpoint> = { conditions: { ready: false, serving: true, terminating: true } };
const starting: Partial<Endpoint> = { conditions: { ready: false, serving: false, terminating: false } };
const bare: Partial<Endpoint> = { conditions: undefined, nodeName: undefined };

const plan = (services: Service[], slices: EndpointSlice[] = []): ForwardingTable => planForwarding({ services, slices, nodeName: HERE });
const ruleOf = (service: Service, ...slices: EndpointSlice[]): ForwardingRule => {
  const { rules } = plan([service], slices);
  expect(rules).toHaveLength(1);
  return rules[0]!;
};
const addresses = (backends: ForwardingRule['internal']): string[] => backends.map(({ ip, port }) => `${ip}:${port}`);

test('nothing to do: no Service, no rule', () => {
  expect(plan([])).toEqual({ rules: [], healthChecks: [] });
});

test('a Service of type ClusterIP answers on its address and nowhere else', () => {
  expect(ruleOf(aService(), aSlice([anEndpoint('172.17.0.2')]))).toEqual({
    key: 'default/web:/TCP',
    namespace: 'default',
    service: 'web',
    protocol: 'TCP',
    clusterIp: '10.96.0.9',
    port: 80,
    externalIps: [],
    loadBalancerIps: [],
    sourceRanges: [],
    internal: [{ ip: '172.17.0.2', port: 8080 }],
    external: [{ ip: '172.17.0.2', port: 8080 }],
    withoutInternal: 'reject',
    withoutExternal: 'reject',
  });
});

describe('backends are', () => {
  test.each([
    { name: 'none without slices', slices: [], backends: [] },
    { name: 'none of a slice without endpoints', slices: [aSlice(undefined)], backends: [] },
    { name: 'those that are ready, in the order of their addresses', slices: [aSlice([anEndpoint('172.17.0.3'), anEndpoint('172.17.0.2')])], backends: ['172.17.0.2:8080', '172.17.0.3:8080'] },
    { name: 'not those that are not ready yet', slices: [aSlice([anEndpoint('172.17.0.2', starting)])], backends: [] },
    { name: 'not those that are ending, as long as others are ready', slices: [aSlice([anEndpoint('172.17.0.2', ending), anEndpoint('172.17.0.3')])], backends: ['172.17.0.3:8080'] },
    { name: 'those that are ending but serve, when nobody else is there', slices: [aSlice([anEndpoint('172.17.0.2', ending), anEndpoint('172.17.0.3', starting)])], backends: ['172.17.0.2:8080'] },
    { name: 'never those that have ended', slices: [aSlice([anEndpoint('172.17.0.2', ended)])], backends: [] },
    { name: 'those that are published as ready before they are', slices: [aSlice([anEndpoint('172.17.0.2', { conditions: { ready: true, serving: false, terminating: true } })])], backends: ['172.17.0.2:8080'] },
    { name: 'those of a slice that somebody wrote by hand, conditions and node unsaid', slices: [aSlice([anEndpoint('192.168.1.7', bare)])], backends: ['192.168.1.7:8080'] },
    { name: 'those of all slices', slices: [aSlice([anEndpoint('172.17.0.2')]), aSlice([anEndpoint('172.17.0.3')])], backends: ['172.17.0.2:8080', '172.17.0.3:8080'] },
    { name: 'one each, in the better state of two slices', slices: [aSlice([anEndpoint('172.17.0.2', ending)]), aSlice([anEndpoint('172.17.0.2')])], backends: ['172.17.0.2:8080'] },
    { name: 'at the port of their slice', slices: [aSlice([anEndpoint('172.17.0.2')]), aSlice([anEndpoint('172.17.0.3')], { ports: [{ name: '', port: 9090 }] })], backends: ['172.17.0.2:8080', '172.17.0.3:9090'] },
    { name: 'not those of another family', slices: [aSlice([anEndpoint('fd00::2')], { addressType: 'IPv6' }), aSlice([anEndpoint('web.example')], { addressType: 'FQDN' })], backends: [] },
    { name: 'not those of another protocol', slices: [aSlice([anEndpoint('172.17.0.2')], { ports: [{ name: '', port: 8080, protocol: 'UDP' }] })], backends: [] },
    { name: 'not those of another port', slices: [aSlice([anEndpoint('172.17.0.2')], { ports: [{ name: 'metrics', port: 8080 }] })], backends: [] },
    { name: 'not those of a slice without port numbers', slices: [aSlice([anEndpoint('172.17.0.2')], { ports: [{ name: '' }] })], backends: [] },
    { name: 'not those of another Service', slices: [aSlice([anEndpoint('172.17.0.2')], { metadata: { namespace: 'default', labels: { 'kubernetes.io/service-name': 'db' } } })], backends: [] },
    { name: 'not those of another namespace', slices: [aSlice([anEndpoint('172.17.0.2')], { metadata: { namespace: 'other', labels: { 'kubernetes.io/service-name': 'web' } } })], backends: [] },
    { name: 'not those of a slice of nobody', slices: [aSlice([anEndpoint('172.17.0.2')], { metadata: { namespace: 'default' } })], backends: [] },
    { name: "not those of a slice that is another proxy's", slices: [aSlice([anEndpoint('172.17.0.2')], { metadata: { namespace: 'default', labels: { 'kubernetes.io/service-name': 'web', 'service.kubernetes.io/service-proxy-name': 'x' } } })], backends: [] },
  ])('$name', ({ slices, backends }) => {
    expect(addresses(ruleOf(aService(), ...slices).internal)).toEqual(backends);
  });
});

describe('a Local traffic policy', () => {
  const elsewhere: Partial<Endpoint> = { nodeName: 'elsewhere' };
  test.each([
    { name: 'takes the endpoints of this node', endpoints: [anEndpoint('172.17.0.2'), anEndpoint('172.17.0.3', elsewhere)], local: ['172.17.0.2:8080'], without: 'reject' },
    { name: 'takes ending ones of this node rather than none', endpoints: [anEndpoint('172.17.0.2', ending), anEndpoint('172.17.0.3', elsewhere)], local: ['172.17.0.2:8080'], without: 'reject' },
    { name: 'drops what only other nodes could answer', endpoints: [anEndpoint('172.17.0.3', elsewhere)], local: [], without: 'drop' },
    { name: 'counts an endpoint of no node as one of another', endpoints: [anEndpoint('192.168.1.7', bare)], local: [], without: 'drop' },
    { name: 'refuses what nobody could answer', endpoints: [], local: [], without: 'reject' },
  ])('$name', ({ endpoints, local, without }) => {
    const internal = ruleOf(aService({ internalTrafficPolicy: 'Local' }), aSlice(endpoints));
    expect({ local: addresses(internal.internal), without: internal.withoutInternal }).toEqual({ local, without });
    expect(internal.external.length > 0).toBe(endpoints.length > 0);
    const external = ruleOf(aService({ type: 'NodePort', externalTrafficPolicy: 'Local' }), aSlice(endpoints));
    expect({ local: addresses(external.external), without: external.withoutExternal }).toEqual({ local, without });
  });
});

describe('no rule comes from', () => {
  test.each([
    { name: 'an ExternalName', service: aService({ type: 'ExternalName', externalName: 'example.com', clusterIP: undefined }) },
    { name: 'a headless Service', service: aService({ clusterIP: 'None' }) },
    { name: 'a Service whose address is not allocated yet', service: aService({ clusterIP: undefined }) },
    { name: 'a Service without ports', service: aService({ ports: undefined }) },
    { name: "a Service that is another proxy's", service: aService({}, { metadata: { name: 'web', namespace: 'default', labels: { 'service.kubernetes.io/service-proxy-name': 'x' } } }) },
    { name: 'a Service that is labelled as headless', service: aService({}, { metadata: { name: 'web', namespace: 'default', labels: { 'service.kubernetes.io/headless': '' } } }) },
    { name: 'an SCTP port', service: aService({ ports: [{ port: 80, protocol: 'SCTP' }] }) },
  ])('$name', ({ service }) => {
    expect(plan([service], [aSlice([anEndpoint('172.17.0.2')])]).rules).toEqual([]);
  });
});

describe('ports', () => {
  test('are a rule each, matched by name and protocol', () => {
    const service = aService({
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 5353 },
        { name: 'metrics', port: 9153, targetPort: 'metrics' },
      ],
    });
    const ports = [{ name: 'dns', port: 5353, protocol: 'UDP' }, { name: 'dns-tcp', port: 5354, protocol: 'TCP' }];
    const { rules } = plan([service], [aSlice([anEndpoint('172.17.0.2')], { ports }), aSlice([anEndpoint('172.17.0.3')], { ports: [{ name: 'metrics', port: 9999, protocol: 'TCP' }] })]);
    expect(rules.map(({ key, port, internal }) => [key, port, ...addresses(internal)])).toEqual([
      ['default/web:dns/UDP', 53, '172.17.0.2:5353'],
      ['default/web:dns-tcp/TCP', 53, '172.17.0.2:5354'],
      ['default/web:metrics/TCP', 9153, '172.17.0.3:9999'],
    ]);
  });

  test.each([
    { type: 'NodePort', nodePort: 30080, answers: 30080 },
    { type: 'LoadBalancer', nodePort: 30080, answers: 30080 },
    { type: 'LoadBalancer', nodePort: undefined, answers: undefined },
    // Left over from a type that had them.
    { type: 'ClusterIP', nodePort: 30080, answers: undefined },
  ])('of a $type with node port $nodePort answer on $answers of the node', ({ type, nodePort, answers }) => {
    expect(ruleOf(aService({ type, ports: [{ port: 80, nodePort }] })).nodePort).toBe(answers);
  });
});

describe('a load balancer', () => {
  const ingress = (...ips: { ip?: string; hostname?: string; ipMode?: string }[]) => ({ loadBalancer: { ingress: ips } });

  test('answers on the addresses of its status, for its source ranges', () => {
    const rule = ruleOf(aService({ type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8', ' 127.0.0.0/8'] }, { status: ingress({ ip: '127.96.0.1', ipMode: 'VIP' }, { ip: '127.96.0.2' }) }));
    expect(rule).toMatchObject({ loadBalancerIps: ['127.96.0.1', '127.96.0.2'], sourceRanges: ['10.0.0.0/8', '127.0.0.0/8'] });
  });

  test('without an address, by name only, or in front of us has none here', () => {
    for (const status of [undefined, {}, ingress({ hostname: 'web.localhost' }), ingress({ ip: '127.96.0.1', ipMode: 'Proxy' })]) {
      expect(ruleOf(aService({ type: 'LoadBalancer' }, { status })).loadBalancerIps).toEqual([]);
    }
  });

  test('leaves no address behind when the type changes', () => {
    expect(ruleOf(aService({ loadBalancerSourceRanges: ['10.0.0.0/8'] }, { status: ingress({ ip: '127.96.0.1' }) }))).toMatchObject({ loadBalancerIps: [], sourceRanges: [] });
  });

  test('with the Local policy is told how many endpoints are here', () => {
    const spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 };
    const slices = [aSlice([anEndpoint('172.17.0.2'), anEndpoint('172.17.0.3', starting), anEndpoint('172.17.0.4', { nodeName: 'elsewhere' })]), aSlice([anEndpoint('172.17.0.2')], { ports: [{ name: 'other', port: 1 }] })];
    expect(plan([aService(spec)], slices).healthChecks).toEqual([{ key: 'default/web', namespace: 'default', service: 'web', port: 32000, localEndpoints: 1 }]);
    expect(plan([aService(spec)]).healthChecks).toMatchObject([{ localEndpoints: 0 }]);
    expect(plan([aService({ ...spec, externalTrafficPolicy: 'Cluster' })]).healthChecks).toEqual([]);
  });
});

test.each([
  { name: 'none without affinity', spec: { sessionAffinity: 'None' }, affinityMs: undefined },
  { name: 'three hours unless said', spec: { sessionAffinity: 'ClientIP' }, affinityMs: 10_800_000 },
  { name: 'as long as is said', spec: { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 7 } } }, affinityMs: 7_000 },
])('a client keeps its backend $name', ({ spec, affinityMs }) => {
  expect(ruleOf(aService(spec)).affinityMs).toBe(affinityMs);
});

test('external addresses are taken as they are', () => {
  expect(ruleOf(aService({ externalIPs: ['192.0.2.1'] })).externalIps).toEqual(['192.0.2.1']);
});
