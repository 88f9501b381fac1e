// Programs in network namespaces that connect where a test tells them to, and serve: see packet-agent.ts.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Errand, Served } from './packet-agent.ts';

const AGENT = `${import.meta.dirname}/packet-agent.ts`;

export class PacketAgent {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (reached: boolean) => void>();
  #next = 0;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
  }

  /** `enter`: the command that runs another one in the namespace. */
  static async start(enter: readonly [string, ...string[]], serves: Served): Promise<PacketAgent> {
    const [command, ...words] = enter;
    const child = spawn(command, [...words, process.execPath, AGENT, JSON.stringify(serves)]);
    const agent = new PacketAgent(child);
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve, reject) => {
      child.stderr.once('data', (bytes: Buffer) => reject(new Error(bytes.toString())));
      lines.on('line', (line) => {
        const { id, reached } = JSON.parse(line) as { id?: number; reached?: boolean };
        if (id === undefined) return resolve();
        agent.#waiting.get(id)?.(reached === true);
        agent.#waiting.delete(id);
      });
    });
    return agent;
  }

  run(errand: Omit<Errand, 'id'>): Promise<boolean> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.stdin.write(`${JSON.stringify({ id, ...errand })}\n`);
    });
  }

  end(): void {
    this.#child.stdin.end();
  }
}
