// A connection to the loopback device of a container's own network. Only a process inside that network can make it, so a
// helper goes in, connects, and hands the connected socket out: the bytes then take no detour.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { PodConnection } from '../../../api/pod/pod-streams.ts';
import { sleep } from '../../../base/clock.ts';
import { socketConnection } from '../socket-connection.ts';
import type { EngineContext } from './containers.ts';
import { translated } from './engine-errors.ts';
import { asNumber, asRecord } from './json-fields.ts';

/** Paused: what the server says first must not be read in here. */
const HELPER = `
const socket = new (require('node:net').Socket)({ allowHalfOpen: true }).pause();
socket.once('error', () => process.disconnect());
socket.connect({ host: '127.0.0.1', port: Number(process.argv[1]) }, () => process.send('connected', socket, () => process.disconnect()));
`;
const PATIENCE_MS = 5_000;

/** Undefined where nobody listens, or where this host or this user may not go in: that takes Linux and root. */
export async function connectLoopback(context: EngineContext, id: string, port: number): Promise<PodConnection | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const pid = await processOf(context, id);
  if (pid === undefined) return undefined;
  const child = spawn('nsenter', [`--net=/proc/${pid}/ns/net`, '--', process.execPath, '-e', HELPER, String(port)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const done = new AbortController();
  const late = sleep(context.clock, PATIENCE_MS, done.signal).then(() => undefined, () => undefined);
  try {
    const socket = await Promise.race([handedOut(child), late]);
    return socket === undefined ? undefined : socketConnection(socket);
  } finally {
    done.abort();
    child.kill('SIGKILL');
  }
}

/** Its number here, if it is on this machine: an engine in a VM counts its own. */
async function processOf(context: EngineContext, id: string): Promise<number | undefined> {
  const found = asRecord(await translated(() => context.client.json({ method: 'GET', path: `/containers/${id}/json` })));
  const pid = asNumber(asRecord(found['State'])['Pid']);
  const groups = pid > 0 ? await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '') : '';
  return groups.includes(id) ? pid : undefined;
}

function handedOut(child: ChildProcess): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined)).once('close', () => resolve(undefined));
    child.once('message', (_message, handle) => {
      if (!(handle instanceof Socket)) return resolve(undefined);
      handle.allowHalfOpen = true;
      resolve(handle);
    });
  });
}
