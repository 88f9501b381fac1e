// pure: the UDP flows that would go on to a backend that is no longer one: nobody ends them, so the kernel must be told.
import type { Backend, ForwardingRule } from '../forwarding/forwarding-table.ts';

export interface StaleFlows {
  /** Where the client sends to. */
  readonly port: number;
  /** Absent: any address of this host. */
  readonly ip?: string;
  /** Where its packets go now; absent: wherever. */
  readonly backend?: Backend;
}

export function planStaleFlows(before: ReadonlyMap<string, ForwardingRule>, after: ReadonlyMap<string, ForwardingRule>): StaleFlows[] {
  const udp = (rules: ReadonlyMap<string, ForwardingRule>): ForwardingRule[] => [...rules.values()].filter(({ protocol }) => protocol === 'UDP');
  const changed = udp(before).filter((rule) => after.get(rule.key) !== rule);
  const arrived = udp(after).filter((rule) => !before.has(rule.key));
  return [...changed.flatMap((rule) => staleOf(rule, after.get(rule.key))), ...arrived.flatMap(unsteered)];
}

function staleOf(before: ForwardingRule, after: ForwardingRule | undefined): StaleFlows[] {
  const moved = after === undefined || after.clusterIp !== before.clusterIp || after.port !== before.port || after.nodePort !== before.nodePort;
  const internal = moved ? before.internal : gone(before.internal, after.internal);
  const external = moved ? before.external : gone(before.external, after.external);
  const stale = [...at([before.clusterIp], before.port, internal), ...at(outside(before), before.port, external), ...nodePort(before, external)];
  if (after === undefined) return stale;
  // Where there was nobody, packets may have gone to a socket of this host.
  const served = (before.internal.length === 0 && after.internal.length > 0) || (before.external.length === 0 && after.external.length > 0);
  return served || moved ? [...stale, ...unsteered(after)] : stale;
}

/** Flows that began before the rule was there. */
function unsteered(rule: ForwardingRule): StaleFlows[] {
  const self = (ip: string): StaleFlows => ({ ip, port: rule.port, backend: { ip, port: rule.port } });
  return [...[rule.clusterIp, ...outside(rule)].map(self), ...(rule.nodePort === undefined ? [] : [{ port: rule.nodePort }])];
}

function outside({ externalIps, loadBalancerIps }: ForwardingRule): string[] {
  return [...externalIps, ...loadBalancerIps];
}

function gone(before: readonly Backend[], after: readonly Backend[]): Backend[] {
  return before.filter(({ ip, port }) => !after.some((backend) => backend.ip === ip && backend.port === port));
}

function at(ips: readonly string[], port: number, backends: readonly Backend[]): StaleFlows[] {
  return ips.flatMap((ip) => backends.map((backend) => ({ ip, port, backend })));
}

function nodePort(rule: ForwardingRule, backends: readonly Backend[]): StaleFlows[] {
  return rule.nodePort === undefined ? [] : backends.map((backend) => ({ port: rule.nodePort!, backend }));
}

/** What follows `conntrack -D`. */
export function conntrackFilter({ ip, port, backend }: StaleFlows): string {
  return ['-p udp', ...(ip === undefined ? [] : [`--orig-dst ${ip}`]), `--orig-port-dst ${port}`, ...(backend === undefined ? [] : [`--reply-src ${backend.ip} --reply-port-src ${backend.port}`])].join(' ');
}
