import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { openDnsServer, type DnsServer } from '../../../src/network/dns/dns-server.ts';
import type { ServerAddress } from '../../../src/network/dns/exchange.ts';
import { Responder } from '../../../src/network/dns/responder.ts';
import { Upstream, type UpstreamOptions } from '../../../src/network/dns/upstream.ts';
import type { ZoneIndex } from '../../../src/network/dns/zone-index.ts';
import { askTcp, askUdp, fakeUpstream, questionPacket, sendTcp, sendUdp, type FakeUpstream, type UpstreamAnswer } from '../../support/dns-client.ts';
import { SERVICES, SLICES, zoneOf, zoneService, zoneSlice } from '../../support/dns-zone.ts';

const MANY = 200;
const many = [zoneService('many', { clusterIP: 'None' }), zoneSlice('many', { endpoints: Array.from({ length: MANY }, (_, row) => ({ addresses: [`10.1.0.${row}`] })) })] as const;
const zone = zoneOf({ services: [...SERVICES, many[0]], slices: [...SLICES, many[1]] });
const PATIENCE = { perAttemptMs: 100, totalMs: 500 };

interface Running {
  readonly port: number;
  close(): Promise<void>;
}

async function serve(index: ZoneIndex, options: Partial<UpstreamOptions> = {}): Promise<Running & { readonly upstream: Upstream }> {
  const upstream = new Upstream({ servers: async () => [], clock: systemClock, newId: () => randomInt(65_536), patience: PATIENCE, ...options });
  const responder = new Responder({ index, upstream });
  const server: DnsServer = await openDnsServer({ ip: '127.0.0.1', port: 0, respond: (bytes, transport) => responder.respond(bytes, transport), log: silentLogger });
  return { port: server.port, upstream, close: () => server.close() };
}

