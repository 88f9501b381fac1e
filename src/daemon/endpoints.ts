// Where the API is reached: the unix socket for minik's own CLI, TLS on the loopback address for everyone else.
import { chmod, rm } from 'node:fs/promises';
import { administrator } from '../api/account/account-names.ts';
import type { ApiHandler } from '../api/wire.ts';
import { listen, type Listener } from '../apiserver/listen.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Authenticate } from './authenticate.ts';
import { StartError } from './home.ts';
import { answers } from './socket-probe.ts';
import type { KeyPair, Pki } from './pki.ts';

export const PREFERRED_PORT = 16443;
const HOST = '127.0.0.1';
/** Whoever may open the socket owns the home. */
const OWNER = administrator('system:admin');

export async function listenOnSocket(options: { readonly handle: ApiHandler; readonly log: Logger; readonly clock: Clock; readonly socketPath: string }): Promise<Listener> {
  const { handle, log, clock, socketPath } = options;
  if (await answers(socketPath)) throw new StartError(`another program already listens on ${socketPath}`);
  // Nobody answers: the socket was left behind by a daemon that was killed.
  await rm(socketPath, { force: true });
  const listener = await listen({ handle, log, clock, at: { socketPath }, authenticate: () => OWNER });
  await chmod(socketPath, 0o600);
  return listener;
}

export interface ServeOptions {
  readonly handle: ApiHandler;
  readonly log: Logger;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

export async function listenOnLoopback(options: ServeOptions & { readonly pki: Pki; readonly port?: number }): Promise<Listener & { readonly url: string }> {
  const { pki, port = PREFERRED_PORT } = options;
  const listener = await listenOnAddress(options, { host: HOST, port, tls: { cert: pki.serverCert, key: pki.serverKey } });
  return { ...listener, url: `https://${HOST}:${listener.port}` };
}

/** The port that is asked for, or a free one when another program has it. */
export async function listenOnAddress(options: ServeOptions, { host, port: wanted, tls }: { readonly host: string; readonly port: number; readonly tls: KeyPair }): Promise<Listener> {
  const { log } = options;
  const at = (port: number): Promise<Listener> => listen({ ...options, at: { host, port, tls } });
  return at(wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    log.info('the preferred port is taken, using a free one', { host, port: wanted });
    return at(0);
  });
}
