// Forwarding rules for tests: one with sound values, changed where a case needs it.
import type { Backend, ForwardingRule } from '../../src/network/forwarding/forwarding-table.ts';

/** Of Service default/web, port 80 on 10.96.0.9, without backends. `backends` stands for both kinds. */
export function aRule({ backends, ...change }: Partial<ForwardingRule> & { readonly backends?: readonly Backend[] } = {}): ForwardingRule {
  const { service = 'web', protocol = 'TCP' } = change;
  return {
    key: `default/${service}:/${protocol}`,
    namespace: 'default',
    service,
    protocol,
    clusterIp: '10.96.0.9',
    port: 80,
    externalIps: [],
    loadBalancerIps: [],
    sourceRanges: [],
    internal: backends ?? [],
    external: backends ?? [],
    withoutInternal: 'reject',
    withoutExternal: 'reject',
    ...change,
  };
}