describe('names of the cluster', () => {
  let port: number;
  let close: () => Promise<void>;
  beforeAll(async () => ({ port, close } = await serve(zone)));
  afterAll(() => close());

  test.each([['udp', askUdp], ['tcp', askTcp]] as const)('are answered by %s, with authority', async (_transport, ask) => {
    const reply = await ask(port, 'Web.default.svc.cluster.local');
    expect(reply).toMatchObject({ id: 4711, type: 'response', rcode: 'NOERROR', flag_aa: true, flag_ra: true, flag_rd: true, flag_tc: false, texts: ['Web.default.svc.cluster.local A 10.96.0.20'] });
    expect(reply.questions).toEqual([expect.objectContaining({ name: 'Web.default.svc.cluster.local', type: 'A' })]);
  });

  test('of every record type come as clients read them', async () => {
    expect((await askUdp(port, '_http._tcp.web.default.svc.cluster.local', { type: 'SRV' })).answers).toEqual([expect.objectContaining({ type: 'SRV', ttl: 30, data: { priority: 0, weight: 100, port: 80, target: 'web.default.svc.cluster.local' } })]);
    expect((await askUdp(port, '20.0.96.10.in-addr.arpa', { type: 'PTR' })).texts).toEqual(['20.0.96.10.in-addr.arpa PTR web.default.svc.cluster.local']);
    expect((await askUdp(port, 'dual.default.svc.cluster.local', { type: 'AAAA' })).texts).toEqual(['dual.default.svc.cluster.local AAAA fd00::22']);
    expect((await askUdp(port, 'dns-version.cluster.local', { type: 'TXT' })).texts).toEqual(['dns-version.cluster.local TXT 1.1.0']);
    expect((await askUdp(port, 'alias.default.svc.cluster.local')).texts).toEqual(['alias.default.svc.cluster.local CNAME web.other.svc.cluster.local', 'web.other.svc.cluster.local A 10.96.0.30']);
  });

  test('that are not there are denied with the SOA that says for how long', async () => {
    const reply = await askUdp(port, 'nothing.default.svc.cluster.local');
    expect(reply).toMatchObject({ rcode: 'NXDOMAIN', flag_aa: true, answers: [] });
    expect(reply.authorities).toEqual([expect.objectContaining({ name: 'cluster.local', type: 'SOA', ttl: 5, data: expect.objectContaining({ mname: 'ns.dns.cluster.local', minimum: 5 }) })]);
  });

  test('that have nothing of the type are not denied', async () => {
    expect(await askUdp(port, 'web.default.svc.cluster.local', { type: 'AAAA' })).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });

  test('with many addresses show another one first each time', async () => {
    const firsts = new Set<string>();
    for (let turn = 0; turn < 3; turn += 1) firsts.add((await askUdp(port, 'peers.default.svc.cluster.local')).texts[0]!);
    expect(firsts.size).toBe(3);
  });

  test('that do not fit into a packet are cut to whole records, and come whole by TCP', async () => {
    const name = 'many.default.svc.cluster.local';
    const plain = await askUdp(port, name);
    expect(plain.flag_tc).toBe(true);
    expect(plain.bytes).toBeLessThanOrEqual(512);
    // With each owner a pointer: 12 bytes of header, the question, 16 a record.
    expect(plain.answers).toHaveLength(Math.floor((512 - 12 - name.length - 6) / 16));
    const wide = await askUdp(port, name, { edns: 1_232 });
    expect(wide.bytes).toBeLessThanOrEqual(1_232);
    expect(wide.answers!.length).toBeGreaterThan(plain.answers!.length);
    expect((await askUdp(port, name, { edns: 4_096 })).flag_tc).toBe(false);
    const whole = await askTcp(port, name);
    expect(whole.flag_tc).toBe(false);
    expect(new Set(whole.texts).size).toBe(MANY);
  });

  test('asked with EDNS are answered with it, and with a version that nobody knows refused', async () => {
    const reply = await askUdp(port, 'web.default.svc.cluster.local', { edns: 1_400, dnssec: true });
    expect(reply.additionals).toEqual([expect.objectContaining({ type: 'OPT', udpPayloadSize: 4_096, ednsVersion: 0, flag_do: true })]);
    const packet = questionPacket('web.default.svc.cluster.local', { edns: 1_400 });
    packet[packet.length - 5] = 1;
    const refused = await sendUdp(port, packet);
    expect(refused!.additionals).toEqual([expect.objectContaining({ extendedRcode: 1 })]);
  });

  test('several at once over one connection are all answered', async () => {
    const names = ['web', 'plain', 'kubernetes'].map((name) => `${name}.default.svc.cluster.local`);
    const replies = await sendTcp(port, names.map((name) => questionPacket(name)));
    expect(replies.map(({ questions }) => questions![0]!.name).sort()).toEqual(names.sort());
  });

  test.each([
    ['an operation that is no query', (packet: Buffer) => packet.writeUInt16BE(0x2800, 2), 'NOTIMP'],
    ['two questions', (packet: Buffer) => packet.writeUInt16BE(2, 4), 'FORMERR'],
    ['no question', (packet: Buffer) => packet.writeUInt16BE(0, 4), 'FORMERR'],
    ['a class that is not the internet', (packet: Buffer) => packet.writeUInt16BE(3, packet.length - 2), 'REFUSED'],
    ['the transfer of the zone', (packet: Buffer) => packet.writeUInt16BE(252, packet.length - 4), 'REFUSED'],
    ['a name with a loop', (packet: Buffer) => packet.writeUInt16BE(0xc00c, 12), 'FORMERR'],
    ['a label longer than the packet', (packet: Buffer) => packet.writeUInt8(63, 12), 'FORMERR'],
  ])('%s is answered with its own error', async (_what, change, code) => {
    const packet = questionPacket('web.default.svc.cluster.local');
    change(packet);
    expect(await sendUdp(port, packet)).toMatchObject({ id: 4711, rcode: code });
  });

  test('an answer that nobody asked for, and half a header, get no answer', async () => {
    const answer = questionPacket('web.default.svc.cluster.local');
    answer[2] = 0x81;
    expect(await sendUdp(port, answer, { waitMs: 100 })).toBeUndefined();
    expect(await sendUdp(port, Buffer.from([1, 2, 3]), { waitMs: 100 })).toBeUndefined();
  });

  test('nothing that anybody sends stops the server', async () => {
    const upstream = new Upstream({ servers: async () => [], clock: systemClock, newId: () => 1, patience: PATIENCE });
    const responder = new Responder({ index: zone, upstream });
    const valid = questionPacket('_http._tcp.web.default.svc.cluster.local', { type: 'SRV', edns: 1_232 });
    const damaged = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 8 }).map((changes) => changes.reduce((packet, [at, byte]) => ((packet[at] = byte), packet), Buffer.from(valid)));
    const cut = fc.nat(valid.length).map((length) => valid.subarray(0, length));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 600 }), damaged, cut), fc.constantFrom('udp' as const, 'tcp' as const), async (bytes, transport) => {
        const reply = await responder.respond(bytes, transport);
        if (reply === undefined) return;
        expect([reply[0], reply[1]]).toEqual([bytes[0], bytes[1]]);
        if (transport === 'udp') expect(reply.length).toBeLessThanOrEqual(4_096);
      }),
      { numRuns: 2_000 },
    );
    for (const bytes of fc.sample(fc.uint8Array({ maxLength: 300 }), 200)) await sendUdp(port, bytes, { waitMs: 0 });
    expect((await askUdp(port, 'web.default.svc.cluster.local')).texts).toHaveLength(1);
  });

  test('a connection that says nothing, or half of something, harms nobody else', async () => {
    const { connect } = await import('node:net');
    const sockets = Array.from({ length: 20 }, (_, row) => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      if (row % 2 === 0) socket.write(Buffer.from([0xff, 0xff, 1, 2, 3]));
      return socket;
    });
    expect((await askTcp(port, 'web.default.svc.cluster.local')).texts).toHaveLength(1);
    for (const socket of sockets) socket.destroy();
  });
});

