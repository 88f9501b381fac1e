import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aRule, failureOf, freePort, LOCAL, ProxyBench, talk } from '../../support/proxy-bench.ts';
import { soon } from '../../support/virtual-clock.ts';

let bench: ProxyBench;
let port: number;
beforeEach(async () => {
  bench = new ProxyBench();
  port = await freePort();
});
afterEach(() => bench.close());

/** Answers with its name as soon as somebody connects, and ends. */
const named = (name: string) => bench.backend((socket) => socket.end(name));
const echo = (): ReturnType<ProxyBench['backend']> => bench.backend((socket) => void socket.pipe(socket));
const open = async (): Promise<Socket> => {
  const socket = connect({ host: LOCAL, port, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
};

describe('bytes', () => {
  test('pass both ways, and ends are passed on one by one', async () => {
    const backend = await bench.backend((socket) => {
      let heard = '';
      socket.on('data', (data: Buffer) => (heard += data.toString()));
      // Answers only after the client has ended: half a connection is one.
      socket.on('end', () => socket.end(`heard ${heard}`));
    });
    await bench.apply([aRule(port, [backend])]);
    expect(await talk(port, 'hello')).toBe('heard hello');
    await soon('both connections are gone', () => backend.sockets.size === 0);
  });

  test('of a large stream all arrive in order, the other way at the same time', async () => {
    const backend = await echo();
    await bench.apply([aRule(port, [backend])]);
    const socket = await open();
    const sent = Buffer.alloc(24 * 1024 * 1024);
    for (let at = 0; at < sent.length; at += 4) sent.writeUInt32LE(at, at);
    const heard: Buffer[] = [];
    socket.on('data', (data: Buffer) => heard.push(data));
    socket.end(sent);
    await once(socket, 'end');
    expect(Buffer.concat(heard).equals(sent)).toBe(true);
  });

  test('wait for a client that does not read: nothing piles up in the proxy', async () => {
    let written = 0;
    const backend = await bench.backend((socket) => {
      const block = Buffer.alloc(256 * 1024);
      const more = (): void => {
        let goesOn = true;
        while (goesOn && written < 512 * 1024 * 1024) {
          written += block.length;
          goesOn = socket.write(block);
        }
      };
      socket.on('drain', more);
      more();
    });
    await bench.apply([aRule(port, [backend])]);
    const socket = await open();
    socket.pause();
    let before = -1;
    await soon('the backend has stopped writing', async () => {
      const isQuiet = written === before && written > 0;
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return isQuiet && written === before;
    });
    // What the kernel holds for four sockets at most, and one read.
    expect(written).toBeLessThan(64 * 1024 * 1024);
    socket.destroy();
  });
});

/** Of iproute2: what the kernel knows of sockets. */
const HAS_SS = spawnSync('ss', ['-V']).status === 0;

(HAS_SS ? test : test.skip)('peers that are gone without a word are found out: the kernel asks both of them', async () => {
  const backend = await echo();
  await bench.apply([aRule(port, [backend])]);
  const socket = await open();
  socket.write('x');
  await once(socket, 'data');
  const { stdout } = spawnSync('ss', ['-Htno', 'state', 'established', `( sport = :${port} or dport = :${backend.port} )`], { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/timer:\(keepalive,\d+(?:min\d*)?(?:sec)?,0\)/);
  socket.destroy();
});

describe('a backend', () => {
  test('each takes its turn', async () => {
    const backends = await Promise.all(['a', 'b', 'c'].map(named));
    await bench.apply([aRule(port, backends)]);
    const counts: Record<string, number> = {};
    for (let turn = 0; turn < 30; turn += 1) {
      const name = await talk(port);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(counts).toEqual({ a: 10, b: 10, c: 10 });
  });

  test('that refuses is passed over for another', async () => {
    const [dead, alive] = [await named('dead'), await named('alive')];
    dead.server.close();
    await bench.apply([aRule(port, [dead, alive])]);
    expect([await talk(port), await talk(port), await talk(port)]).toEqual(['alive', 'alive', 'alive']);
  });

  test('that is the only one and refuses resets the connection', async () => {
    const dead = await named('dead');
    dead.server.close();
    await bench.apply([aRule(port, [dead])]);
    expect(await failureOf(talk(port, 'x'))).toBe('ECONNRESET');
  });

  test('that dies in mid-connection resets the client', async () => {
    const backend = await bench.backend((socket) => socket.write('partial'));
    await bench.apply([aRule(port, [backend])]);
    const socket = await open();
    await once(socket, 'data');
    const failed = once(socket, 'error');
    for (const accepted of backend.sockets) accepted.resetAndDestroy();
    expect(((await failed)[0] as NodeJS.ErrnoException).code).toBe('ECONNRESET');
  });

  test('is reset when its client dies', async () => {
    const backend = await echo();
    await bench.apply([aRule(port, [backend])]);
    const socket = await open();
    socket.write('x');
    await once(socket, 'data');
    const failed = once([...backend.sockets][0]!, 'error');
    socket.resetAndDestroy();
    expect(((await failed)[0] as NodeJS.ErrnoException).code).toBe('ECONNRESET');
  });

  test('that hangs holds up nobody else', async () => {
    const [hanging, alive] = [await bench.backend((socket) => socket.resume()), await named('alive')];
    await bench.apply([aRule(port, [hanging, alive])]);
    const stuck = await open();
    expect(await talk(port)).toBe('alive');
    expect(stuck.destroyed).toBe(false);
    stuck.resetAndDestroy();
    await soon('the hanging backend is told', () => hanging.sockets.size === 0);
  });

  test('that is left out keeps its connections and gets no new ones', async () => {
    const [old, next] = [await echo(), await named('next')];
    await bench.apply([aRule(port, [old])]);
    const socket = await open();
    socket.write('hello');
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
    await bench.apply([aRule(port, [next])]);
    expect(await talk(port)).toBe('next');
    socket.write('still there');
    expect(String((await once(socket, 'data'))[0])).toBe('still there');
    await bench.apply([]);
    socket.write('and now');
    expect(String((await once(socket, 'data'))[0])).toBe('and now');
    socket.destroy();
  });

  test('stays the one of a client for as long as the rule says', async () => {
    const backends = await Promise.all(['a', 'b', 'c'].map(named));
    const sticky = aRule(port, backends, { affinityMs: 60_000 });
    await bench.apply([sticky]);
    const first = await talk(port);
    for (let turn = 0; turn < 5; turn += 1) expect(await talk(port)).toBe(first);
    await bench.apply([{ ...sticky, affinityMs: undefined }]);
    const names = new Set([await talk(port), await talk(port), await talk(port)]);
    expect(names.size).toBe(3);
  });
});

describe('a port', () => {
  test('without backends refuses at once, and is live with the first', async () => {
    const backend = await named('here');
    await bench.apply([aRule(port, [])]);
    expect(await failureOf(talk(port))).toBe('ECONNREFUSED');
    await bench.apply([aRule(port, [backend])]);
    expect(await talk(port)).toBe('here');
    await bench.apply([aRule(port, [])]);
    expect(await failureOf(talk(port))).toBe('ECONNREFUSED');
  });

  test('is held only while it is open on every address that this host has', async () => {
    await bench.close();
    bench = new ProxyBench({ nodeAddresses: [LOCAL, '::1', '127.0.0.2', '192.0.2.77'] });
    const backend = await named('here');
    await bench.apply([aRule(port, [backend])]);
    expect([...bench.reserved]).toEqual(['default/web:/TCP']);
    expect(await talk(port, '', '127.0.0.2')).toBe('here');
    expect(bench.news).toEqual([]);
    await bench.apply([aRule(port, [])]);
    expect([...bench.reserved]).toEqual([]);
  });

  test('that another program has is told, and opened when it is free', async () => {
    const backend = await named('here');
    const other = createServer().listen(port, LOCAL);
    await once(other, 'listening');
    await bench.apply([aRule(port, [backend])]);
    expect(bench.news).toMatchObject([{ type: 'failed', listener: { purpose: 'node-port', port, address: LOCAL, code: 'EADDRINUSE' } }]);
    expect([...bench.reserved]).toEqual([]);
    other.close();
    await soon('the port is ours', () => bench.news.length === 2);
    expect(bench.news[1]).toMatchObject({ type: 'recovered' });
    expect(await talk(port)).toBe('here');
    expect([...bench.reserved]).toEqual(['default/web:/TCP']);
  });

  test('that is taken is told before there is a backend', async () => {
    const other = createServer().listen(port, LOCAL);
    await once(other, 'listening');
    await bench.apply([aRule(port, [])]);
    expect(bench.news).toHaveLength(1);
    other.close();
    await soon('it is free', () => bench.news.length === 2);
    expect(await failureOf(talk(port))).toBe('ECONNREFUSED');
  });

  test('moves from one Service to another in one step', async () => {
    const [first, second] = [await named('first'), await named('second')];
    await bench.apply([aRule(port, [first])]);
    await bench.apply([aRule(port, [second], { key: 'default/other:/TCP', service: 'other' })]);
    expect(await talk(port)).toBe('second');
    expect(bench.news).toEqual([]);
  });
});

describe('a load balancer', () => {
  const address = '127.96.77.1';

  test('has its own port on its own address', async () => {
    const backend = await named('here');
    await bench.apply([aRule(port, [backend], { nodePort: undefined, loadBalancerIps: [address], port })]);
    expect(await talk(port, '', address)).toBe('here');
    expect(await failureOf(talk(port))).toBe('ECONNREFUSED');
  });

  test.each([
    { ranges: ['127.0.0.0/8'], outcome: 'here' },
    { ranges: ['192.0.2.0/24', '127.0.0.1/32'], outcome: 'here' },
    { ranges: ['192.0.2.0/24'], outcome: 'ECONNRESET' },
    { ranges: ['fd00::/8'], outcome: 'ECONNRESET' },
    { ranges: ['nonsense'], outcome: 'ECONNRESET' },
  ])('with source ranges $ranges answers 127.0.0.1 with $outcome', async ({ ranges, outcome }) => {
    const backend = await named('here');
    await bench.apply([aRule(port, [backend], { loadBalancerIps: [address], port, nodePort: undefined, sourceRanges: ranges })]);
    const from127001 = new Promise<string>((resolve, reject) => {
      const socket = connect({ host: address, port, localAddress: LOCAL });
      let text = '';
      socket.on('data', (data: Buffer) => (text += data.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
    });
    expect(await from127001.catch((error: NodeJS.ErrnoException) => error.code)).toBe(outcome);
  });

  test('asks the node whether it has endpoints', async () => {
    const check = { key: 'default/web', namespace: 'default', service: 'web', port, localEndpoints: 2 };
    await bench.apply([], [check]);
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect([answer.status, await answer.json()]).toEqual([200, { service: { namespace: 'default', name: 'web' }, localEndpoints: 2, serviceProxyHealthy: true }]);
    await bench.apply([], [{ ...check, localEndpoints: 0 }]);
    const none = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect([none.status, await none.json()]).toMatchObject([503, { localEndpoints: 0 }]);
    await bench.apply([]);
    expect(await failureOf(talk(port))).toBe('ECONNREFUSED');
  });
});
