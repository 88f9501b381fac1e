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
  expect(await findPortHolder({ protocol: 'TCP', port })).toEqual(mine);
  server.close();
});

test('one that takes datagrams, too', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, LOCAL, resolve));
  expect(await findPortHolder({ protocol: 'UDP', port: socket.address().port })).toEqual(mine);
  socket.close();
});

test('nobody has a port that is free', async () => {
  expect(await findPortHolder({ protocol: 'TCP', port: await freePort() })).toBeUndefined();
});
