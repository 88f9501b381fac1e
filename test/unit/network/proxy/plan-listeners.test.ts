import { expect, test } from '@jest/globals';
import { planListeners } from '../../../../src/network/proxy/thread/plan-listeners.ts';
import { aRule } from '../../../support/proxy-bench.ts';

const settings = { nodeAddresses: ['127.0.0.1', '::1'], listenOnClusterIps: 'none' as const };
const brief = (...args: Parameters<typeof planListeners>): string[] => planListeners(...args).map(({ purpose, key, side, sourceRanges }) => [purpose, key, side, ...sourceRanges].join(' '));

test.each([
  { name: 'nothing for a Service of this network alone', rule: { nodePort: undefined }, changes: {}, points: [] },
  { name: 'a node port on each address of the node', rule: {}, changes: {}, points: ['node-port TCP 127.0.0.1 30080 external', 'node-port TCP ::1 30080 external'] },
  { name: 'a cluster address where the kernel does not forward', rule: { nodePort: undefined }, changes: { listenOnClusterIps: 'all' as const }, points: ['cluster-ip TCP 10.96.0.9 80 internal'] },
  { name: 'external addresses there, too', rule: { nodePort: undefined, externalIps: ['192.0.2.1'] }, changes: { listenOnClusterIps: 'all' as const }, points: ['cluster-ip TCP 10.96.0.9 80 internal', 'external-ip TCP 192.0.2.1 80 external'] },
  { name: 'external addresses not where the kernel forwards', rule: { nodePort: undefined, externalIps: ['192.0.2.1'] }, changes: {}, points: [] },
  { name: 'cluster addresses of UDP alone, where the kernel forwards all but that', rule: { nodePort: undefined, protocol: 'UDP' as const }, changes: { listenOnClusterIps: 'UDP' as const }, points: ['cluster-ip UDP 10.96.0.9 80 internal'] },
  { name: 'no cluster address of TCP there', rule: { nodePort: undefined }, changes: { listenOnClusterIps: 'UDP' as const }, points: [] },
  { name: "a load balancer's address always, for its source ranges", rule: { nodePort: undefined, loadBalancerIps: ['127.96.0.1'], sourceRanges: ['10.0.0.0/8'] }, changes: {}, points: ['load-balancer TCP 127.96.0.1 80 external 10.0.0.0/8'] },
  { name: 'UDP as UDP', rule: { protocol: 'UDP' as const }, changes: { nodeAddresses: ['127.0.0.1'] }, points: ['node-port UDP 127.0.0.1 30080 external'] },
])('listens on $name', ({ rule, changes, points }) => {
  expect(brief(aRule(30080, [], rule), { ...settings, ...changes })).toEqual(points);
});
