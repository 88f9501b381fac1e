import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { aRule, failureOf, freePort, LOCAL, ProxyBench, talk } from '../../support/proxy-bench.ts';
import { soon, VirtualClock } from '../../support/virtual-clock.ts';

let bench: ProxyBench;
afterEach(() => bench.close());

test('a thread that dies is followed by another, with all ports, and it is told', async () => {
  const port = await freePort();
  const killSocket = join(tmpdir(), `minik-mortal-thread-${process.pid}.sock`);
  bench = new ProxyBench({ entry: new URL('../../support/mortal-proxy-thread.ts', import.meta.url) });
  const backend = await bench.backend((socket) => socket.end('here'));
  await bench.apply([aRule(port, [backend])]);
  expect(await talk(port)).toBe('here');
  bench.onClose(() => rm(killSocket, { force: true }));
  connect(killSocket).on('error', () => undefined);
  await soon('its death is told', () => bench.deaths.length === 1);
  expect([...bench.reserved]).toEqual([]);
  await soon('another has taken over', () => bench.reserved.size === 1);
  expect(await talk(port)).toBe('here');
  // What is changed after it is taken, too.
  await bench.apply([]);
  expect(await failureOf(talk(port))).toBe('ECONNREFUSED');
  expect(bench.news).toEqual([]);
});

test('a thread that does not answer is given up', async () => {
  const clock = new VirtualClock();
  bench = new ProxyBench({ entry: new URL('../../support/deaf-proxy-thread.ts', import.meta.url), clock });
  const failed = bench.apply([aRule(await freePort(), [])]).catch((error: Error) => error.message);
  await clock.advance(20_000);
  expect(await failed).toBe("the proxy's thread did not answer within 20000 ms");
  // Given up by ourselves: no death to tell of, and the next change finds a new thread.
  expect(bench.deaths).toEqual([]);
});

test('5,000 connections at a time are served, and gone when they are closed', async () => {
  bench = new ProxyBench();
  const port = await freePort();
  const echo = spawn(process.execPath, [new URL('../../support/echo-server.ts', import.meta.url).pathname], { stdio: ['ignore', 'pipe', 'inherit'] });
  bench.onClose(() => echo.kill());
  const backend = { ip: LOCAL, port: Number((await once(echo.stdout, 'data'))[0]) };
  await bench.apply([aRule(port, [backend])]);
  const sockets: Socket[] = [];
  // The kernel's queue of a listener is not endless: a few hundred at a time.
  for (let batch = 0; batch < 25; batch += 1) {
    const some = Array.from({ length: 200 }, () => connect({ host: LOCAL, port }));
    sockets.push(...some);
    await Promise.all(some.map((socket) => once(socket, 'connect')));
  }
  const answers = sockets.map((socket) => once(socket, 'data'));
  sockets.forEach((socket, at) => socket.write(`client ${at}`));
  const heard = (await Promise.all(answers)).map(([data]) => String(data));
  expect(heard).toEqual(sockets.map((_, at) => `client ${at}`));
  for (const socket of sockets) socket.destroy();
  // Asked of the backend itself, past the proxy.
  await soon('the backend sees all of them end', async () => (await howMany(backend.port)) === 1, { timeoutMs: 10_000 });
}, 30_000);

async function howMany(port: number): Promise<number> {
  const socket = connect({ host: LOCAL, port });
  socket.write('how many?');
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return Number(answer);
}

test('a load balancer that cannot be opened is told while the kernel does not forward to it, and no longer', async () => {
  bench = new ProxyBench();
  const port = await freePort();
  const other = createServer().listen(port, '0.0.0.0');
  await once(other, 'listening');
  bench.onClose(() => other.close());
  const rule = aRule(1, [], { nodePort: undefined, loadBalancerIps: ['127.96.77.2'], port });
  await bench.apply([rule]);
  expect(bench.unopened).toMatchObject([{ purpose: 'load-balancer', port, code: 'EADDRINUSE' }]);
  await bench.apply([rule], [], { kernelForwards: 'all' });
  expect(bench.unopened).toEqual([]);
  await bench.apply([rule], [], { kernelForwards: 'none' });
  expect(bench.unopened).toHaveLength(1);
});
