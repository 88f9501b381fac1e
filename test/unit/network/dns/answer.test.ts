import { describe, expect, test } from '@jest/globals';
import { answer } from '../../../../src/network/dns/answer.ts';
import type { DnsRecord } from '../../../../src/network/dns/dns-records.ts';
import { SERVICES, SLICES, zoneOf } from '../../../support/dns-zone.ts';

const zone = zoneOf({ services: SERVICES, slices: SLICES });

const text = ({ name, type, data }: DnsRecord): string => {
  if (type === 'SRV') return `${name} SRV ${data.priority} ${data.weight} ${data.port} ${data.target}`;
  return `${name} ${type} ${type === 'SOA' ? data.mname : data}`;
};

/** "web.default.svc A": names are those of the zone unless they end with a dot. */
function ask(question: string): { readonly code: string; readonly answers: readonly string[]; readonly goOnAt?: string; readonly authorities: readonly string[]; readonly additionals: readonly string[] } {
  const [name = '', type = 'A'] = question.split(' ');
  const found = answer({ name: name.endsWith('.') ? name.slice(0, -1) : name === '@' ? 'cluster.local' : `${name}.cluster.local`, type }, zone);
  if (found === undefined) return { code: 'elsewhere', answers: [], authorities: [], additionals: [] };
  return { ...found, answers: found.answers.map(text), authorities: found.authorities.map(text), additionals: found.additionals.map(text) };
}

