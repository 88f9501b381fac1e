// What the kernel of this host does for a home: its Service addresses, its packet filter.
import type { ClusterNetwork } from '../api/service/cluster-network.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { createKernelAccess, type KernelAccess } from '../network/kernel/kernel-access.ts';
import { createKernelPart, type KernelPart, type KernelPartOptions } from '../network/kernel/kernel-part.ts';
import { UNPRIVILEGED_DNS_PORT } from './cluster-dns.ts';
import type { Engine } from './engine.ts';
import { hostPrograms } from './host-rights.ts';

export interface DaemonKernelOptions {
  readonly engine: Engine;
  readonly network: ClusterNetwork;
  readonly clusterId: string;
  readonly onPath: KernelPartOptions['onPath'];
  /** The table is gone and cannot be made again (why), or is there again (undefined). */
  readonly onProblem: (why: string | undefined) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface DaemonKernel {
  readonly access: KernelAccess;
  readonly part: KernelPart;
}

/** Nothing is opened before somebody asks for it. */
export function createKernel({ engine, network, clusterId, onPath, onProblem, clock, log: daemonLog }: DaemonKernelOptions): DaemonKernel {
  const log = daemonLog.with({ component: 'kernel' });
  const { endpoint, runtime } = engine;
  const { serviceCidr, dnsIp } = network;
  const gateway = async (): Promise<string> => (await runtime.version()).gateway;
  const access = createKernelAccess({
    programs: () => hostPrograms({ endpoint, gateway, enginePrograms: runtime.hostPrograms, clock }),
    gateway,
    serviceCidr,
    clusterId,
    onProblem: (why) => {
      part.noteProblem(why);
      onProblem(why);
    },
    clock,
    log,
  });
  const listeners = (['UDP', 'TCP'] as const).flatMap((protocol) => [53, UNPRIVILEGED_DNS_PORT].map((port) => ({ ip: dnsIp, port, protocol })));
  const part = createKernelPart({ access, serviceCidr, listeners, onPath, log });
  return { access, part };
}