describe('names of outside', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterAll(async () => {
    for (const one of opened) await one.close();
  });
  const an = (name: string, data = '192.0.2.1', ttl = 300) => ({ name, type: 'A', ttl, data }) as const;

  async function world(...answers: ((name: string, transport: string) => UpstreamAnswer | undefined)[]): Promise<Running & { readonly upstreams: readonly FakeUpstream[]; readonly upstream: Upstream }> {
    const upstreams = await Promise.all(answers.map((answer) => fakeUpstream(answer)));
    const server = await serve(zone, { servers: async () => upstreams.map(({ address }) => address) });
    opened.push(server, ...upstreams);
    return { ...server, upstreams };
  }

  test('are asked of the host\'s resolver, and for as long as it says not again', async () => {
    const { port, upstreams } = await world((name) => ({ answers: [an(name)] }));
    const first = await askUdp(port, 'example.com');
    expect(first).toMatchObject({ rcode: 'NOERROR', flag_aa: false, texts: ['example.com A 192.0.2.1'] });
    expect((await askUdp(port, 'EXAMPLE.com')).questions![0]!.name).toBe('EXAMPLE.com');
    expect(upstreams[0]!.asked).toEqual(['example.com A udp']);
  });

  test('are asked once for all who want to know at the same time', async () => {
    const { port, upstreams } = await world((name) => ({ answers: [an(name)] }));
    const replies = await Promise.all(Array.from({ length: 20 }, () => askUdp(port, 'example.com')));
    expect(replies.every(({ texts }) => texts.length === 1)).toBe(true);
    expect(upstreams[0]!.asked).toHaveLength(1);
  });

  test('that are not there are remembered for as long as their zone says', async () => {
    const soa = { name: 'com', type: 'SOA', ttl: 60, data: { mname: 'a.com', rname: 'b.com', minimum: 60 } } as const;
    const { port, upstreams } = await world(() => ({ code: 3, authorities: [soa] }));
    expect((await askUdp(port, 'nothing.com')).rcode).toBe('NXDOMAIN');
    expect((await askUdp(port, 'nothing.com')).rcode).toBe('NXDOMAIN');
    expect(upstreams[0]!.asked).toHaveLength(1);
  });

  test('with a time to live of zero are asked each time', async () => {
    const { port, upstreams } = await world((name) => ({ answers: [an(name, '192.0.2.1', 0)] }));
    await askUdp(port, 'example.com');
    await askUdp(port, 'example.com');
    expect(upstreams[0]!.asked).toHaveLength(2);
  });

  test('come from the next resolver when the first is silent, fails, or refuses; then that one is asked first', async () => {
    for (const first of [() => undefined, () => ({ code: 2 }), () => ({ code: 5 })]) {
      const { port, upstreams } = await world(first, (name) => ({ answers: [an(name)] }));
      expect((await askUdp(port, 'one.example.com')).texts).toEqual(['one.example.com A 192.0.2.1']);
      const asked = upstreams[0]!.asked.length;
      expect((await askUdp(port, 'two.example.com')).texts).toHaveLength(1);
      expect(upstreams[0]!.asked).toHaveLength(asked);
    }
  });

  test('come from the next resolver when nobody listens where the first should be', async () => {
    const dead = await fakeUpstream(() => undefined);
    await dead.close();
    const alive = await fakeUpstream((name) => ({ answers: [an(name)] }));
    const server = await serve(zone, { servers: async () => [dead.address, alive.address] as ServerAddress[] });
    opened.push(server, alive);
    expect((await askUdp(server.port, 'example.com')).texts).toHaveLength(1);
  });

  test('that do not fit into a packet of the resolver are asked by TCP', async () => {
    const answers = Array.from({ length: 60 }, (_, row) => an('big.example.com', `192.0.2.${row}`));
    const { port, upstreams } = await world((_name, transport) => (transport === 'udp' ? { truncated: true } : { answers }));
    const cut = await askUdp(port, 'big.example.com');
    expect(cut).toMatchObject({ flag_tc: true });
    expect(cut.bytes).toBeLessThanOrEqual(512);
    expect(cut.answers!.length).toBeGreaterThan(5);
    expect((await askTcp(port, 'big.example.com')).answers).toHaveLength(60);
    expect(upstreams[0]!.asked).toEqual(['big.example.com A udp', 'big.example.com A tcp']);
  });

  test('fail soon when no resolver answers, and when there is none', async () => {
    const { port } = await world(() => undefined);
    expect((await askUdp(port, 'example.com')).rcode).toBe('SERVFAIL');
    const alone = await serve(zone);
    opened.push(alone);
    expect((await askUdp(alone.port, 'example.com')).rcode).toBe('SERVFAIL');
  });

  test('of records that this program does not know come through as they are', async () => {
    const data = Buffer.from([0, 1, 0, 0, 1, 0, 3, 2, 104, 50]);
    const { port } = await world((name) => ({ answers: [{ name, type: 'UNKNOWN_65' as 'NULL', ttl: 60, data }] }));
    const reply = await askUdp(port, 'example.com', { type: 'UNKNOWN_65' });
    expect(reply.answers).toEqual([expect.objectContaining({ type: 'UNKNOWN_65', data })]);
  });

  test('end a chain that begins with an ExternalName', async () => {
    const { port } = await world(() => ({ answers: [{ name: 'www.example.com', type: 'CNAME', ttl: 60, data: 'cdn.example.com' }, an('cdn.example.com')] }));
    expect((await askUdp(port, 'alias-of-outside.default.svc.cluster.local')).texts).toEqual([
      'alias-of-outside.default.svc.cluster.local CNAME outside.default.svc.cluster.local',
      'outside.default.svc.cluster.local CNAME www.example.com',
      'www.example.com CNAME cdn.example.com',
      'cdn.example.com A 192.0.2.1',
    ]);
  });

  test('of a chain that ends at a name that is not there are not denied: the name of the Service is there', async () => {
    const { port } = await world(() => ({ code: 3 }));
    expect(await askUdp(port, 'outside.default.svc.cluster.local')).toMatchObject({ rcode: 'NOERROR', texts: ['outside.default.svc.cluster.local CNAME www.example.com'] });
  });

  test('of a chain that nobody can end: the chain, and that it failed', async () => {
    const { port } = await world(() => undefined);
    expect(await askUdp(port, 'outside.default.svc.cluster.local')).toMatchObject({ rcode: 'SERVFAIL', texts: ['outside.default.svc.cluster.local CNAME www.example.com'] });
  });

  test('asked in a circle are answered with a failure, and the circle stands still', async () => {
    let questions = 0;
    const ring: { port: number } = { port: 0 };
    const counting = await serve(zone, { servers: async () => ((questions += 1), [{ ip: '127.0.0.1', port: ring.port }]) });
    opened.push(counting);
    ring.port = counting.port;
    expect((await askUdp(counting.port, 'example.com')).rcode).toBe('SERVFAIL');
    expect(questions).toBe(1);
  });
});
