import { expect, test } from '@jest/globals';
import { apiEnv, serviceEnv } from '../../../../src/api/service/service-env.ts';
import type { Service, ServicePort } from '../../../../src/api/generated/types.ts';

const service = (name: string, clusterIP: string, ports: ServicePort[]): Service => ({ metadata: { name, namespace: 'ns' }, spec: { clusterIP, ports } });

test.each<[title: string, services: Service[], env: Record<string, string>]>([
  ['nothing to tell', [], {}],
  [
    'a named port',
    [service('redis-primary', '10.0.0.11', [{ name: 'db', port: 6379, protocol: 'TCP' }])],
    {
      REDIS_PRIMARY_SERVICE_HOST: '10.0.0.11',
      REDIS_PRIMARY_SERVICE_PORT: '6379',
      REDIS_PRIMARY_SERVICE_PORT_DB: '6379',
      REDIS_PRIMARY_PORT: 'tcp://10.0.0.11:6379',
      REDIS_PRIMARY_PORT_6379_TCP: 'tcp://10.0.0.11:6379',
      REDIS_PRIMARY_PORT_6379_TCP_PROTO: 'tcp',
      REDIS_PRIMARY_PORT_6379_TCP_PORT: '6379',
      REDIS_PRIMARY_PORT_6379_TCP_ADDR: '10.0.0.11',
    },
  ],
  [
    'several ports: the first speaks for the Service',
    [service('dns', '10.0.0.10', [{ name: 'dns-udp', port: 53, protocol: 'UDP' }, { port: 9153 }])],
    {
      DNS_SERVICE_HOST: '10.0.0.10',
      DNS_SERVICE_PORT: '53',
      DNS_SERVICE_PORT_DNS_UDP: '53',
      DNS_PORT: 'udp://10.0.0.10:53',
      DNS_PORT_53_UDP: 'udp://10.0.0.10:53',
      DNS_PORT_53_UDP_PROTO: 'udp',
      DNS_PORT_53_UDP_PORT: '53',
      DNS_PORT_53_UDP_ADDR: '10.0.0.10',
      DNS_PORT_9153_TCP: 'tcp://10.0.0.10:9153',
      DNS_PORT_9153_TCP_PROTO: 'tcp',
      DNS_PORT_9153_TCP_PORT: '9153',
      DNS_PORT_9153_TCP_ADDR: '10.0.0.10',
    },
  ],
  ['Services without an address say nothing', [service('headless', 'None', [{ port: 80 }]), service('new', '', [{ port: 80 }]), { metadata: { name: 'away' }, spec: { type: 'ExternalName', externalName: 'x.org' } }], {}],
])('%s', (_title, services, env) => {
  expect(Object.fromEntries(serviceEnv(services))).toEqual(env);
});

test('the API is told of as any Service, at the address where it can be reached', () => {
  expect(Object.fromEntries(apiEnv({ ip: '172.17.0.1', port: 16443 }))).toMatchObject({ KUBERNETES_SERVICE_HOST: '172.17.0.1', KUBERNETES_SERVICE_PORT: '16443', KUBERNETES_SERVICE_PORT_HTTPS: '16443', KUBERNETES_PORT_16443_TCP_ADDR: '172.17.0.1' });
});
