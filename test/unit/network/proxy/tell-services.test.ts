import { expect, test } from '@jest/globals';
import type { Service } from '../../../../src/api/generated/types.ts';
import type { ListenerNews } from '../../../../src/network/proxy/listener-book.ts';
import type { ListenerReport } from '../../../../src/network/proxy/protocol.ts';
import { tellServices } from '../../../../src/network/proxy/tell-services.ts';
import { cachedInformer } from '../../../support/cached-informer.ts';
import { aService } from '../../../support/services.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const failed = (address: string, changes: Partial<ListenerReport> = {}): ListenerNews => ({
  type: 'failed',
  listener: { owner: 'default/web:/TCP', purpose: 'node-port', protocol: 'TCP', address, port: 30007, state: 'failed', code: 'EADDRINUSE', ...changes },
});

function aTeller({ isServed = false } = {}) {
  const clock = new VirtualClock();
  const services = cachedInformer<Service>();
  services.put(aService({ type: 'LoadBalancer', ports: [{ port: 80, nodePort: 31234 }] }));
  const told: string[] = [];
  const teller = tellServices({ services, clock, isServed: ({ purpose }) => isServed && purpose === 'load-balancer', findHolder: async ({ port }) => (port === 30007 ? 'nginx (pid 12)' : undefined), recorder: { event: ({ metadata }, { message }) => void told.push(`${metadata?.name}: ${message}`) } });
  return { clock, told, teller };
}

test('what happens to one port on several addresses is one event, with who has it', async () => {
  const { clock, told, teller } = aTeller();
  teller.tell([failed('127.0.0.1'), failed('::1')]);
  teller.tell([failed('172.17.0.1')]);
  await clock.advance(100);
  expect(told).toEqual(['web: The node port 30007/TCP cannot be opened on 127.0.0.1, [::1], 172.17.0.1: it is in use by nginx (pid 12). It will be opened as soon as that is possible']);
});

test('ports and causes are told apart; a load balancer is given the way that is left', async () => {
  const { clock, told, teller } = aTeller();
  teller.tell([failed('127.0.0.1', { code: 'EMFILE' }), failed('127.96.0.1', { purpose: 'load-balancer', port: 80, code: 'EADDRNOTAVAIL' })]);
  await clock.advance(3_000);
  expect(told).toHaveLength(2);
  expect(told[1]).toMatch(/127\.96\.0\.1 is no address of this host\. .* Until then use 127\.0\.0\.1:31234$/);
});

test('a Service that is gone by then is told nothing', async () => {
  const { clock, told, teller } = aTeller();
  teller.tell([failed('127.0.0.1', { owner: 'default/other:/TCP' })]);
  await clock.advance(100);
  expect(told).toEqual([]);
  teller.tell([failed('127.0.0.1')]);
  teller.stop();
  await clock.advance(100);
  expect(told).toEqual([]);
});

test('an address that the kernel forwards to needs no listener: nothing is told', async () => {
  const { clock, told, teller } = aTeller({ isServed: true });
  teller.tell([failed('127.96.0.1', { purpose: 'load-balancer', port: 80, code: 'EACCES' })]);
  await clock.advance(3_000);
  expect(told).toEqual([]);
});
