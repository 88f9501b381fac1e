// minik url over the real API, with a program of this machine behind the Service.
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Service } from '../../../src/api/generated/types.ts';
import { SERVICES } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome } from '../../support/cli-home.ts';

const HOST = '127.0.0.1';
let home: CliHome;
let server: net.Server;
let port: number;

beforeEach(async () => {
  home = await startCliHome();
  server = net.createServer((socket) => socket.end()).listen(0, HOST);
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});

afterEach(async () => {
  server.close();
  await home.close();
});

/** A Service whose load balancer has `ip`. */
async function balanced(ip: string): Promise<void> {
  const made = await home.api.client.create(SERVICES, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port }] } });
  await home.api.client.updateStatus<Service>(SERVICES, { ...made, status: { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } } });
}

test.each([[['url', 'web']], [['url', 'svc/web']], [['service', 'url', 'web']]])('the address that answers is printed: %j', async (words) => {
  await balanced(HOST);
  expect(await home.minik(words)).toEqual({ code: 0, out: `http://${HOST}:${port}\n`, err: '' });
});

test('where nobody answers the address is told all the same, with a warning', async () => {
  await balanced(HOST);
  server.close();
  const { code, out, err } = await home.minik(['url', 'web']);
  expect({ code, out }).toEqual({ code: 0, out: `http://${HOST}:${port}\n` });
  expect(err).toBe(`Warning: nobody answers at port ${port}/TCP of service web now: no ready pod stands behind it; minik port-forward svc/web is another way\n`);
});

test('--open hands it to the browser, and says when there is none', async () => {
  await balanced(HOST);
  const [browser, opened] = [join(home.directory, 'browser'), join(home.directory, 'opened')];
  writeFileSync(browser, `#!/bin/sh\necho "$1" > ${opened}\n`);
  chmodSync(browser, 0o755);
  expect((await home.minik(['url', 'web', '--open'], '', { env: { BROWSER: browser } })).code).toBe(0);
  expect(readFileSync(opened, 'utf8')).toBe(`http://${HOST}:${port}\n`);
  const without = await home.minik(['url', 'web', '--open'], '', { env: { BROWSER: '/nowhere/browser' } });
  expect(without).toMatchObject({ code: 1, err: `error: http://${HOST}:${port} could not be opened with /nowhere/browser (ENOENT); set BROWSER to the program that opens pages\n` });
});

test.each([
  [['url'], "error: the name of a service is missing\nSee 'minik url -h' for help and examples\n"],
  [['url', 'nope'], 'Error from server (NotFound): services "nope" not found\n'],
  [['url', 'pod/web'], 'error: pod/web is no service\n'],
  [['service'], 'error: what to do with the service is missing: minik service url NAME\n'],
])('%j fails', async (words, err) => {
  expect(await home.minik(words)).toEqual({ code: 1, out: '', err });
});
