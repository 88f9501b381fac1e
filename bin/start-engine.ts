// Brings up a Docker Engine where none answers: installs docker.io on Debian and Ubuntu, starts dockerd, waits for it.
// Anywhere else, or without root, it says what the user can do instead.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { Endpoint } from '../src/kubelet/runtime/docker/endpoint.ts';
import { aptInstall, hasProgram } from './system-packages.ts';
import { mountCgroups, iptablesFolder } from './engine-surroundings.ts';

export class SetupError extends Error {}

export interface EngineSetup {
  readonly endpoint: Endpoint;
  /** Why the engine cannot be used now. */
  readonly problem: string;
  readonly answers: () => Promise<boolean>;
  readonly delay: (ms: number) => Promise<unknown>;
  readonly say: (line: string) => void;
}

const SOCKET = '/var/run/docker.sock';
const DAEMON = { pidFile: '/var/run/docker.pid', program: 'dockerd' };
/** Outlives a dockerd that was killed, and is taken over by the next one. */
const CONTAINERD = { pidFile: '/var/run/docker/containerd/containerd.pid', program: 'containerd' };
const LOG = '/var/log/dockerd.log';
const START_LIMIT_MS = 45_000;
const STOP_LIMIT_MS = 15_000;
const POLL_MS = 100;

export async function bringUpEngine(setup: EngineSetup): Promise<void> {
  const { endpoint, problem } = setup;
  const isUsualSocket = endpoint.type === 'unix' && endpoint.socketPath === SOCKET;
  if (!isUsualSocket || /permission denied/i.test(problem)) throw new SetupError(problem);
  if (process.platform !== 'linux') {
    throw new SetupError(`${problem}\nInstall and start Docker Desktop, OrbStack or colima, then run this again.`);
  }
  const installed = hasProgram('dockerd');
  if (process.getuid?.() !== 0) {
    const advice = installed ? 'sudo systemctl start docker   (or: sudo dockerd &)' : 'sudo apt-get install docker.io   (or https://docs.docker.com/engine/install)';
    throw new SetupError(`${problem}\nAs root this set-up can do it by itself. Else: ${advice}`);
  }
  if (!installed) install(setup);
  if (existsSync('/run/systemd/system')) await startWithSystemd(setup);
  else await startDaemon(setup);
}

function install({ problem, say }: EngineSetup): void {
  if (!hasProgram('apt-get')) {
    throw new SetupError(`${problem}\nInstall it: https://docs.docker.com/engine/install`);
  }
  say('Docker is not installed: installing the package docker.io with apt-get');
  if (!aptInstall(['docker.io', 'iptables'])) throw new SetupError('apt-get could not install docker.io; see above');
}

async function startWithSystemd(setup: EngineSetup): Promise<void> {
  setup.say('starting docker with systemctl');
  const { status } = spawnSync('systemctl', ['start', 'docker'], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new SetupError('"systemctl start docker" failed; "journalctl -u docker" says why');
  await waitUntil(setup, setup.answers, START_LIMIT_MS);
  if (!(await setup.answers())) throw new SetupError('docker was started but does not answer; "journalctl -u docker" says why');
}

/** A dockerd that somebody else has just started is waited for; one of ours that fails is brought down again. */
async function startDaemon(setup: EngineSetup): Promise<void> {
  const starting = runningPid(DAEMON);
  if (starting === undefined) return startOwnDaemon(setup);
  setup.say(`waiting for dockerd (pid ${starting})`);
  await waitUntil(setup, async () => runningPid(DAEMON) === undefined || (await setup.answers()), START_LIMIT_MS);
  if (await setup.answers()) return;
  if (runningPid(DAEMON) !== undefined) throw new SetupError(`dockerd (pid ${starting}) runs but does not answer at ${SOCKET}`);
  return startOwnDaemon(setup);
}

async function startOwnDaemon(setup: EngineSetup): Promise<void> {
  // dockerd believes a pid file as long as any process has that number.
  for (const each of [DAEMON, CONTAINERD]) if (runningPid(each) === undefined) rmSync(each.pidFile, { force: true });
  mountCgroups(setup.say);
  setup.say(`starting dockerd (log: ${LOG})`);
  const child = spawnDetached();
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  await waitUntil(setup, async () => ended() || (await setup.answers()), START_LIMIT_MS);
  if (!ended() && (await setup.answers())) return child.unref();
  const why = ended() ? 'dockerd ended at once' : `dockerd did not answer within ${START_LIMIT_MS / 1000} s and was stopped`;
  if (!ended()) await bringDown(setup, child, ended);
  throw new SetupError(`${why}; the end of ${LOG}:\n${lastLines(LOG)}`);
}

function spawnDetached(): ChildProcess {
  const log = openSync(LOG, 'w', 0o640);
  const folder = iptablesFolder();
  const path = folder === undefined ? process.env['PATH'] : `${folder}:${process.env['PATH']}`;
  try {
    const child = spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log], cwd: '/', env: { ...process.env, PATH: path } });
    child.on('error', () => {}); // No pid then, which counts as ended.
    return child;
  } finally {
    closeSync(log);
  }
}

/** Gently first: a dockerd killed outright leaves its containerd behind. */
async function bringDown(setup: EngineSetup, child: ChildProcess, ended: () => boolean): Promise<void> {
  child.kill('SIGTERM');
  await waitUntil(setup, async () => ended(), STOP_LIMIT_MS);
  if (!ended()) child.kill('SIGKILL');
}

async function waitUntil(setup: EngineSetup, isSo: () => Promise<boolean>, limitMs: number): Promise<void> {
  for (let waited = 0; waited < limitMs && !(await isSo()); waited += POLL_MS) await setup.delay(POLL_MS);
}

/** A pid file left by a dead process (perhaps not yet reaped), or naming some other program's, does not count. */
function runningPid(of: { readonly pidFile: string; readonly program: string }): number | undefined {
  const pid = Number(readText(of.pidFile));
  const isAlive = new RegExp(`^\\d+ \\(${of.program}\\) [^ZX]`).test(readText(`/proc/${pid}/stat`));
  return pid > 0 && isAlive ? pid : undefined;
}

function lastLines(path: string): string {
  return readText(path).trimEnd().split('\n').slice(-8).join('\n');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
