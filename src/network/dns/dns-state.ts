// pure: whether there is a DNS server, and if not why, and what to do about it.
import type { NetworkCapability } from '../../api/network/network-status.ts';
import { KernelError } from '../kernel/kernel-error.ts';

export type DnsState = { readonly state: 'idle' } | { readonly state: 'on'; readonly ip: string; readonly port: number } | { readonly state: 'off'; readonly why: string; readonly remedy: string };

/** Rights do not come by waiting. */
export function isForGood(error: unknown): boolean {
  return error instanceof KernelError || codeOf(error) === 'EACCES';
}

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

export function offBecause(error: unknown, { ip, port }: { readonly ip: string; readonly port: number }): DnsState {
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof KernelError) return { state: 'off', why, remedy: error.remedy };
  switch (codeOf(error)) {
    case 'EACCES':
      return { state: 'off', why: `only root may listen on port ${port}`, remedy: `sudo sysctl net.ipv4.ip_unprivileged_port_start=${port}, then minik stop and minik start` };
    case 'EADDRINUSE':
      return { state: 'off', why: `another program listens on port ${port} of ${ip}, or of every address of this host`, remedy: `sudo ss -lnup 'sport = :${port}' shows which; minik tries again` };
    default:
      return { state: 'off', why, remedy: '' };
  }
}

export function capabilityOf(now: DnsState): NetworkCapability {
  const name = 'cluster DNS';
  switch (now.state) {
    case 'idle':
      return { name, state: 'idle', why: 'starts with the first Pod or Service', howToTurnOn: '' };
    case 'on':
      return { name, state: 'on', why: `answers at ${now.ip}`, howToTurnOn: '' };
    case 'off':
      return { name, state: 'off', why: `${now.why}; Pods use the resolver of this host`, howToTurnOn: now.remedy };
  }
}
