import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Backend, ForwardingRule } from '../../../src/network/forwarding/forwarding-table.ts';
import { Forwarder } from '../../../src/network/proxy/thread/forwarder.ts';
import { aRule, freePort, LOCAL } from '../../support/proxy-bench.ts';
import { settle, soon, VirtualClock } from '../../support/virtual-clock.ts';

/** The proxy without its thread, so that its clock is the test's. */
let forwarder: Forwarder;
let clock: VirtualClock;
let port: number;
let sockets: Socket[];

beforeEach(async () => {
  clock = new VirtualClock();
  forwarder = new Forwarder({ clock, report: () => undefined, log: () => undefined });
  port = await freePort('UDP');
  sockets = [];
});
afterEach(() => {
  forwarder.close();
  for (const socket of sockets) socket.close();
});

async function aSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  await new Promise<void>((resolve) => socket.bind(0, LOCAL, resolve));
  return socket;
}

/** Answers every datagram with its name and the port that it came from; a mute one only hears. */
async function aBackend(name: string, { mute = false } = {}): Promise<Backend & { readonly heard: string[] }> {
  const socket = await aSocket();
  const heard: string[] = [];
  socket.on('message', (datagram, from) => {
    heard.push(datagram.toString());
    if (!mute) socket.send(`${name} ${from.port}`, from.port, from.address);
  });
  return { ip: LOCAL, port: socket.address().port, heard };
}

const aUdpRule = (backends: readonly Backend[], changes: Partial<ForwardingRule> = {}): ForwardingRule => aRule(port, backends, { key: 'default/web:/UDP', protocol: 'UDP', ...changes });

const apply = (rules: readonly ForwardingRule[], removedRules: readonly string[] = []): Promise<void> =>
  forwarder.apply({ rules, removedRules, healthChecks: [], removedHealthChecks: [], settings: { nodeAddresses: [LOCAL], listenOnClusterIps: 'none' } });

async function ask(client: Socket, text = 'hello'): Promise<string> {
  const answer = once(client, 'message');
  client.send(text, port, LOCAL);
  return String((await answer)[0]);
}

const nameOf = (answer: string): string => answer.split(' ')[0]!;

test('each client has a way of its own to a backend, and back', async () => {
  await apply([aUdpRule([await aBackend('a'), await aBackend('b')])]);
  const [one, two] = [await aSocket(), await aSocket()];
  const first = await ask(one);
  expect(await ask(one)).toBe(first);
  const second = await ask(two);
  expect([nameOf(first), nameOf(second)].sort()).toEqual(['a', 'b']);
});

test('a way that is idle is given up: later than one that was never answered', async () => {
  const [a, mute] = [await aBackend('a'), await aBackend('mute', { mute: true })];
  await apply([aUdpRule([a, mute])]);
  const [one, two] = [await aSocket(), await aSocket()];
  const first = await ask(one);
  two.send('anybody?', port, LOCAL);
  await soon('the mute backend has heard it', () => mute.heard.length === 1);
  await clock.advance(40_000);
  // Its way is over after 30 seconds: a's turn has come.
  expect(nameOf(await ask(two))).toBe('a');
  expect(await ask(one)).toBe(first);
  await clock.advance(130_000);
  two.send('anybody?', port, LOCAL);
  await settle();
  expect(clock.waits.length).toBeLessThanOrEqual(1);
});

test('a way is steered anew when its backend is no longer one', async () => {
  const [old, next] = [await aBackend('old'), await aBackend('next')];
  await apply([aUdpRule([old])]);
  const client = await aSocket();
  expect(nameOf(await ask(client))).toBe('old');
  await apply([aUdpRule([next])]);
  expect(nameOf(await ask(client))).toBe('next');
});

test('a way is steered anew when its backend refuses', async () => {
  const alive = await aBackend('alive');
  const dead = { ip: LOCAL, port: await freePort('UDP') };
  await apply([aUdpRule([dead, alive])]);
  const client = await aSocket();
  const answers: string[] = [];
  client.on('message', (datagram) => answers.push(datagram.toString()));
  await soon('the other backend answers', () => {
    client.send('hello', port, LOCAL);
    return answers.length > 0;
  });
  expect(nameOf(answers[0]!)).toBe('alive');
});

test('a client keeps its backend with a new way, where the rule says so', async () => {
  await apply([aUdpRule(await Promise.all(['a', 'b', 'c'].map((name) => aBackend(name))), { affinityMs: 600_000 })]);
  const names = new Set<string>();
  for (let turn = 0; turn < 4; turn += 1) names.add(nameOf(await ask(await aSocket())));
  expect(names.size).toBe(1);
});

test('without backends the port is closed: a sender is told at once', async () => {
  await apply([aUdpRule([await aBackend('a')])]);
  await apply([aUdpRule([])]);
  const client = createSocket('udp4');
  sockets.push(client);
  await new Promise<void>((resolve) => client.connect(port, LOCAL, resolve));
  const failed = once(client, 'error');
  client.send('hello');
  expect(((await failed)[0] as NodeJS.ErrnoException).code).toBe('ECONNREFUSED');
});

test('a rule that goes leaves no socket and no timer', async () => {
  await apply([aUdpRule([await aBackend('a')])]);
  await ask(await aSocket());
  await apply([], ['default/web:/UDP']);
  expect(clock.waits).toEqual([]);
});
