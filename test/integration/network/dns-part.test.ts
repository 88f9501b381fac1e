import { afterEach, describe, expect, test } from '@jest/globals';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EndpointSlice, Namespace, Service } from '../../../src/api/generated/types.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { createDnsPart, type DnsPart, type DnsPartOptions } from '../../../src/network/dns/dns-part.ts';
import { cachedInformer } from '../../support/cached-informer.ts';
import { askTcp, askUdp, sendUdp, questionPacket } from '../../support/dns-client.ts';
import { zoneService, zoneSlice } from '../../support/dns-zone.ts';
import { eventually } from '../../support/eventually.ts';

const IP = '127.53.0.10';
/** Asks twice, and tells when the second answer came. */
const CLIENT = `
const { parentPort, workerData: { port, ip, packet } } = require('node:worker_threads');
const socket = require('node:dgram').createSocket('udp4');
socket.send(packet, port, ip);
socket.once('message', () => {
  parentPort.postMessage('ready');
  setTimeout(() => socket.send(packet, port, ip), 20);
  socket.once('message', () => { parentPort.postMessage(performance.timeOrigin + performance.now()); socket.close(); });
});`;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface World {
  readonly part: DnsPart;
  readonly namespaces: ReturnType<typeof cachedInformer<Namespace>>;
  readonly services: ReturnType<typeof cachedInformer<Service>>;
  readonly slices: ReturnType<typeof cachedInformer<EndpointSlice>>;
}

function world(changes: Partial<DnsPartOptions> = {}): World {
  const sources = { namespaces: cachedInformer<Namespace>(), services: cachedInformer<Service>(), slices: cachedInformer<EndpointSlice>() };
  sources.namespaces.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  sources.services.put(zoneService('web', { clusterIP: '10.96.0.20' }));
  const part = createDnsPart({ ...sources, domain: 'cluster.local', ip: IP, port: 0, resolvConf: '/nowhere', clock: systemClock, log: silentLogger, ready: async () => {}, ...changes });
  stops.push(() => part.stop());
  return { part, ...sources };
}

async function started(changes?: Partial<DnsPartOptions>): Promise<World & { readonly port: number }> {
  const made = world(changes);
  await made.part.start!();
  return { ...made, port: portOf(made.part) };
}

function portOf({ now }: DnsPart): number {
  if (now.state !== 'on') throw new Error(`DNS is ${now.state}`);
  return now.port;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind({ address: IP, port: 0, exclusive: true });
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

const addresses = async (port: number, name: string): Promise<readonly string[]> => (await askUdp(port, `${name}.default.svc.cluster.local`, { ip: IP })).texts.map((text) => text.split(' ')[2]!);

describe('the DNS part', () => {
  test('answers in a thread of its own for what was there before, and for what comes and goes', async () => {
    const { part, port, services, slices } = await started();
    expect(await part.serverIp()).toBe(IP);
    expect(await addresses(port, 'web')).toEqual(['10.96.0.20']);
    services.put(zoneService('peers', { clusterIP: 'None' }));
    slices.put(zoneSlice('peers', { endpoints: [{ addresses: ['172.17.0.2'] }] }));
    await eventually('the endpoint to be found', async () => (await addresses(port, 'peers')).join() === '172.17.0.2');
    services.remove(zoneService('web', {}));
    await eventually('the Service to be gone', async () => (await addresses(port, 'web')).length === 0);
  });

  test('answers while the thread of the API is busy', async () => {
    const { port } = await started();
    const client = new Worker(CLIENT, { eval: true, workerData: { port, ip: IP, packet: questionPacket('web.default.svc.cluster.local') } });
    await once(client, 'message');
    const busyUntil = performance.timeOrigin + performance.now() + 300;
    while (performance.timeOrigin + performance.now() < busyUntil);
    const [answeredAt] = (await once(client, 'message')) as [number];
    expect(answeredAt).toBeLessThan(busyUntil);
    await client.terminate();
  });

  test('says why there is no server when its address cannot be held, and holds it once it can be', async () => {
    const holder = createSocket('udp4').bind({ address: IP, port: 0, exclusive: true });
    await once(holder, 'listening');
    const { port } = holder.address();
    const { part } = world({ port });
    await expect(part.start!()).rejects.toThrow(/EADDRINUSE/);
    expect(part.now).toEqual({ state: 'off', why: `another program listens on port ${port} of ${IP}, or of every address of this host`, remedy: expect.stringContaining('ss -lnup') });
    expect(await part.serverIp()).toBeUndefined();
    holder.close();
    await once(holder, 'close');
    await part.start!();
    expect(await part.serverIp()).toBe(IP);
    expect(await addresses(port, 'web')).toEqual(['10.96.0.20']);
  });

  test('has another thread when one dies, at the same address, and tells it all that it should know', async () => {
    const { port, services } = await started({ port: await freePort(), threadFile: new URL('../../support/mortal-dns-thread.ts', import.meta.url) });
    expect(await addresses(port, 'web')).toEqual(['10.96.0.20']);
    const lost = (): Promise<boolean> => sendUdp(port, questionPacket('web.default.svc.cluster.local'), { ip: IP, waitMs: 20 }).then((reply) => reply === undefined);
    await eventually('the thread to die', lost);
    services.put(zoneService('later', { clusterIP: '10.96.0.21' }));
    await eventually('both names to be found again', async () => (await addresses(port, 'web')).length === 1 && (await addresses(port, 'later')).length === 1);
  }, 60_000);

  test('never asks itself for the names of outside', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'minik-dns-'));
    stops.push(() => rm(folder, { recursive: true }));
    const resolvConf = join(folder, 'resolv.conf');
    await writeFile(resolvConf, `nameserver ${IP}\n`);
    const { port } = await started({ resolvConf });
    const begun = performance.now();
    expect((await askUdp(port, 'example.com', { ip: IP })).rcode).toBe('SERVFAIL');
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test('leaves nothing behind when it stops, and stops when it never started', async () => {
    const { part, port } = await started();
    await part.stop();
    expect(await sendUdp(port, questionPacket('web.default.svc.cluster.local'), { ip: IP, waitMs: 100 })).toBeUndefined();
    await expect(askTcp(port, 'web.default.svc.cluster.local')).rejects.toThrow();
    const idle = world();
    await idle.part.stop();
    expect(await idle.part.serverIp()).toBeUndefined();
  });
});
