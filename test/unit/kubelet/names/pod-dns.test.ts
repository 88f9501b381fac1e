import { describe, expect, test } from '@jest/globals';
import type { PodSpec } from '../../../../src/api/generated/types.ts';
import { parseResolvConf } from '../../../../src/api/pod/resolv-conf.ts';
import { podDns, type DnsSurroundings } from '../../../../src/kubelet/names/pod-dns.ts';

const HOST = { nameservers: ['127.0.0.53', '192.0.2.53'], searches: ['corp.example.com'], options: ['edns0', 'ndots:2'] };
const BARE = { nameservers: ['192.0.2.53'], searches: [], options: [] };
const ON = { type: 'on', ip: '10.96.0.10' } as const;
const CLUSTER = ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'];

const dnsOf = (spec: Partial<PodSpec>, { clusterDns = ON, resolvConf = HOST }: Partial<DnsSurroundings> = {}): ReturnType<typeof podDns> =>
  podDns({ metadata: { name: 'web', namespace: 'shop', uid: 'u1' }, spec: { containers: [], ...spec } }, { clusterDns, resolvConf });
const CONFIG = { nameservers: ['1.1.1.1'], searches: ['example.org', 'corp.example.com'], options: [{ name: 'ndots', value: '3' }, { name: 'rotate' }] };

describe('a Pod asks', () => {
  const clusterFirst = { servers: ['10.96.0.10'], searches: [...CLUSTER, 'corp.example.com'], options: ['ndots:5'] };
  test.each<readonly [title: string, found: ReturnType<typeof podDns>, dns: object | undefined]>([
    ['the cluster, unless it says otherwise', dnsOf({}), clusterFirst],
    ['the cluster', dnsOf({ dnsPolicy: 'ClusterFirst' }), clusterFirst],
    ['the cluster, with what it adds', dnsOf({ dnsConfig: CONFIG }), { servers: ['10.96.0.10', '1.1.1.1'], searches: [...CLUSTER, 'corp.example.com', 'example.org'], options: ['ndots:3', 'rotate'] }],
    ['the cluster from the host\'s network', dnsOf({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }), clusterFirst],
    ['the host from the host\'s network', dnsOf({ hostNetwork: true }), undefined],
    ['the host', dnsOf({ dnsPolicy: 'Default' }), undefined],
    ['the host, and a server of its own', dnsOf({ dnsPolicy: 'Default', dnsConfig: { nameservers: ['1.1.1.1'] } }), { servers: ['192.0.2.53', '1.1.1.1'] }],
    ['the host, with a longer search list', dnsOf({ dnsPolicy: 'Default', dnsConfig: { searches: ['example.org'] } }), { searches: ['corp.example.com', 'example.org'] }],
    ['the host, with other options', dnsOf({ dnsPolicy: 'Default', dnsConfig: { options: [{ name: 'ndots', value: '4' }] } }), { options: ['edns0', 'ndots:4'] }],
    ['whom it names, and nobody else', dnsOf({ dnsPolicy: 'None', dnsConfig: CONFIG }), { servers: ['1.1.1.1'], searches: ['example.org', 'corp.example.com'], options: ['ndots:3', 'rotate'] }],
    ['whom it names, without the host\'s search list and options', dnsOf({ dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'] } }), { servers: ['1.1.1.1'], searches: [], options: ['ndots:1'] }],
    ['whom it names, where the host has no options', dnsOf({ dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'] } }, { resolvConf: BARE }), { servers: ['1.1.1.1'], searches: [], options: [] }],
    ['the host where nobody knows of a server of the cluster', dnsOf({}, { clusterDns: { type: 'unknown' } }), undefined],
  ])('%s', (_title, found, dns) => {
    expect(found).toEqual({ ...(dns === undefined ? {} : { dns }), warnings: [] });
  });

  test('the host where the cluster has no server, and is told so', () => {
    expect(dnsOf({}, { clusterDns: { type: 'off' } })).toEqual({
      warnings: [['MissingClusterDNS', 'pod: "web_shop(u1)". kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. Falling back to "Default" policy.']],
    });
    expect(dnsOf({ dnsPolicy: 'Default' }, { clusterDns: { type: 'off' } }).warnings).toEqual([]);
  });

  test('no more servers than a resolver takes, and is told which', () => {
    expect(dnsOf({ dnsConfig: { nameservers: ['1.1.1.1', '2.2.2.2', '3.3.3.3'] } })).toEqual({
      dns: { ...clusterFirst, servers: ['10.96.0.10', '1.1.1.1', '2.2.2.2'] },
      warnings: [['DNSConfigForming', 'Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 1.1.1.1 2.2.2.2']],
    });
  });

  test.each([
    ['too many', Array.from({ length: 31 }, (_, row) => `s${row}`), 32],
    ['too long together', Array.from({ length: 20 }, (_, row) => `${'a'.repeat(120)}${row}`), 20],
    ['one too long by itself', ['a'.repeat(254)], 4],
  ])('below search domains that are %s: below those that fit, and is told which', (_title, searches, most) => {
    const { dns, warnings } = dnsOf({ dnsConfig: { searches } });
    expect(dns!.searches!.length).toBeLessThanOrEqual(most);
    expect(dns!.searches!.join(' ').length).toBeLessThanOrEqual(2_048);
    expect(warnings).toEqual([['DNSConfigForming', `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${dns!.searches!.join(' ')}`]]);
  });
});

describe('a resolv.conf', () => {
  test.each([
    ['', { nameservers: [], searches: [], options: [] }],
    ['nameserver 1.1.1.1\n nameserver\t2.2.2.2 \n', { nameservers: ['1.1.1.1', '2.2.2.2'], searches: [], options: [] }],
    ['search a.com\nsearch b.com. c.com # mine\n', { nameservers: [], searches: ['b.com', 'c.com'], options: [] }],
    ['domain a.com\n', { nameservers: [], searches: ['a.com'], options: [] }],
    ['search .\noptions ndots:2\noptions edns0 trust-ad\n', { nameservers: [], searches: ['.'], options: ['ndots:2', 'edns0', 'trust-ad'] }],
    ['# nameserver 1.1.1.1\n; search a.com\nnameserver\nsortlist 1.2.3.4\n', { nameservers: [], searches: [], options: [] }],
  ])('%j', (text, wants) => {
    expect(parseResolvConf(text)).toEqual(wants);
  });
});
