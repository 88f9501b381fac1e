// A minik of its own for one test file: its home, its daemon, minik and kubectl aimed at it, and a clean end that is checked.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa, type Result } from 'execa';
import { eventually } from './eventually.ts';
import { kubectlPath } from './kubernetes-tools.ts';

export { eventually } from './eventually.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
export const FIXTURES = join(ROOT, 'fixtures');
const MINIK = join(ROOT, 'bin', 'minik');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class TestCluster {
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  /** A running daemon in a new home. */
  static async start(): Promise<TestCluster> {
    const cluster = TestCluster.inNewHome();
    const started = await cluster.minik(['start']);
    if (started.code !== 0) throw new Error(`minik start failed: ${started.stderr}`);
    return cluster;
  }

  static inNewHome(): TestCluster {
    return new TestCluster(mkdtempSync(join(tmpdir(), 'minik-test-')));
  }

  minik(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.#run(MINIK, args, options);
  }

  kubectl(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.#run(kubectlPath(), ['--kubeconfig', join(this.home, 'kubeconfig'), '--cache-dir', join(this.home, 'kubectl-cache'), ...args], options);
  }

  /** A line of shell in which "minik" and "kubectl" are this cluster's. */
  shell(line: string, options: RunOptions = {}): Promise<Ran> {
    const names = `minik() { "${MINIK}" "$@"; }; kubectl() { "${kubectlPath()}" --kubeconfig "$MINIK_HOME/kubeconfig" --cache-dir "$MINIK_HOME/kubectl-cache" "$@"; }`;
    return this.#run('bash', ['-c', `${names}\n${line}`], options);
  }

  /** A program that goes on until it is stopped: -w, -f. */
  spawn(program: 'minik' | 'kubectl', args: readonly string[]): ReturnType<typeof execa> {
    const [file, all] =
      program === 'minik' ? [MINIK, args] : [kubectlPath(), ['--kubeconfig', join(this.home, 'kubeconfig'), '--cache-dir', join(this.home, 'kubectl-cache'), ...args]];
    return execa(file, all, { env: this.#env({}), extendEnv: false, reject: false, stdin: 'ignore' });
  }

  async get<T>(args: readonly string[]): Promise<T> {
    const ran = await this.minik(['get', ...args, '-o', 'json']);
    if (ran.code !== 0) throw new Error(`minik get ${args.join(' ')} failed: ${ran.stderr}`);
    return JSON.parse(ran.stdout) as T;
  }

  async status(): Promise<{ pid: number; running: boolean; ready: boolean; endpoint: string }> {
    return JSON.parse((await this.minik(['status', '-o', 'json'])).stdout) as never;
  }

  daemonLog(): string {
    return readFileSync(join(this.home, 'daemon.log'), 'utf8');
  }

  /** As the machine's end would: nothing is told to anybody. */
  async killDaemon(): Promise<void> {
    const { pid } = await this.status();
    process.kill(pid, 'SIGKILL');
    await eventually('the daemon is gone', async () => !isAlive(pid));
  }

  /** Removes everything, and fails when the daemon or a container of this home is still there. */
  async stop(): Promise<void> {
    const before = await this.status().catch(() => undefined);
    const cluster = clusterId(this.home);
    const reset = await this.minik(['reset', '--yes'], { timeoutMs: 60_000 });
    if (reset.code !== 0) throw new Error(`minik reset failed: ${reset.stderr}`);
    if (before?.pid !== undefined && before.pid > 0 && isAlive(before.pid)) throw new Error(`the daemon (pid ${before.pid}) outlived the reset`);
    const left = await containersOf(cluster);
    rmSync(this.home, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`containers were left behind: ${left.join(', ')}`);
  }

  async #run(file: string, args: readonly string[], { input = '', timeoutMs = 30_000, env = {} }: RunOptions): Promise<Ran> {
    const result: Result = await execa(file, args, {
      input,
      env: this.#env(env),
      extendEnv: false,
      reject: false,
      timeout: timeoutMs,
      stripFinalNewline: false,
    });
    if (result.timedOut) throw new Error(`${file} ${args.join(' ')} did not end in ${timeoutMs} ms; it had printed: ${String(result.stdout)} ${String(result.stderr)}`);
    return { code: result.exitCode ?? 1, stdout: String(result.stdout), stderr: String(result.stderr) };
  }

  #env(extra: Readonly<Record<string, string>>): Record<string, string> {
    const { PATH = '', HOME = '', DOCKER_HOST } = process.env;
    return { PATH, HOME, ...(DOCKER_HOST === undefined ? {} : { DOCKER_HOST }), MINIK_HOME: this.home, NO_COLOR: '1', ...extra };
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The value of the minik.dev/cluster label for a home; the home must still exist. */
export function clusterId(home: string): string {
  return createHash('sha256').update(realpathSync(home)).digest('hex').slice(0, 12);
}

/** Names of the containers that carry this cluster label. */
export async function containersOf(cluster: string): Promise<string[]> {
  const { stdout } = await execa('docker', ['ps', '-a', '--filter', `label=minik.dev/cluster=${cluster}`, '--format', '{{.Names}}']);
  return stdout.split('\n').filter((line) => line !== '');
}
