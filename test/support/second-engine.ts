// A Docker Engine of the test's own, beside the machine's: one that may be killed and started again. It needs root.
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { isAlive } from './cluster.ts';
import { eventually } from './eventually.ts';

/** Whether this machine lets a test have an engine of its own. */
export const CAN_HAVE_ENGINE = process.getuid?.() === 0;

export class SecondEngine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'minik-engine-'));
  readonly #bridge = `mnk${process.pid % 100_000}b`;
  readonly #namespace = `minik-test-${process.pid}`;
  #process: ChildProcess | undefined;

  get host(): string {
    return `unix://${join(this.#folder, 'sock')}`;
  }

  /** With a bridge of its own and no rules of its own: the machine's engine is not touched. */
  static async start(subnet: string): Promise<SecondEngine> {
    const engine = new SecondEngine();
    await execa('ip', ['link', 'add', 'name', engine.#bridge, 'type', 'bridge']);
    await execa('ip', ['address', 'add', subnet, 'dev', engine.#bridge]);
    await execa('ip', ['link', 'set', engine.#bridge, 'up']);
    await engine.up();
    return engine;
  }

  async up(): Promise<void> {
    const at = (name: string): string => join(this.#folder, name);
    const networks = ['--bridge', this.#bridge, '--iptables=false', '--ip-masq=false'];
    const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'), '-H', this.host];
    this.#process = spawn('dockerd', [...places, ...networks, '--containerd-namespace', this.#namespace, '--containerd-plugins-namespace', `${this.#namespace}-plugins`], { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(at('log'), { flags: 'a' });
    this.#process.stdout?.pipe(log);
    this.#process.stderr?.pipe(log);
    await eventually('the second engine answers', async () => (await this.docker('version')).exitCode === 0, { timeoutMs: 30_000 });
  }

  /** TERM ends its containers in good order; KILL leaves them running. */
  async down(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = this.#process;
    if (running === undefined) return;
    const ended = new Promise((resolve) => running.once('close', resolve));
    running.kill(signal);
    await ended;
    this.#process = undefined;
    await this.#endContainerd();
  }

  /** It dies with its engine, but not at once; an engine that comes before would wait for it in vain. */
  async #endContainerd(): Promise<void> {
    const pidFile = join(this.#folder, 'exec', 'containerd', 'containerd.pid');
    const pid = Number(await readFile(pidFile, 'utf8').catch(() => '0'));
    if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
    await eventually('its containerd is gone', async () => pid === 0 || !isAlive(pid));
    rmSync(pidFile, { force: true });
  }

  docker(...words: readonly string[]) {
    return execa('docker', ['-H', this.host, ...words], { reject: false });
  }

  /** An image of the machine's engine. */
  async load(image: string): Promise<void> {
    const archive = join(this.#folder, 'image.tar');
    await execa('docker', ['save', '-o', archive, image]);
    const loaded = await this.docker('load', '-i', archive);
    if (loaded.exitCode !== 0) throw new Error(loaded.stderr);
  }

  async close(): Promise<void> {
    await this.down('SIGTERM');
    await execa('ip', ['link', 'delete', this.#bridge]);
    // What was mounted for containers of an engine that was killed.
    const { stdout } = await execa('sh', ['-c', `grep -F '${this.#folder}' /proc/self/mounts | cut -d' ' -f2 | sort -r`], { reject: false });
    for (const mount of stdout.split('\n').filter((line) => line !== '')) await execa('umount', ['-l', mount], { reject: false });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
