// The world of policy-world.ts made of network namespaces: Pods on a bridge of a host of their own, and hosts outside, routed.
// Rules live in that host's namespace, so nothing here meets the packet filter of the machine.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { execa } from 'execa';
import { DNS_IP, NODE_IP, OUTSIDE, addressOf, worldWith, type Probe } from './policy-world.ts';
import type { Errand, Served } from './packet-agent.ts';
import { PacketAgent } from './packet-agents.ts';

/** A denied packet never arrives; one that is allowed takes a millisecond, more on a busy machine. */
const PATIENCE_MS = { expected: 3_000, unexpected: 200 };

/** Network namespaces can be made only by root. */
export const canMakeNamespaces = process.getuid?.() === 0;

export class PacketLab {
  readonly #prefix = `mk${process.pid}`;
  readonly #agents = new Map<string, PacketAgent>();
  #nft: ChildProcessWithoutNullStreams | undefined;
  #complaints = '';

  static async build(): Promise<PacketLab> {
    const lab = new PacketLab();
    await lab.#build();
    return lab;
  }

  /** Commands for nft, applied at once. Fails with nft's words. */
  async apply(commands: readonly string[]): Promise<void> {
    this.#complaints = '';
    this.#nft!.stdin.write(`${commands.join('; ')}\nlist tables\n`);
    await new Promise((resolve) => this.#nft!.stdout.once('data', resolve));
    if (this.#complaints !== '') throw new Error(`nft: ${this.#complaints}\n${commands.join('\n')}`);
  }

  /** Whether a packet of each probe arrives. `expected` says how long it is worth waiting for. */
  async play(probes: readonly Probe[], expected: (probe: Probe) => boolean): Promise<boolean[]> {
    return Promise.all(probes.map((probe) => this.#try(probe, expected(probe))));
  }

  async close(): Promise<void> {
    for (const agent of this.#agents.values()) agent.end();
    this.#nft?.stdin.end();
    const { stdout } = await execa('ip', ['netns', 'list']);
    const own = stdout.split('\n').map((line) => line.split(' ')[0]!).filter((name) => name.startsWith(`${this.#prefix}-`));
    for (const name of own) await execa('ip', ['netns', 'del', name]);
  }

  #try({ from, to, protocol, port }: Probe, isExpected: boolean): Promise<boolean> {
    const isOutside = (name: string): boolean => (OUTSIDE as readonly string[]).includes(name);
    const agent = this.#agents.get(isOutside(from) ? 'outside' : from);
    if (agent === undefined || protocol === 'SCTP') throw new Error(`nobody to try ${from} > ${to} ${protocol}`);
    return agent.run({
      source: isOutside(from) ? from : '',
      host: addressOf(worldWith([]), to),
      protocol: protocol as Errand['protocol'],
      port,
      timeoutMs: isExpected ? PATIENCE_MS.expected : PATIENCE_MS.unexpected,
    });
  }

  async #build(): Promise<void> {
    const host = this.#name('host');
    const on = (namespace: string, line: string): string => `ip -n ${namespace} ${line}`;
    const pods = worldWith([]).pods.map(({ metadata, status }) => ({ key: `${metadata?.namespace}/${metadata?.name}`, ip: status?.podIP ?? '' }));
    const lines = [
      `ip netns add ${host}`,
      on(host, 'link set lo up'),
      on(host, 'link add br0 type bridge'),
      on(host, `addr add ${NODE_IP}/24 dev br0`),
      on(host, 'link set br0 up'),
      on(host, `addr add ${DNS_IP}/32 dev lo`),
      `ip netns exec ${host} sh -c "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables"`,
      ...pods.flatMap(({ key, ip }, at) => {
        const name = this.#name(key);
        return [
          `ip netns add ${name}`,
          on(name, 'link set lo up'),
          on(name, `link add eth0 type veth peer name p${at} netns ${host}`),
          on(name, `addr add ${ip}/24 dev eth0`),
          on(name, 'link set eth0 up'),
          on(name, `route add default via ${NODE_IP}`),
          on(host, `link set p${at} master br0 up`),
        ];
      }),
      `ip netns add ${this.#name('outside')}`,
      on(this.#name('outside'), `link add eth0 type veth peer name uplink netns ${host}`),
      ...OUTSIDE.map((ip) => on(this.#name('outside'), `addr add ${ip}/24 dev eth0`)),
      on(this.#name('outside'), 'link set eth0 up'),
      on(this.#name('outside'), 'link set lo up'),
      on(host, 'addr add 198.51.100.1/24 dev uplink'),
      on(host, 'link set uplink up'),
      on(this.#name('outside'), 'route add default via 198.51.100.1'),
    ];
    await execa('sh', ['-ec', lines.join('\n')]);
    this.#nft = spawn('ip', ['netns', 'exec', host, 'nft', '-i'], { env: { ...process.env, HOME: '/dev/null' } });
    this.#nft.stderr.on('data', (bytes: Buffer) => (this.#complaints += bytes.toString()));
    const places: [string, Served][] = [
      ...pods.map(({ key, ip }): [string, Served] => [key, { ports: [80, 81], addresses: [ip] }]),
      ['outside', { ports: [80, 81], addresses: OUTSIDE }],
      ['host', { ports: [53, 80, 81], addresses: [NODE_IP, DNS_IP] }],
    ];
    await Promise.all(places.map(async ([name, serves]) => this.#agents.set(name === 'host' ? 'node' : name, await PacketAgent.start(['ip', 'netns', 'exec', this.#name(name)], serves))));
  }

  #name(place: string): string {
    return `${this.#prefix}-${place.replace('/', '')}`;
  }
}
