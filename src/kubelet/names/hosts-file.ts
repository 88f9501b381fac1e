// pure: the /etc/hosts of a Pod's containers, in the form that upstream's kubelet gives it.
//
// A container that is its own sandbox keeps the engine's file, which has the same names in it: its address is known only
// once it runs, and a name it does not find in its first moment would fail it.
import type { Container, Pod } from '../../api/generated/types.ts';
import type { PodHostname } from './pod-hostname.ts';

export const HOSTS_PATH = '/etc/hosts';
const LOCAL = ['127.0.0.1\tlocalhost', '::1\tlocalhost ip6-localhost ip6-loopback', 'fe00::0\tip6-localnet', 'fe00::0\tip6-mcastprefix', 'fe00::1\tip6-allnodes', 'fe00::2\tip6-allrouters'];

export function hostsFile(pod: Pod, { hostname, domain }: PodHostname, ip: string): string {
  const names = domain === '' ? [hostname] : [`${hostname}.${domain}`, hostname];
  return text(['# Kubernetes-managed hosts file.', ...LOCAL, [ip, ...names].join('\t'), ...aliases(pod)]);
}

/** On the host's network: the host's file, and what the Pod adds to it. */
export function hostNetworkHostsFile(pod: Pod, hostsOfHost: string): string {
  return text(['# Kubernetes-managed hosts file (host network).', hostsOfHost.replace(/\n$/, ''), ...aliases(pod)]);
}

/** A file that the container mounts itself is its own affair. */
export function mountsHosts({ volumeMounts = [] }: Container): boolean {
  return volumeMounts.some(({ mountPath }) => mountPath.replace(/\/+$/, '') === HOSTS_PATH);
}

function aliases({ spec }: Pod): readonly string[] {
  const { hostAliases = [] } = spec ?? {};
  return hostAliases.length === 0 ? [] : ['', '# Entries added by HostAliases.', ...hostAliases.map(({ ip, hostnames = [] }) => [ip, ...hostnames].join('\t'))];
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
