// The proxy hides from the kernel who connects to a Service, so it asks itself what policies say.
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NOTHING_TO_ENFORCE, type PolicyPlan } from '../../../src/network/policy/policy-plan.ts';
import { aRule, freePort, LOCAL, ProxyBench } from '../../support/proxy-bench.ts';
import { soon } from '../../support/virtual-clock.ts';

// Addresses of the loopback stand for Pods.
const [ALLOWED, DENIED, SILENT] = ['127.0.0.5', '127.0.0.6', '127.0.0.7'];
let bench: ProxyBench;
let port: number;

beforeEach(async () => {
  bench = new ProxyBench();
  port = await freePort();
});
afterEach(() => bench.close());

/** `ip` lets in ALLOWED alone; SILENT may connect to nobody. */
function planFor(ip: string, protocol: string, number: number): PolicyPlan {
  return {
    sets: new Map([['clients', [ALLOWED!]]]),
    chains: new Map([
      ['in', [{ peers: { type: 'set', set: 'clients' }, ports: [{ protocol, from: number, to: number }] }]],
      ['out', []],
    ]),
    ingress: new Map([[ip, 'in']]),
    egress: new Map([[SILENT!, 'out']]),
  };
}

const hears = (from: string): Promise<string> =>
  new Promise((resolve) => {
    let heard = '';
    const socket = connect({ host: LOCAL, port, localAddress: from });
    socket.on('data', (data: Buffer) => (heard += data.toString()));
    socket.on('error', ({ message }) => resolve(message.includes('ECONNRESET') ? 'reset' : message));
    socket.on('close', () => resolve(heard));
  });

test('a connection is judged by who made it, not by the proxy that passes it on', async () => {
  const backend = await bench.backend((socket) => socket.end('hello'));
  await bench.apply([aRule(port, [backend])]);
  expect(await hears(DENIED!)).toBe('hello');
  bench.part.usePolicies(planFor(LOCAL, 'TCP', backend.port));
  await soon('the policies count', async () => (await hears(DENIED!)) === 'reset');
  expect(await Promise.all([ALLOWED!, DENIED!, SILENT!, LOCAL].map(hears))).toEqual(['hello', 'reset', 'reset', 'hello']);
  bench.part.usePolicies(NOTHING_TO_ENFORCE);
  await soon('they do not any more', async () => (await hears(DENIED!)) === 'hello');
});

test('a thread that follows one that died has the policies, too', async () => {
  const backend = await bench.backend((socket) => socket.end('hello'));
  bench.part.usePolicies(planFor(LOCAL, 'TCP', backend.port));
  await bench.apply([aRule(port, [backend])]);
  expect(await Promise.all([ALLOWED!, DENIED!].map(hears))).toEqual(['hello', 'reset']);
});

test('datagrams, too', async () => {
  const server = createSocket('udp4');
  await new Promise<void>((resolve) => server.bind(0, LOCAL, resolve));
  server.on('message', (_, { address, port: back }) => server.send('hello', back, address));
  bench.onClose(() => server.close());
  port = await freePort('UDP');
  bench.part.usePolicies(planFor(LOCAL, 'UDP', server.address().port));
  await bench.apply([aRule(port, [{ ip: LOCAL, port: server.address().port }], { protocol: 'UDP' })]);
  const answered = (from: string, timeoutMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = createSocket('udp4');
      const end = (answer: boolean): void => (clearTimeout(timer), socket.close(), resolve(answer));
      const timer = setTimeout(() => end(false), timeoutMs);
      socket.once('message', () => end(true));
      socket.bind(0, from, () => socket.send('hello?', port, LOCAL));
    });
  expect(await Promise.all([answered(ALLOWED!, 3_000), answered(DENIED!, 200), answered(SILENT!, 200)])).toEqual([true, false, false]);
});
