import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { findPortHolder } from '../../../../src/network/proxy/port-holder.ts';
import { freePort, LOCAL } from '../../../support/proxy-bench.ts';

const mine = expect.stringMatching(new RegExp(` \\(pid ${process.pid}\\)$`));

test('a program that listens is found by its port', async () => {
  const server = createServer().listen(0, LOCAL);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  expect(await findPortHolder({ protocol: 'TCP', address: LOCAL, port })).toEqual(mine);
  server.close();
});

test('one that takes datagrams, too', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, LOCAL, resolve));
  expect(await findPortHolder({ protocol: 'UDP', address: LOCAL, port: socket.address().port })).toEqual(mine);
  socket.close();
});

test('nobody has a port that is free', async () => {
  expect(await findPortHolder({ protocol: 'TCP', address: LOCAL, port: await freePort() })).toBeUndefined();
});

test.each(['0.0.0.0', '::', '127.0.0.1'])('a program that listens on %s keeps others from 127.0.0.1 and from every address', async (own) => {
  const server = createServer().listen(0, own);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  for (const address of ['127.0.0.1', '0.0.0.0']) expect(await findPortHolder({ protocol: 'TCP', address, port })).toEqual(mine);
  server.close();
});

test('a program on another address is not the one', async () => {
  const server = createServer().listen(0, '::1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  expect(await findPortHolder({ protocol: 'TCP', address: '127.0.0.1', port })).toBeUndefined();
  expect(await findPortHolder({ protocol: 'TCP', address: '::1', port })).toEqual(mine);
  server.close();
});
