// pure: how to make the host itself find the names of the cluster, by the resolver that it has.
import { CLUSTER_DOMAIN } from '../../api/service/cluster-network.ts';

export type HostResolver = 'systemd-resolved' | 'resolv.conf' | 'macos';

/** Lines of text for people. */
export function hostSetup(resolver: HostResolver, dnsIp: string): readonly string[] {
  switch (resolver) {
    case 'systemd-resolved':
      return [
        'systemd-resolved, until the next boot or change of the bridge:',
        `  sudo resolvectl dns docker0 ${dnsIp}`,
        `  sudo resolvectl domain docker0 '~${CLUSTER_DOMAIN}'`,
      ];
    case 'resolv.conf':
      return [
        'put this line before the other nameservers of /etc/resolv.conf; minik passes all other names on to those:',
        `  nameserver ${dnsIp}`,
        'or, where dnsmasq runs, into its configuration:',
        `  server=/${CLUSTER_DOMAIN}/${dnsIp}`,
      ];
    case 'macos':
      return ['macOS:', '  sudo mkdir -p /etc/resolver', `  echo 'nameserver ${dnsIp}' | sudo tee /etc/resolver/${CLUSTER_DOMAIN}`];
  }
}
