// Who runs nft and ip for this daemon: itself when it is root, the engine when that is this host's, else nobody.
import { createSocket } from 'node:dgram';
import type { HostPrograms } from '../api/network/host-programs.ts';
import type { Clock } from '../base/clock.ts';
import type { Endpoint } from '../kubelet/runtime/docker/endpoint.ts';
import { createDirectPrograms } from '../network/kernel/direct-programs.ts';
import { KernelError } from '../network/kernel/kernel-error.ts';

export interface HostRightsOptions {
  /** Where the engine listens. */
  readonly endpoint: Endpoint;
  /** This host's address on the engine's bridge. Rejects while the engine does not answer. */
  readonly gateway: () => Promise<string>;
  /** Run as root by the engine. */
  readonly enginePrograms: HostPrograms;
  readonly clock: Clock;
}

/** Rejects with KernelError where Service addresses cannot work; with other errors while that is not known. */
export async function hostPrograms({ endpoint, gateway, enginePrograms, clock }: HostRightsOptions): Promise<HostPrograms> {
  if (process.platform !== 'linux') throw new KernelError(`Service addresses need Linux, and this is ${process.platform}: the Pods' host is a virtual machine`, '');
  const address = await gateway();
  const isHere = endpoint.type === 'unix' && (await isOwnAddress(address));
  if (!isHere) throw new KernelError(`the Docker Engine runs on another machine: its bridge has the address ${address}, which is none of this host`, 'run minik on the machine of the engine');
  return process.getuid?.() === 0 ? createDirectPrograms(clock) : enginePrograms;
}

function isOwnAddress(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(0, address, () => socket.close(() => resolve(true)));
  });
}
