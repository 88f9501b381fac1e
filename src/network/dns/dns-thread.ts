// The DNS server's own thread: however busy the API is, names are answered at once.
import { randomInt } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../base/clock.ts';
import { createLogger } from '../../base/log.ts';
import type { DnsThreadOptions, FromDnsThread, ToDnsThread } from './dns-messages.ts';
import { openDnsServer, type DnsServer } from './dns-server.ts';
import { HostResolvers } from './host-resolvers.ts';
import { Responder } from './responder.ts';
import { Upstream } from './upstream.ts';
import { ZoneIndex } from './zone-index.ts';

const IDS = 65_536;

const port = parentPort!;
const options = workerData as DnsThreadOptions;
const say = (message: FromDnsThread): void => port.postMessage(message);
const clock = systemClock;
const log = createLogger({ write: tell, now: () => clock.now() });
const index = new ZoneIndex({ domain: options.domain, serverIp: options.ip });
const resolvers = new HostResolvers({ path: options.resolvConf, own: [options.ip], clock, onChange: () => upstream.forget() });
const upstream = new Upstream({ servers: () => resolvers.servers(), clock, newId: () => randomInt(IDS) });
const responder = new Responder({ index, upstream });
let server: DnsServer | undefined;

port.on('message', (message: ToDnsThread) => {
  if (message.type === 'changes') for (const change of message.changes) index.apply(change);
  else if (message.type === 'open') void open();
  else void close();
});

async function open(): Promise<void> {
  try {
    server = await openDnsServer({ ip: options.ip, port: options.port, respond: (bytes, transport) => responder.respond(bytes, transport), log });
    say({ type: 'opened', port: server.port });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    say({ type: 'failed', code, why: message });
  }
}

async function close(): Promise<void> {
  await server?.close();
  port.close();
}

/** Lines of this thread's log go into the daemon's. */
function tell(line: string): void {
  const { time: _time, level, message, ...fields } = JSON.parse(line);
  say({ type: 'log', level, message, fields });
}
