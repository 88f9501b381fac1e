// The service network beside a direct connection to the container, and beside a port that Docker publishes itself.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { aptInstall, hasProgram } from '../../bin/system-packages.ts';
import type { EndpointSlice, Pod, Service } from '../../src/api/generated/types.ts';
import { ENDPOINT_SLICES, PODS, SERVICES } from '../../src/api/kinds.ts';
import type { Client } from '../../src/client/client.ts';
import { answered, download, thousandRequests, type Target } from './http-load.ts';
import { alternate, median, type Measured } from './measure.ts';

const NAMESPACE = 'default';
const BUDGET = 'budget';
const STREAM_MB = 256;
const SERVE = `dd if=/dev/zero of=/usr/share/nginx/html/big bs=1M count=${STREAM_MB} && exec nginx -g "daemon off;"`;
const LABELS = { app: 'bench' };
const LOAD = { connections: 32, seconds: 2 };
const MANY = { services: 1_000, endpointsEach: 5 };
const SETTLE_MS = 3_000;

export interface ServiceBench {
  /** By name. Undefined: it cannot be measured here; why is said on stderr. */
  readonly rows: Readonly<Record<string, () => Promise<Measured | undefined>>>;
  close(): Promise<void>;
}

interface Surroundings {
  readonly direct: Target;
  /** Forwarded by the kernel where it can be. */
  readonly nodePort: Target;
  /** The same port where the kernel's rules never apply: they are for IPv4. */
  readonly proxied: Target;
  readonly published: Target;
  readonly container: string;
}

type Way = 'nodePort' | 'proxied';
type Peer = 'direct' | 'published';
const PEERS: Readonly<Record<Peer, string>> = { direct: 'direct connection', published: 'docker run -p' };

export function serviceBench(client: Client, daemonPid: () => Promise<number>): ServiceBench {
  let made: Promise<Surroundings> | undefined;
  const surroundings = (): Promise<Surroundings> => (made ??= makeSurroundings(client));
  const stream = async (way: Way, peer: Peer): Promise<Measured> => {
    const { [way]: own, [peer]: other } = await surroundings();
    const fetch = (target: Target) => () => download(target, '/big', STREAM_MB * 2 ** 20);
    const times = await alternate(9, fetch(own), fetch(other));
    return { name: '', value: times.value / 1_000, peerValue: times.peerValue / 1_000, unit: 's', peer: PEERS[peer] };
  };
  const requests = async (way: Way, peer: Peer): Promise<Measured | undefined> => {
    if (!hasProgram('wrk') && (process.getuid?.() !== 0 || !aptInstall(['wrk']))) return void process.stderr.write('not measured: wrk is not installed (apt-get install wrk)\n');
    const { [way]: own, [peer]: other } = await surroundings();
    const times = await alternate(5, () => thousandRequests(own, LOAD), () => thousandRequests(other, LOAD));
    return { name: '', ...times, unit: 'ms', peer: PEERS[peer] };
  };
  return {
    rows: {
      'NodePort usable after its Service is created': () => surroundings().then(() => usable(client)),
      'NodePort, one stream, beside the container itself': () => stream('nodePort', 'direct'),
      'NodePort, one stream, beside a published port': () => stream('nodePort', 'published'),
      'NodePort, 1000 requests with keep-alive, beside the container itself': () => requests('nodePort', 'direct'),
      'NodePort, 1000 requests with keep-alive, beside a published port': () => requests('nodePort', 'published'),
      'proxied NodePort, one stream, beside the container itself': () => stream('proxied', 'direct'),
      'proxied NodePort, one stream, beside a published port': () => stream('proxied', 'published'),
      'proxied NodePort, 1000 requests with keep-alive, beside the container itself': () => requests('proxied', 'direct'),
      'proxied NodePort, 1000 requests with keep-alive, beside a published port': () => requests('proxied', 'published'),
      'memory for 1000 Services with 5000 endpoints': () => surroundings().then(() => manyServices(client, daemonPid)),
      'a change among 1000 Services with 5000 endpoints, until it is live': () => surroundings().then(() => changeAmongMany(client)),
    },
    async close() {
      if (made === undefined) return;
      const { container } = await made;
      await execa('docker', ['rm', '-f', container], { reject: false });
    },
  };
}