describe('a name that has what is asked for', () => {
  test.each<readonly [question: string, ...answers: string[]]>([
    ['kubernetes.default.svc A', 'kubernetes.default.svc.cluster.local A 10.96.0.1'],
    ['web.default.svc A', 'web.default.svc.cluster.local A 10.96.0.20'],
    ['web.other.svc A', 'web.other.svc.cluster.local A 10.96.0.30'],
    ['WEB.Default.SVC A', 'WEB.Default.SVC.cluster.local A 10.96.0.20'],
    ['Web.default.svc.Cluster.LOCAL. A', 'Web.default.svc.Cluster.LOCAL A 10.96.0.20'],
    ['1password.default.svc A', '1password.default.svc.cluster.local A 10.96.0.23'],
    ['dual.default.svc A', 'dual.default.svc.cluster.local A 10.96.0.22'],
    ['dual.default.svc AAAA', 'dual.default.svc.cluster.local AAAA fd00::22'],
    // Headless: the endpoints that are ready, or all.
    ['peers.default.svc A', ...['172.17.0.4', '172.17.0.5', '172.17.0.6'].map((ip) => `peers.default.svc.cluster.local A ${ip}`)],
    ['peers.default.svc AAAA', 'peers.default.svc.cluster.local AAAA fd00::5'],
    ['early.default.svc A', 'early.default.svc.cluster.local A 172.17.0.9'],
    ['portless.default.svc A', 'portless.default.svc.cluster.local A 172.17.0.10'],
    // An endpoint by its host name, or by the one made of its address.
    ['peer-0.peers.default.svc A', 'peer-0.peers.default.svc.cluster.local A 172.17.0.4'],
    ['PEER-0.peers.default.svc A', 'PEER-0.peers.default.svc.cluster.local A 172.17.0.4'],
    ['peer-1.peers.default.svc AAAA', 'peer-1.peers.default.svc.cluster.local AAAA fd00::5'],
    ['172-17-0-6.peers.default.svc A', '172-17-0-6.peers.default.svc.cluster.local A 172.17.0.6'],
    ['first.early.default.svc A', 'first.early.default.svc.cluster.local A 172.17.0.9'],
    ['172-17-0-2.web.default.svc A', '172-17-0-2.web.default.svc.cluster.local A 172.17.0.2'],
    ['named.web.default.svc A', 'named.web.default.svc.cluster.local A 172.17.0.3'],
    // Ports by name: the Service's own number behind an address, the endpoints' without one.
    ['_http._tcp.web.default.svc SRV', '_http._tcp.web.default.svc.cluster.local SRV 0 100 80 web.default.svc.cluster.local'],
    ['_stats._udp.web.default.svc SRV', '_stats._udp.web.default.svc.cluster.local SRV 0 100 9000 web.default.svc.cluster.local'],
    ['_HTTP._TCP.web.default.svc SRV', '_HTTP._TCP.web.default.svc.cluster.local SRV 0 100 80 web.default.svc.cluster.local'],
    ['web.default.svc SRV', ...['80', '9000'].map((port) => `web.default.svc.cluster.local SRV 0 50 ${port} web.default.svc.cluster.local`)],
    ['_http._tcp.peers.default.svc SRV', ...['peer-0', 'peer-1', '172-17-0-6'].map((host) => `_http._tcp.peers.default.svc.cluster.local SRV 0 33 8080 ${host}.peers.default.svc.cluster.local`)],
    ['_metrics._tcp.peers.default.svc SRV', '_metrics._tcp.peers.default.svc.cluster.local SRV 0 100 9100 peer-0.peers.default.svc.cluster.local'],
    // The address of a Pod.
    ['172-17-0-2.default.pod A', '172-17-0-2.default.pod.cluster.local A 172.17.0.2'],
    ['1-2-3-4.other.pod A', '1-2-3-4.other.pod.cluster.local A 1.2.3.4'],
    ['fd00--5.default.pod AAAA', 'fd00--5.default.pod.cluster.local AAAA fd00::5'],
    // The zone itself.
    ['dns-version TXT', 'dns-version.cluster.local TXT 1.1.0'],
    ['@ SOA', 'cluster.local SOA ns.dns.cluster.local'],
    ['@ NS', 'cluster.local NS ns.dns.cluster.local'],
    ['ns.dns A', 'ns.dns.cluster.local A 10.96.0.10'],
    // Whose an address is.
    ['20.0.96.10.in-addr.arpa. PTR', '20.0.96.10.in-addr.arpa PTR web.default.svc.cluster.local'],
    ['4.0.17.172.in-addr.arpa. PTR', '4.0.17.172.in-addr.arpa PTR peer-0.peers.default.svc.cluster.local'],
    ['6.0.17.172.IN-ADDR.arpa. PTR', '6.0.17.172.IN-ADDR.arpa PTR 172-17-0-6.peers.default.svc.cluster.local'],
    ['2.0.17.172.in-addr.arpa. PTR', '2.0.17.172.in-addr.arpa PTR 172-17-0-2.web.default.svc.cluster.local'],
    [`2.2.${'0.'.repeat(26)}0.0.d.f.ip6.arpa. PTR`, `2.2.${'0.'.repeat(26)}0.0.d.f.ip6.arpa PTR dual.default.svc.cluster.local`],
    // ExternalName: the name, and where it leads to within the cluster.
    ['alias.default.svc CNAME', 'alias.default.svc.cluster.local CNAME web.other.svc.cluster.local'],
    ['outside.default.svc CNAME', 'outside.default.svc.cluster.local CNAME www.example.com'],
    ['alias.default.svc A', 'alias.default.svc.cluster.local CNAME web.other.svc.cluster.local', 'web.other.svc.cluster.local A 10.96.0.30'],
    [
      'alias-of-alias.default.svc A',
      'alias-of-alias.default.svc.cluster.local CNAME alias.default.svc.cluster.local',
      'alias.default.svc.cluster.local CNAME web.other.svc.cluster.local',
      'web.other.svc.cluster.local A 10.96.0.30',
    ],
  ])('%s', (question, ...answers) => {
    const { code, answers: found, authorities, goOnAt } = ask(question);
    expect({ code, found, authorities, goOnAt }).toEqual({ code: 'NOERROR', found: answers, authorities: [], goOnAt: undefined });
  });
});

describe('a name that is there, with nothing of what is asked for, says whose zone it is', () => {
  test.each([
    'web.default.svc AAAA',
    'web.default.svc TXT',
    'web.default.svc MX',
    'web.default.svc CNAME',
    'web.default.svc ANY',
    'peer-0.peers.default.svc AAAA',
    'portless.default.svc SRV',
    '_tcp.web.default.svc SRV',
    '_tcp.web.default.svc A',
    '_http._tcp.web.default.svc A',
    'default.svc A',
    'default.svc SRV',
    'default.pod A',
    'svc A',
    'pod A',
    'dns A',
    'dns-version A',
    '@ A',
    '@ TXT',
    '172-17-0-2.default.pod AAAA',
    'fd00--5.default.pod A',
  ])('%s', (question) => {
    const { code, answers, authorities } = ask(question);
    expect({ code, answers, authorities }).toEqual({ code: 'NOERROR', answers: [], authorities: ['cluster.local SOA ns.dns.cluster.local'] });
  });
});

