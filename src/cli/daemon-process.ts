// The daemon as seen from outside: is it there, start it, wait for it, say why it died.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, open, readFile } from 'node:fs/promises';
import http from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './context.ts';

export const socketPath = (home: string): string => join(home, 'minik.sock');
export const logPath = (home: string): string => join(home, 'daemon.log');

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 10;
/** How long to go on looking for another daemon's socket after ours has ended. */
const LOSER_GRACE_MS = 1_500;
const LOG_LINES_SHOWN = 12;

export type Answer = 'answers' | 'absent' | 'refused' | 'denied';

/** Whether something accepts connections on the socket of this home. */
export function probe(home: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath(home));
    socket.once('connect', () => {
      socket.destroy();
      resolve('answers');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') resolve('absent');
      else if (error.code === 'ECONNREFUSED') resolve('refused');
      else if (error.code === 'EACCES' || error.code === 'EPERM') resolve('denied');
      else reject(error);
    });
  });
}

/** Starts the daemon and waits until it is ready; joins one that somebody else is starting. */
export async function startDaemon(home: string, env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const child = await spawnDaemon(home, env);
  const deadline = Date.now() + START_TIMEOUT_MS;
  let ended: { readonly why: string; readonly at: number } | undefined;
  child.once('exit', (code, signal) => (ended = { why: signal ?? `exit code ${code}`, at: Date.now() }));
  child.once('error', (error) => (ended = { why: error.message, at: Date.now() }));
  while (!(await isReady(home))) {
    if (ended !== undefined && Date.now() > ended.at + LOSER_GRACE_MS) {
      throw new UsageError(`the daemon did not start (${ended.why})${await lastLogLines(home)}`);
    }
    if (Date.now() > deadline) {
      throw new UsageError(`the daemon is not ready after ${START_TIMEOUT_MS / 1000} s${await lastLogLines(home)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  child.removeAllListeners();
  child.unref();
}

/**
 * The program and arguments that run the daemon: the bundle beside this one, or the sources themselves. The flag keeps
 * what V8 holds on to after a burst of work 25 MB smaller; a hundred pods take no longer with it.
 */
export function daemonCommand(): { readonly program: string; readonly args: readonly string[] } {
  const here = import.meta.url;
  const bundled = fileURLToPath(new URL('./minikd.js', here));
  const entry = existsSync(bundled) ? bundled : fileURLToPath(new URL('../daemon/main.ts', here));
  return { program: process.execPath, args: ['--optimize-for-size', entry] };
}

export async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await access(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(
      `the state directory ${home} is not writable (${(error as NodeJS.ErrnoException).code}); set MINIK_HOME to one that is`,
    );
  }
}

async function spawnDaemon(home: string, env: Readonly<Record<string, string | undefined>>): Promise<ChildProcess> {
  await makeHome(home);
  const log = await open(logPath(home), 'a', 0o600);
  try {
    const { program, args } = daemonCommand();
    return spawn(program, args, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      cwd: '/',
      env: { ...env, MINIK_HOME: home },
    });
  } finally {
    await log.close();
  }
}

export function isReady(home: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath: socketPath(home), path: '/readyz', agent: false }, (reply) => {
      reply.resume();
      resolve(reply.statusCode === 200);
    });
    request.once('error', () => resolve(false));
  });
}

async function lastLogLines(home: string): Promise<string> {
  const text = await readFile(logPath(home), 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-LOG_LINES_SHOWN);
  return text.trim() === '' ? `; its log ${logPath(home)} is empty` : `; the end of ${logPath(home)}:\n${lines.join('\n')}`;
}
