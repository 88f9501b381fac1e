// Kernel forwarding as a part of the network: which path packets take, and what is said of it, in each state of the host.
import { describe, expect, test } from '@jest/globals';
import { parseIpRange } from '../../../../src/api/ip.ts';
import { silentLogger } from '../../../../src/base/log.ts';
import type { KernelAccess } from '../../../../src/network/kernel/kernel-access.ts';
import { KernelError } from '../../../../src/network/kernel/kernel-error.ts';
import type { HostFacts } from '../../../../src/network/kernel/kernel-facts.ts';
import { createKernelPart } from '../../../../src/network/kernel/kernel-part.ts';
import type { ClusterIpPath, NetworkState } from '../../../../src/network/network-part.ts';
import { aRule } from '../../../support/forwarding-rules.ts';

const FACTS: HostFacts = { bridge: { name: 'docker0', gateway: '172.17.0.1', range: parseIpRange('172.17.0.0/16')! }, loopback: true, bridgeFiltered: true, udp: true, lent: [] };
const STATE: NetworkState = { rules: new Map([['default/web:/TCP', aRule({ backends: [{ ip: '172.17.0.2', port: 80 }] })]]), healthChecks: new Map(), reserved: new Set(), listenOnClusterIps: 'none', kernelForwards: 'all' };
const NO_NFT = new KernelError('nft is not installed on this host', 'install it');

interface Host {
  readonly facts?: Partial<HostFacts>;
  readonly noRoute?: Error;
  readonly noSession?: Error;
}

function aPart({ facts, noRoute, noSession }: Host) {
  const scripts: string[] = [];
  const paths: ClusterIpPath[] = [];
  let stops = 0;
  const session = { table: 'ip minik-x', run: async (script: string) => void scripts.push(script), whenEmpty: (render: () => void) => (render(), () => {}) };
  const access: KernelAccess = {
    routed: async () => {
      if (noRoute !== undefined) throw noRoute;
      return { facts: { ...FACTS, ...facts }, way: 'as root', allowHairpin: async () => {}, forgetFlows: async () => {} };
    },
    session: async () => {
      if (noSession !== undefined) throw noSession;
      return session;
    },
    stop: async () => void (stops += 1),
  };
  const part = createKernelPart({ access, serviceCidr: '10.96.0.0/16', listeners: [], onPath: (path) => paths.push(path), log: silentLogger });
  return { part, scripts, paths, stops: () => stops };
}

describe('before anybody needs it', () => {
  test('nothing is tried, and nothing said against it', () => {
    expect(aPart({}).part.capabilities()).toEqual([
      { name: 'service addresses', state: 'idle', why: 'starts with the first Pod or Service', howToTurnOn: '' },
      { name: 'kernel forwarding', state: 'idle', why: 'starts with the first Pod or Service', howToTurnOn: '' },
    ]);
  });
});

describe('once it is needed', () => {
  test.each<{ title: string; host: Host; paths: readonly ClusterIpPath[]; said: readonly string[] }>([
    { title: 'the kernel forwards', host: {}, paths: ['kernel'], said: ['on: 10.96.0.0/16 leads to this host (as root)', 'on: nftables'] },
    {
      title: 'sockets forward UDP where its flows cannot be steered anew',
      host: { facts: { udp: false } },
      paths: ['kernel-but-udp'],
      said: ['on: 10.96.0.0/16 leads to this host (as root)', 'on: nftables; UDP goes through minik itself: conntrack is not installed | sudo apt-get install conntrack, then minik stop and minik start'],
    },
    {
      title: 'the kernel forwards, and hides who asks, where the bridge goes past the filter',
      host: { facts: { bridgeFiltered: false } },
      paths: ['kernel'],
      said: ['on: 10.96.0.0/16 leads to this host (as root)', "on: nftables; Pods see each other through Services with this host's address: bridge-nf-call-iptables cannot be set | sudo modprobe br_netfilter, then minik stop and minik start"],
    },
    {
      title: 'sockets forward without nft',
      host: { noSession: NO_NFT },
      paths: ['sockets'],
      said: ['on: 10.96.0.0/16 leads to this host (as root)', 'off: nft is not installed on this host; minik forwards by itself, at a lower rate | install it'],
    },
    {
      title: 'addresses lead nowhere without rights',
      host: { noRoute: new KernelError('the Docker Engine runs on another machine', 'run minik there') },
      paths: [],
      said: [
        'off: the Docker Engine runs on another machine | run minik there',
        'off: the Docker Engine runs on another machine | run minik there',
      ],
    },
  ])('$title', async ({ host, paths, said }) => {
    const { part, paths: taken } = aPart(host);
    await part.start?.();
    await part.apply?.(STATE);
    expect(taken).toEqual(paths);
    expect(part.capabilities().map(({ state, why, howToTurnOn }) => `${state}: ${why}${howToTurnOn === '' ? '' : ` | ${howToTurnOn}`}`)).toEqual(said);
  });

  test('it is tried again while the engine is away', async () => {
    await expect(aPart({ noRoute: new Error('no engine answers') }).part.start?.()).rejects.toThrow('no engine answers');
  });

  test('packets go to the kernel only once its rules are there', async () => {
    const { part, scripts, paths } = aPart({});
    await part.start?.();
    expect(paths).toEqual([]);
    await part.apply?.(STATE);
    expect(scripts.join()).toContain('10.96.0.9 . tcp . 80');
    expect(paths).toEqual(['kernel']);
  });

  test('sockets take over while nft cannot be started again', async () => {
    const { part, paths } = aPart({});
    await part.start?.();
    await part.apply?.(STATE);
    part.noteProblem('nft is not installed');
    expect(part.capabilities()[1]).toMatchObject({ state: 'off', why: 'nft is not installed; minik forwards by itself, at a lower rate, and tries again' });
    part.noteProblem(undefined);
    expect(paths).toEqual(['kernel', 'sockets', 'kernel']);
    expect(part.capabilities()[1]).toMatchObject({ state: 'on' });
  });

  test('the end takes everything back', async () => {
    const { part, stops } = aPart({});
    await part.start?.();
    await part.stop();
    expect(stops()).toBe(1);
  });
});
