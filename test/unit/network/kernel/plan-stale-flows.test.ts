// Which flows of UDP are to be forgotten when rules change.
import { expect, test } from '@jest/globals';
import type { ForwardingRule } from '../../../../src/network/forwarding/forwarding-table.ts';
import { conntrackFilter, planStaleFlows } from '../../../../src/network/kernel/plan-stale-flows.ts';
import { aRule } from '../../../support/forwarding-rules.ts';

const [one, two] = [
  { ip: '172.17.0.2', port: 53 },
  { ip: '172.17.0.3', port: 53 },
];
const udp = (change: Parameters<typeof aRule>[0] = {}): ForwardingRule => aRule({ protocol: 'UDP', ...change });
const byKey = (rules: readonly ForwardingRule[]): ReadonlyMap<string, ForwardingRule> => new Map(rules.map((rule) => [rule.key, rule]));
const kept = udp({ backends: [one] });

test.each<{ title: string; before: readonly ForwardingRule[]; after: readonly ForwardingRule[]; forgotten: readonly string[] }>([
  { title: 'none when nothing changes', before: [kept], after: [kept], forgotten: [] },
  { title: 'none of TCP', before: [aRule({ backends: [one] })], after: [aRule({ backends: [two] })], forgotten: [] },
  { title: 'none when a backend is added', before: [udp({ backends: [one] })], after: [udp({ backends: [one, two] })], forgotten: [] },
  {
    title: 'those to a backend that is gone, at every address of the rule',
    before: [udp({ backends: [one, two], nodePort: 30053, loadBalancerIps: ['127.96.0.1'] })],
    after: [udp({ backends: [two], nodePort: 30053, loadBalancerIps: ['127.96.0.1'] })],
    forgotten: [
      '-p udp --orig-dst 10.96.0.9 --orig-port-dst 80 --reply-src 172.17.0.2 --reply-port-src 53',
      '-p udp --orig-dst 127.96.0.1 --orig-port-dst 80 --reply-src 172.17.0.2 --reply-port-src 53',
      '-p udp --orig-port-dst 30053 --reply-src 172.17.0.2 --reply-port-src 53',
    ],
  },
  { title: 'all of a rule that is gone', before: [kept], after: [], forgotten: ['-p udp --orig-dst 10.96.0.9 --orig-port-dst 80 --reply-src 172.17.0.2 --reply-port-src 53'] },
  {
    title: 'those that went to a socket before there was a backend',
    before: [udp({ nodePort: 30053 })],
    after: [udp({ nodePort: 30053, backends: [one] })],
    forgotten: ['-p udp --orig-dst 10.96.0.9 --orig-port-dst 80 --reply-src 10.96.0.9 --reply-port-src 80', '-p udp --orig-port-dst 30053'],
  },
  { title: 'those that went to a socket before there was a rule', before: [], after: [kept], forgotten: ['-p udp --orig-dst 10.96.0.9 --orig-port-dst 80 --reply-src 10.96.0.9 --reply-port-src 80'] },
  {
    title: 'all of the old port when the port changes',
    before: [kept],
    after: [udp({ backends: [one], port: 81 })],
    forgotten: ['-p udp --orig-dst 10.96.0.9 --orig-port-dst 80 --reply-src 172.17.0.2 --reply-port-src 53', '-p udp --orig-dst 10.96.0.9 --orig-port-dst 81 --reply-src 10.96.0.9 --reply-port-src 81'],
  },
])('forgets $title', ({ before, after, forgotten }) => expect(planStaleFlows(byKey(before), byKey(after)).map(conntrackFilter)).toEqual(forgotten));