async function makeSurroundings(client: Client): Promise<Surroundings> {
  const pod: Pod = {
    metadata: { name: 'bench-web', namespace: NAMESPACE, labels: LABELS },
    spec: { containers: [{ name: 'web', image: 'nginx', command: ['sh', '-c', SERVE], readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 } }] },
  };
  const [service] = await Promise.all([client.create(SERVICES, nodePortService('bench-web')), client.create(PODS, pod)]);
  const { stdout: container } = await execa('docker', ['run', '-d', '-p', '127.0.0.1:0:80', 'nginx', 'sh', '-c', SERVE]);
  const { stdout: address } = await execa('docker', ['port', container, '80/tcp']);
  const published = { host: '127.0.0.1', port: Number(address.split(':').at(-1)) };
  const nodePort = { host: '127.0.0.1', port: service.spec!.ports![0]!.nodePort! };
  await answered(nodePort);
  await answered(published);
  return { direct: { host: await podIp(client, 'bench-web'), port: 80 }, nodePort, proxied: { host: '::1', port: nodePort.port }, published, container };
}

async function usable(client: Client): Promise<Measured> {
  const times: number[] = [];
  for (let round = 0; round < 11; round += 1) {
    const name = `bench-usable-${round}`;
    const start = performance.now();
    const service = await client.create(SERVICES, nodePortService(name));
    await answered({ host: '127.0.0.1', port: service.spec!.ports![0]!.nodePort! });
    times.push(performance.now() - start);
    await client.delete(SERVICES, { namespace: NAMESPACE, name });
  }
  return { name: '', value: median(times), unit: 'ms', peer: BUDGET, peerValue: 50 };
}

async function manyServices(client: Client, daemonPid: () => Promise<number>): Promise<Measured> {
  await delay(SETTLE_MS);
  const pid = await daemonPid();
  const before = residentMegabytes(pid);
  for (let first = 0; first < MANY.services; first += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, offset) => makeOne(client, first + offset)));
  }
  await delay(SETTLE_MS);
  return { name: '', value: residentMegabytes(pid) - before, unit: 'MB', peer: BUDGET, peerValue: 60 };
}

async function makeOne(client: Client, number: number): Promise<void> {
  const name = `bench-many-${number}`;
  const addresses = Array.from({ length: MANY.endpointsEach }, (_, at) => `192.0.2.${((number * MANY.endpointsEach + at) % 250) + 1}`);
  await client.create(SERVICES, { metadata: { name, namespace: NAMESPACE }, spec: { ports: [{ port: 80 }] } });
  await client.create(ENDPOINT_SLICES, aSlice(name, addresses));
}

/** From the write of a slice to the first answer on a port that refused until then. */
async function changeAmongMany(client: Client): Promise<Measured> {
  const service = await client.create(SERVICES, { metadata: { name: 'bench-change', namespace: NAMESPACE }, spec: { type: 'NodePort', ports: [{ port: 80 }] } });
  const target = { host: '127.0.0.1', port: service.spec!.ports![0]!.nodePort! };
  const ip = await podIp(client, 'bench-web');
  const times: number[] = [];
  for (let round = 0; round < 11; round += 1) {
    const start = performance.now();
    await client.create(ENDPOINT_SLICES, aSlice('bench-change', [ip]));
    await answered(target);
    times.push(performance.now() - start);
    await client.delete(ENDPOINT_SLICES, { namespace: NAMESPACE, name: 'bench-change' });
    await delay(100);
  }
  return { name: '', value: median(times), unit: 'ms', peer: BUDGET, peerValue: 100 };
}

async function podIp(client: Client, name: string): Promise<string> {
  return (await client.get(PODS, { namespace: NAMESPACE, name })).status?.podIP ?? '';
}

function nodePortService(name: string): Service {
  return { metadata: { name, namespace: NAMESPACE }, spec: { type: 'NodePort', selector: LABELS, ports: [{ port: 80 }] } };
}

function aSlice(service: string, addresses: readonly string[]): EndpointSlice {
  return {
    metadata: { name: service, namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
  };
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
