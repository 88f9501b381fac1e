// A host with a bridge and Pods on it, in network namespaces of their own: real packets, and nothing of this machine is touched.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { HostPrograms } from '../../src/api/network/host-programs.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { createDirectPrograms } from '../../src/network/kernel/direct-programs.ts';
import { createKernelAccess, type KernelAccess } from '../../src/network/kernel/kernel-access.ts';
import type { Answer, Ask, Serve } from './lab-agent.ts';

const BRIDGE = 'docker0';
const SUBNET = '10.200.0';
export const SERVICE_CIDR = '10.96.0.0/16';

/** What an engine adds to a host's packet filter for its bridge. */
const ENGINE_RULES = `*filter
:FORWARD DROP [0:0]
-A FORWARD -o ${BRIDGE} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i ${BRIDGE} ! -o ${BRIDGE} -j ACCEPT
-A FORWARD -i ${BRIDGE} -o ${BRIDGE} -j ACCEPT
COMMIT
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s ${SUBNET}.0/24 ! -o ${BRIDGE} -j MASQUERADE
-A DOCKER -i ${BRIDGE} -j RETURN
COMMIT
`;

/** Somebody in the lab who can serve and ask. */
export interface LabHost {
  readonly ip: string;
  serve(protocol: 'TCP' | 'UDP', port: number, host?: string): Promise<void>;
  ask(protocol: 'TCP' | 'UDP', ip: string, port: number, options?: { readonly times?: number; readonly fromPort?: number; readonly waitMs?: number }): Promise<Answer[]>;
  /** Runs a program there. */
  run(program: string, ...args: readonly string[]): Promise<string>;
}

export class NetworkLab {
  readonly #id = `mk${randomUUID().slice(0, 6)}`;
  readonly #agents: ChildProcessWithoutNullStreams[] = [];
  readonly #namespaces: string[] = [];
  #pods = 0;
  host!: LabHost;

  static async create({ bridgeFiltered = true } = {}): Promise<NetworkLab> {
    const lab = new NetworkLab();
    const namespace = await lab.#namespace('host');
    lab.host = lab.#hostIn(namespace, 'host', `${SUBNET}.1`);
    const { run } = lab.host;
    await run('ip', 'link', 'add', BRIDGE, 'type', 'bridge');
    await run('ip', 'address', 'add', `${SUBNET}.1/24`, 'dev', BRIDGE);
    await run('ip', 'link', 'set', BRIDGE, 'up');
    await run('sysctl', '-qw', 'net.ipv4.ip_forward=1', `net.bridge.bridge-nf-call-iptables=${bridgeFiltered ? 1 : 0}`);
    await execa('ip', ['netns', 'exec', namespace, 'iptables-restore'], { input: ENGINE_RULES });
    return lab;
  }

  /** Of the host. */
  get namespace(): string {
    return `${this.#id}host`;
  }

  /** nft, ip and the rest, as the lab's host has them. */
  get programs(): HostPrograms {
    const direct = createDirectPrograms(systemClock);
    return { way: 'in the lab', open: (command, hear) => direct.open(['ip', 'netns', 'exec', this.namespace, ...command], hear) };
  }

  /** The way of a home called "lab" to the lab's kernel. */
  access(): KernelAccess {
    return createKernelAccess({
      programs: async () => this.programs,
      gateway: async () => this.host.ip,
      serviceCidr: SERVICE_CIDR,
      clusterId: 'lab',
      onProblem: () => {},
      clock: systemClock,
      log: silentLogger,
    });
  }

  /** On the bridge, with an address of its own and the host as its gateway. */
  async pod(name: string): Promise<LabHost> {
    this.#pods += 1;
    const [ip, port] = [`${SUBNET}.${this.#pods + 1}`, `veth${this.#pods}`];
    const namespace = await this.#namespace(`pod${this.#pods}`);
    const { run } = this.host;
    await run('ip', 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
    await run('ip', 'link', 'set', port, 'master', BRIDGE, 'up');
    const pod = this.#hostIn(namespace, name, ip);
    await pod.run('ip', 'address', 'add', `${ip}/24`, 'dev', 'eth0');
    await pod.run('ip', 'link', 'set', 'eth0', 'up');
    await pod.run('ip', 'route', 'add', 'default', 'via', `${SUBNET}.1`);
    return pod;
  }

  async close(): Promise<void> {
    for (const agent of this.#agents) agent.stdin.end();
    await Promise.all(this.#agents.map((agent) => (agent.exitCode === null ? new Promise((resolve) => agent.once('close', resolve)) : undefined)));
    for (const namespace of this.#namespaces) await execa('ip', ['netns', 'delete', namespace]);
  }

  async #namespace(name: string): Promise<string> {
    const namespace = `${this.#id}${name}`;
    await execa('ip', ['netns', 'add', namespace]);
    this.#namespaces.push(namespace);
    await execa('ip', ['netns', 'exec', namespace, 'ip', 'link', 'set', 'lo', 'up']);
    return namespace;
  }

  #hostIn(namespace: string, name: string, ip: string): LabHost {
    let agent: ((command: Serve | Ask) => Promise<unknown>) | undefined;
    const tell = (command: Serve | Ask): Promise<unknown> => (agent ??= this.#agent(namespace, name))(command);
    return {
      ip,
      serve: async (protocol, port, host) => void (await tell({ do: 'serve', protocol, port, ...(host === undefined ? {} : { host }) })),
      ask: (protocol, to, port, { times = 1, ...options } = {}) => tell({ do: 'ask', protocol, ip: to, port, times, ...options }) as Promise<Answer[]>,
      run: async (program, ...args) => (await execa('ip', ['netns', 'exec', namespace, program, ...args])).stdout,
    };
  }

  #agent(namespace: string, name: string): (command: Serve | Ask) => Promise<unknown> {
    const agent = spawn('ip', ['netns', 'exec', namespace, process.execPath, `${import.meta.dirname}/lab-agent.ts`, name]);
    agent.stderr.pipe(process.stderr);
    this.#agents.push(agent);
    const waiting = new Map<number, PromiseWithResolvers<unknown>>();
    let ids = 0;
    agent.once('close', () => waiting.forEach(({ reject }) => reject(new Error(`${name} has ended`))));
    createInterface({ input: agent.stdout }).on('line', (line) => {
      const { id, value } = JSON.parse(line) as { id: number; value: unknown };
      waiting.get(id)?.resolve(value);
      waiting.delete(id);
    });
    return (command) => {
      const answer = Promise.withResolvers<unknown>();
      waiting.set((ids += 1), answer);
      agent.stdin.write(`${JSON.stringify({ id: ids, ...command })}\n`);
      return answer.promise;
    };
  }
}

/** Nothing is left to them but to be dead. */
export function killProgramsOfThisProcess(name: string): void {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const found = children.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name);
  if (found.length === 0) throw new Error(`there is no ${name} to kill`);
  for (const pid of found) process.kill(Number(pid), 'SIGKILL');
}
