// pure: what a Service's events say of its ports on this host.
import type { EventText } from '../../client/event-recorder-contract.ts';
import type { ListenerNews } from './listener-book.ts';
import type { ListenerReport, Purpose } from './protocol.ts';

const NAMES: Readonly<Record<Purpose, string>> = {
  'node-port': 'node port',
  'load-balancer': 'load balancer port',
  'cluster-ip': 'port',
  'external-ip': 'external port',
  'health-check': 'health check node port',
};

/** `addresses`: where the same happened to the same port. `holder`: "nginx (pid 12)", where that can be found out. `fallback`: another way to the Service. */
export function listenerEvent({ type, listener }: ListenerNews, more: { readonly addresses: readonly string[]; readonly holder?: string; readonly fallback?: string }): EventText {
  const { purpose, port, protocol } = listener;
  const what = `${NAMES[purpose]} ${port}/${protocol}`;
  const where = more.addresses.map((address) => (address.includes(':') ? `[${address}]` : address)).join(', ');
  if (type === 'recovered') return { type: 'Normal', reason: 'PortOpened', message: `The ${what} is open on ${where} now` };
  const fallback = more.fallback === undefined ? '' : `. Until then use ${more.fallback}`;
  return { type: 'Warning', reason: reasonOf(listener), message: `The ${what} cannot be opened on ${where}: ${why(listener, more.holder)}. It will be opened as soon as that is possible${fallback}` };
}

/** In one word. */
export function reasonOf({ code }: Pick<ListenerReport, 'code'>): string {
  return code === 'EADDRINUSE' ? 'PortInUse' : 'PortUnavailable';
}

function why({ code = '', address, port }: ListenerReport, holder: string | undefined): string {
  switch (code) {
    case 'EADDRINUSE':
      return `it is in use by ${holder ?? 'another program'}`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not open port ${port} (Linux lets everybody with: sysctl -w net.ipv4.ip_unprivileged_port_start=${port})`;
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return `${address} is no address of this host`;
    case 'EMFILE':
    case 'ENFILE':
      return 'the daemon has no file descriptors left (ulimit -n)';
    default:
      return code;
  }
}
