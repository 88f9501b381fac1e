import { expect, test } from '@jest/globals';
import type { ListenerNews } from '../../../../src/network/proxy/listener-book.ts';
import { listenerEvent } from '../../../../src/network/proxy/listener-events.ts';
import type { ListenerReport } from '../../../../src/network/proxy/protocol.ts';

const news = (changes: Partial<ListenerReport>, type: ListenerNews['type'] = 'failed'): ListenerNews => ({
  type,
  listener: { owner: 'default/web:/TCP', purpose: 'node-port', protocol: 'TCP', address: '127.0.0.1', port: 30007, state: 'failed', code: 'EADDRINUSE', ...changes },
});

test.each([
  {
    news: news({}),
    more: { addresses: ['127.0.0.1', '::1'], holder: 'nginx (pid 12)' },
    event: { type: 'Warning', reason: 'PortInUse', message: 'The node port 30007/TCP cannot be opened on 127.0.0.1, [::1]: it is in use by nginx (pid 12). It will be opened as soon as that is possible' },
  },
  {
    news: news({}),
    more: { addresses: ['127.0.0.1'] },
    event: { type: 'Warning', reason: 'PortInUse', message: 'The node port 30007/TCP cannot be opened on 127.0.0.1: it is in use by another program. It will be opened as soon as that is possible' },
  },
  {
    news: news({ purpose: 'load-balancer', address: '127.96.0.1', port: 80, code: 'EACCES' }),
    more: { addresses: ['127.96.0.1'], fallback: '127.0.0.1:31234' },
    event: {
      type: 'Warning',
      reason: 'PortUnavailable',
      message: 'The load balancer port 80/TCP cannot be opened on 127.96.0.1: this user may not open port 80 (Linux lets everybody with: sysctl -w net.ipv4.ip_unprivileged_port_start=80). It will be opened as soon as that is possible. Until then use 127.0.0.1:31234',
    },
  },
  {
    news: news({ purpose: 'external-ip', address: '192.0.2.1', port: 80, code: 'EADDRNOTAVAIL' }),
    more: { addresses: ['192.0.2.1'] },
    event: { type: 'Warning', reason: 'PortUnavailable', message: 'The external port 80/TCP cannot be opened on 192.0.2.1: 192.0.2.1 is no address of this host. It will be opened as soon as that is possible' },
  },
  {
    news: news({ state: 'open', code: undefined }, 'recovered'),
    more: { addresses: ['127.0.0.1', '172.17.0.1'] },
    event: { type: 'Normal', reason: 'PortOpened', message: 'The node port 30007/TCP is open on 127.0.0.1, 172.17.0.1 now' },
  },
])('$event.message', ({ news: told, more, event }) => {
  expect(listenerEvent(told, more)).toEqual(event);
});
