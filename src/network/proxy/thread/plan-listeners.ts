// pure: on which addresses and ports a rule is answered.
import type { Backend, ForwardingRule } from '../../forwarding/forwarding-table.ts';
import type { ProxySettings, Purpose } from '../protocol.ts';

export interface ListenPoint {
  /** "TCP 127.0.0.1 30080" */
  readonly key: string;
  readonly purpose: Purpose;
  readonly protocol: 'TCP' | 'UDP';
  readonly address: string;
  readonly port: number;
  readonly side: Side;
  /** CIDRs that may connect; [] is everybody. */
  readonly sourceRanges: readonly string[];
}

/** Which of a rule's backends stand behind an address. */
export type Side = 'internal' | 'external';

export function planListeners(rule: ForwardingRule, { nodeAddresses, listenOnClusterIps }: ProxySettings): readonly ListenPoint[] {
  const { nodePort, protocol, port } = rule;
  const at = (purpose: Purpose, address: string, number: number, side: Side, sourceRanges: readonly string[] = []): ListenPoint => ({
    key: listenKey(protocol, address, number),
    purpose,
    protocol,
    address,
    port: number,
    side,
    sourceRanges,
  });
  const listens = listenOnClusterIps === 'all' || listenOnClusterIps === protocol;
  return [
    ...(nodePort === undefined ? [] : nodeAddresses.map((address) => at('node-port', address, nodePort, 'external'))),
    ...rule.loadBalancerIps.map((address) => at('load-balancer', address, port, 'external', rule.sourceRanges)),
    ...(listens ? [at('cluster-ip', rule.clusterIp, port, 'internal')] : []),
    ...(listens ? rule.externalIps.map((address) => at('external-ip', address, port, 'external')) : []),
  ];
}

export function listenKey(protocol: 'TCP' | 'UDP', address: string, port: number): string {
  return `${protocol} ${address} ${port}`;
}

export function backendsOf(rule: ForwardingRule, side: Side): readonly Backend[] {
  return side === 'internal' ? rule.internal : rule.external;
}