describe('a name that is not there is denied by the zone', () => {
  test.each([
    'nothing.default.svc A',
    'web.nowhere.svc A',
    'nowhere.svc A',
    'nowhere.pod A',
    'web A',
    'web.default A',
    // Headless without a ready endpoint.
    'waiting.default.svc A',
    'lonely.default.svc A',
    '172-17-0-8.waiting.default.svc A',
    'peer-3.peers.default.svc A',
    'peer-9.peers.default.svc A',
    // Its endpoint has a name of its own.
    '172-17-0-4.peers.default.svc A',
    '_nothing._tcp.web.default.svc SRV',
    '_http._udp.web.default.svc SRV',
    '_udp.plain.default.svc SRV',
    // A port without a name has no record of its own.
    '_._tcp.plain.default.svc SRV',
    '_tcp.plain.default.svc SRV',
    'deeper.named.web.default.svc A',
    'x._http._tcp.web.default.svc SRV',
    'below.alias.default.svc A',
    '1-2-3.default.pod A',
    '1-2-3-256.default.pod A',
    'web.default.pod A',
    'x.1-2-3-4.default.pod A',
    'x.dns-version TXT',
    'ns2.dns A',
    'x.ns.dns A',
    '.web.default.svc A',
    'web..svc A',
  ])('%s', (question) => {
    const { code, answers, authorities } = ask(question);
    expect({ code, answers, authorities }).toEqual({ code: 'NXDOMAIN', answers: [], authorities: ['cluster.local SOA ns.dns.cluster.local'] });
  });
});

describe('a name of somewhere else is not answered', () => {
  test.each(['example.com. A', 'xcluster.local. A', 'local. A', '. NS', '9.9.9.9.in-addr.arpa. PTR', '0.17.172.in-addr.arpa. PTR', '256.0.17.172.in-addr.arpa. PTR', 'x.ip6.arpa. PTR', '7.0.17.172.in-addr.arpa. PTR'])('%s', (question) => {
    expect(ask(question).code).toBe('elsewhere');
  });
});

test('an ExternalName that leads outside says where to go on', () => {
  expect(ask('outside.default.svc A')).toMatchObject({ code: 'NOERROR', answers: ['outside.default.svc.cluster.local CNAME www.example.com'], goOnAt: 'www.example.com' });
  expect(ask('alias-of-outside.default.svc AAAA')).toMatchObject({ goOnAt: 'www.example.com' });
});

test('an ExternalName that leads to nothing in the cluster is a name that is not there, chain and all', () => {
  const { code, answers, authorities } = ask('alias-of-nothing.default.svc A');
  expect({ code, answers, authorities }).toEqual({
    code: 'NXDOMAIN',
    answers: ['alias-of-nothing.default.svc.cluster.local CNAME nothing.default.svc.cluster.local'],
    authorities: ['cluster.local SOA ns.dns.cluster.local'],
  });
});

test('an ExternalName that leads to itself ends', () => {
  expect(ask('round.default.svc A').answers).toHaveLength(8);
});

test('the addresses of servers come along', () => {
  expect(ask('_http._tcp.peers.default.svc SRV').additionals).toEqual([
    'peer-0.peers.default.svc.cluster.local A 172.17.0.4',
    'peer-1.peers.default.svc.cluster.local A 172.17.0.5',
    'peer-1.peers.default.svc.cluster.local AAAA fd00::5',
    '172-17-0-6.peers.default.svc.cluster.local A 172.17.0.6',
  ]);
  expect(ask('@ NS').additionals).toEqual(['ns.dns.cluster.local A 10.96.0.10']);
});

test('answers are good for half a minute, the lack of one for a few seconds', () => {
  const [found] = answer({ name: 'web.default.svc.cluster.local', type: 'A' }, zone)!.answers;
  const [soa] = answer({ name: 'nothing.default.svc.cluster.local', type: 'A' }, zone)!.authorities;
  expect(found!.ttl).toBe(30);
  expect(soa).toMatchObject({ ttl: 5, data: { minimum: 5, rname: 'hostmaster.cluster.local' } });
});
