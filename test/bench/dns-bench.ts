// The DNS server in its thread over 1,000 Services with 5,000 endpoints: how long a thousand questions take, and how long a change takes to be answered.
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import type { EndpointSlice, Namespace, Service } from '../../src/api/generated/types.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { createDnsPart, type DnsPart } from '../../src/network/dns/dns-part.ts';
import { cachedInformer, type CachedInformer } from '../support/cached-informer.ts';
import { askUdp, questionPacket } from '../support/dns-client.ts';
import { zoneService, zoneSlice } from '../support/dns-zone.ts';
import { alternate, elapsed, median, type Measured } from './measure.ts';

const IP = '127.53.0.11';
const SERVICES = 1_000;
const ENDPOINTS = 5;
const QUESTIONS = 20_000;
const AT_ONCE = 32;
const ROUNDS = 5;

/** Sends packets, so many at a time, and tells how long all answers took, in seconds. */
const CLIENT = `
const { parentPort, workerData: { port, ip, packets, count, atOnce } } = require('node:worker_threads');
const socket = require('node:dgram').createSocket('udp4');
let sent = 0, heard = 0;
const send = () => { if (sent < count) socket.send(packets[sent++ % packets.length]); };
socket.on('message', () => { if (++heard === count) { parentPort.postMessage((performance.now() - begun) / 1000); socket.close(); } else send(); });
let begun;
socket.connect(port, ip, () => { begun = performance.now(); for (let n = 0; n < atOnce; n += 1) send(); });`;

/** The least that an answer costs: a packet in, a packet out. */
const ECHO = `
const { parentPort } = require('node:worker_threads');
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (bytes, from) => socket.send(bytes, from.port, from.address));
socket.bind(0, '127.0.0.1', () => parentPort.postMessage(socket.address().port));`;

interface Zone {
  readonly part: DnsPart;
  readonly port: number;
  readonly slices: CachedInformer<EndpointSlice>;
}

async function largeZone(): Promise<Zone> {
  const [namespaces, services, slices] = [cachedInformer<Namespace>(), cachedInformer<Service>(), cachedInformer<EndpointSlice>()];
  namespaces.put({ metadata: { name: 'default' } });
  for (let row = 0; row < SERVICES; row += 1) {
    services.put(zoneService(`s${row}`, row % 2 === 0 ? { clusterIP: `10.96.${row >> 8}.${row & 255}` } : { clusterIP: 'None' }));
    slices.put(sliceOf(row, ENDPOINTS));
  }
  const part = createDnsPart({ namespaces, services, slices, domain: 'cluster.local', ip: IP, port: 0, resolvConf: '/nowhere', ready: async () => {}, clock: systemClock, log: silentLogger });
  await part.start!();
  if (part.now.state !== 'on') throw new Error('the DNS server has not started');
  return { part, port: part.now.port, slices };
}

function sliceOf(row: number, endpoints: number): EndpointSlice {
  return zoneSlice(`s${row}`, { endpoints: Array.from({ length: endpoints }, (_, at) => ({ addresses: [`10.${100 + at}.${row >> 8}.${row & 255}`] })) });
}

/** Milliseconds that a thousand questions take. */
async function ask(port: number, ip: string, packets: readonly Uint8Array[]): Promise<number> {
  const client = new Worker(CLIENT, { eval: true, workerData: { port, ip, packets, count: QUESTIONS, atOnce: AT_ONCE } });
  const [seconds] = (await once(client, 'message')) as [number];
  return (seconds * 1_000_000) / QUESTIONS;
}

export async function dnsQuestions(): Promise<Measured> {
  const zone = await largeZone();
  const echo = new Worker(ECHO, { eval: true });
  const [echoPort] = (await once(echo, 'message')) as [number];
  const packets = Array.from({ length: SERVICES }, (_, row) => questionPacket(`s${row}.default.svc.cluster.local`));
  try {
    const rates = await alternate(ROUNDS, () => ask(zone.port, IP, packets), () => ask(echoPort, '127.0.0.1', packets));
    return { name: '', ...rates, unit: 'ms', peer: 'UDP echo in a thread of Node' };
  } finally {
    await echo.terminate();
    await zone.part.stop();
  }
}

export async function dnsChange(): Promise<Measured> {
  const zone = await largeZone();
  try {
    const times: number[] = [];
    for (let round = 0; round < 20; round += 1) times.push(await elapsed(() => untilChanged(zone, round)));
    return { name: '', value: median(times), unit: 'ms', peer: 'budget', peerValue: 100 };
  } finally {
    await zone.part.stop();
  }
}

async function untilChanged({ port, slices }: Zone, round: number): Promise<void> {
  const endpoints = ENDPOINTS + 1 + (round % 5);
  slices.put(sliceOf(1, endpoints));
  while ((await askUdp(port, 's1.default.svc.cluster.local', { ip: IP })).texts.length !== endpoints);
}
