// Kernel forwarding as a part of the service network: forwards where this host allows it, and says why where it does not.
import type { NetworkCapability } from '../../api/network/network-status.ts';
import type { Logger } from '../../base/log.ts';
import type { ClusterIpPath, NetworkPart, NetworkState } from '../network-part.ts';
import type { KernelAccess, Held } from './kernel-access.ts';
import { KernelError } from './kernel-error.ts';
import type { KernelFacts } from './kernel-facts.ts';
import { createKernelForwarder, type KernelForwarder } from './kernel-forwarder.ts';


export interface KernelPartOptions {
  readonly access: KernelAccess;
  readonly serviceCidr: string;
  readonly listeners: KernelFacts['listeners'];
  readonly onPath: (path: ClusterIpPath) => void;
  readonly log: Logger;
}

export interface KernelPart extends NetworkPart {
  capabilities(): readonly NetworkCapability[];
  /** nft cannot be started again (why), or runs again (undefined). */
  noteProblem(why: string | undefined): void;
}

type Progress =
  | { readonly type: 'idle' }
  | { readonly type: 'off'; readonly error: Error }
  /** Addresses lead here, but nothing forwards them. */
  | { readonly type: 'routed'; readonly held: Held; readonly error: Error }
  | { readonly type: 'on'; readonly held: Held; readonly facts: KernelFacts; readonly forwarder: KernelForwarder; problem?: string };

export function createKernelPart({ access, serviceCidr, listeners, onPath, log }: KernelPartOptions): KernelPart {
  let progress: Progress = { type: 'idle' };
  let isApplied = false;

  const start = async (): Promise<void> => {
    let held: Held;
    try {
      held = await access.routed();
    } catch (error) {
      progress = { type: 'off', error: error as Error };
      // An engine that is away comes back; rights do not come by waiting.
      if (!(error instanceof KernelError)) throw error;
      return log.warn('Services have no addresses on this host', { why: error.message });
    }
    try {
      const session = await access.session();
      const facts: KernelFacts = { ...held.facts, serviceCidr, listeners };
      progress = { type: 'on', held, facts, forwarder: createKernelForwarder({ session, facts, keeper: held, log }) };
    } catch (error) {
      progress = { type: 'routed', held, error: error as Error };
      log.warn('the kernel does not forward for Services, sockets do', { why: (error as Error).message });
      onPath('sockets');
    }
  };
  return {
    name: 'kernel',
    start,
    async apply(state: NetworkState) {
      if (progress.type !== 'on') return;
      await progress.forwarder.apply(state);
      if (isApplied) return;
      isApplied = true;
      onPath(pathOf(progress.facts));
    },
    async stop() {
      if (progress.type === 'on') progress.forwarder.stop();
      await access.stop();
    },
    noteProblem(why) {
      if (progress.type !== 'on') return;
      if (why === undefined) delete progress.problem;
      else progress.problem = why;
      onPath(why === undefined ? pathOf(progress.facts) : 'sockets');
    },
    capabilities: () => [addresses(progress, serviceCidr), forwarding(progress)],
  };
}

function pathOf({ udp }: KernelFacts): ClusterIpPath {
  return udp ? 'kernel' : 'kernel-but-udp';
}

const IDLE = 'starts with the first Pod or Service';

function addresses(progress: Progress, serviceCidr: string): NetworkCapability {
  const name = 'service addresses';
  switch (progress.type) {
    case 'idle':
      return { name, state: 'idle', why: IDLE, howToTurnOn: '' };
    case 'off':
      return off(name, progress.error);
    default:
      return { name, state: 'on', why: `${serviceCidr} leads to this host (${progress.held.way})`, howToTurnOn: '' };
  }
}

function forwarding(progress: Progress): NetworkCapability {
  const name = 'kernel forwarding';
  switch (progress.type) {
    case 'idle':
      return { name, state: 'idle', why: IDLE, howToTurnOn: '' };
    case 'off':
      return off(name, progress.error);
    case 'routed':
      return off(name, progress.error, 'minik forwards by itself, at a lower rate');
    case 'on':
      return progress.problem === undefined ? on(name, progress.facts) : off(name, new Error(progress.problem), 'minik forwards by itself, at a lower rate, and tries again');
  }
}

function on(name: NetworkCapability['name'], { udp, loopback, bridgeFiltered }: KernelFacts): NetworkCapability {
  const less = [
    ...(udp ? [] : ['UDP goes through minik itself: conntrack is not installed']),
    ...(loopback ? [] : ['127.0.0.1 goes through minik itself: route_localnet cannot be set']),
    ...(bridgeFiltered ? [] : ['Pods see each other through Services with this host\'s address: bridge-nf-call-iptables cannot be set']),
  ];
  const remedies = [...(udp ? [] : ['sudo apt-get install conntrack']), ...(bridgeFiltered ? [] : ['sudo modprobe br_netfilter'])];
  return { name, state: 'on', why: ['nftables', ...less].join('; '), howToTurnOn: remedies.length === 0 ? '' : `${remedies.join(' && ')}, then minik stop and minik start` };
}

function off(name: NetworkCapability['name'], error: Error, meanwhile = ''): NetworkCapability {
  return { name, state: 'off', why: [error.message, meanwhile].filter((words) => words !== '').join('; '), howToTurnOn: error instanceof KernelError ? error.remedy : '' };
}
