// The scheduler's reasons as tables: which Pods go to the node, and upstream's words for those that do not.
import { describe, expect, test } from '@jest/globals';
import type { Affinity, Node, Pod, PodSpec } from '../../../../src/api/generated/types.ts';
import type { Candidate, StorageSeen } from '../../../../src/controllers/scheduler/filter.ts';
import { planScheduling } from '../../../../src/controllers/scheduler/plan-scheduling.ts';

const node = (change: { readonly labels?: Record<string, string>; readonly spec?: Node['spec']; readonly allocatable?: Record<string, string> } = {}): Node => ({
  metadata: { name: 'node-1', labels: { 'kubernetes.io/hostname': 'node-1', disk: 'ssd', cores: '8', ...change.labels } },
  spec: change.spec,
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '3', ...change.allocatable } },
});
const pod = (spec: Partial<PodSpec> = {}, metadata: Pod['metadata'] = {}): Pod => ({ metadata: { name: 'p', namespace: 'default', ...metadata }, spec: { containers: [{ name: 'c', image: 'x' }], ...spec } });
const wanting = (requests: Record<string, string>, more: Partial<PodSpec> = {}): Pod => pod({ containers: [{ name: 'c', image: 'x', resources: { requests } }], ...more });
const NO_STORAGE: StorageSeen = { claim: () => undefined, volume: () => undefined, volumes: () => [], storageClass: () => undefined };
const plan = (one: Pod, candidates: readonly Candidate[] = [{ node: node(), pods: [] }]) => planScheduling({ pod: one, candidates, storage: NO_STORAGE, namespaceLabels: (namespace) => ({ team: namespace }) });
const affinity = (one: Affinity, metadata: Pod['metadata'] = {}): Pod => pod({ affinity: one }, metadata);
const required = (matchExpressions: { key: string; operator: string; values?: string[] }[]): Pod =>
  affinity({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } } });

const FINAL = '1 Preemption is not helpful for scheduling';
const NO_VICTIMS = '1 No preemption victims found for incoming pod';
const text = (reason: string, outcome: string): string => `0/1 nodes are available: ${reason}. preemption: 0/1 nodes are available: ${outcome}.`;
const AFFINITY = text("1 node(s) didn't match Pod's node affinity/selector", FINAL);

describe('a Pod that is bound, over, or somebody else\'s', () => {
  test.each([
    { name: 'bound', one: pod({ nodeName: 'node-1' }) },
    { name: 'going', one: pod({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }) },
    { name: 'over', one: { ...pod(), status: { phase: 'Failed' } } },
    { name: 'for another scheduler', one: pod({ schedulerName: 'other' }) },
    { name: 'gated', one: pod({ schedulingGates: [{ name: 'wait' }] }) },
  ])('$name', ({ one }) => {
    expect(plan(one)).toEqual({ type: 'nothing' });
  });
});

test('without nodes nothing can be placed', () => {
  expect(plan(pod(), [])).toEqual({ type: 'wait', message: 'no nodes available to schedule pods' });
});

describe('what a node offers', () => {
  test.each<{ readonly name: string; readonly one: Pod; readonly at?: Node; readonly message?: string }>([
    { name: 'a Pod that asks for nothing goes', one: pod() },
    { name: 'a label that the node has', one: pod({ nodeSelector: { disk: 'ssd' } }) },
    { name: 'a label that it has not', one: pod({ nodeSelector: { disk: 'hdd' } }), message: AFFINITY },
    { name: 'In', one: required([{ key: 'disk', operator: 'In', values: ['hdd', 'ssd'] }]) },
    { name: 'NotIn', one: required([{ key: 'disk', operator: 'NotIn', values: ['ssd'] }]), message: AFFINITY },
    { name: 'Exists', one: required([{ key: 'gpu', operator: 'Exists' }]), message: AFFINITY },
    { name: 'DoesNotExist', one: required([{ key: 'gpu', operator: 'DoesNotExist' }]) },
    { name: 'Gt', one: required([{ key: 'cores', operator: 'Gt', values: ['4'] }]) },
    { name: 'Lt', one: required([{ key: 'cores', operator: 'Lt', values: ['4'] }]), message: AFFINITY },
    { name: 'all expressions of a term must hold', one: required([{ key: 'disk', operator: 'Exists' }, { key: 'gpu', operator: 'Exists' }]), message: AFFINITY },
    { name: 'a term that asks for nothing is never met', one: required([]), message: AFFINITY },
    { name: 'what is only preferred keeps nobody away', one: affinity({ nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [{ key: 'gpu', operator: 'Exists' }] } }] } }) },
    { name: 'a cordoned node', one: pod(), at: node({ spec: { unschedulable: true } }), message: text('1 node(s) were unschedulable', FINAL) },
    { name: 'a cordoned node that is tolerated', one: pod({ tolerations: [{ operator: 'Exists' }] }), at: node({ spec: { unschedulable: true } }) },
    { name: 'a taint', one: pod(), at: node({ spec: { taints: [{ key: 'own', value: 'x', effect: 'NoSchedule' }] } }), message: text('1 node(s) had untolerated taint {own: x}', FINAL) },
    { name: 'a taint that is tolerated', one: pod({ tolerations: [{ key: 'own', value: 'x' }] }), at: node({ spec: { taints: [{ key: 'own', value: 'x', effect: 'NoSchedule' }] } }) },
    { name: 'a taint that only discourages', one: pod(), at: node({ spec: { taints: [{ key: 'own', effect: 'PreferNoSchedule' }] } }) },
  ])('$name', ({ one, at = node(), message }) => {
    expect(plan(one, [{ node: at, pods: [] }])).toEqual(message === undefined ? { type: 'bind', node: 'node-1' } : { type: 'wait', message });
  });
});

describe('what other Pods leave', () => {
  const web = (labels: Record<string, string>, spec: Partial<PodSpec> = {}): Pod => pod(spec, { labels });
  const near = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' };
  const beside: Affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near] } };
  const apart: Affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near] } };
  const spread = (change: object = {}): Partial<PodSpec> => ({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } }, ...change }] });
  const onPort = (hostPort: number, more: object = {}): Pod => pod({ containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 80, hostPort, ...more }] }] });

  test.each<{ readonly name: string; readonly one: Pod; readonly others: readonly Pod[]; readonly message?: string }>([
    { name: 'room for what is asked', one: wanting({ cpu: '1500m' }), others: [wanting({ cpu: '500m' })] },
    { name: 'a little too little', one: wanting({ cpu: '1501m' }), others: [wanting({ cpu: '500m' })], message: text('1 Insufficient cpu', NO_VICTIMS) },
    { name: 'too little of two things', one: wanting({ cpu: '3', memory: '2Gi' }), others: [], message: text('1 Insufficient cpu, 1 Insufficient memory', NO_VICTIMS) },
    { name: 'a resource that the node does not have', one: wanting({ 'example.org/gpu': '1' }), others: [], message: text('1 Insufficient example.org/gpu', NO_VICTIMS) },
    { name: 'a Pod that asks for nothing fits beside any', one: pod(), others: [wanting({ cpu: '2' })] },
    { name: 'as many Pods as the node takes', one: pod(), others: [pod(), pod(), pod()], message: text('1 Too many pods', NO_VICTIMS) },
    { name: 'a Pod that may not preempt', one: wanting({ cpu: '3' }, { preemptionPolicy: 'Never' }), others: [], message: '0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.' },
    { name: 'a port of the host that is free', one: onPort(80), others: [onPort(81), onPort(80, { protocol: 'UDP' })] },
    { name: 'a port of the host that is taken', one: onPort(80), others: [onPort(80)], message: text("1 node(s) didn't have free ports for the requested pod ports", NO_VICTIMS) },
    { name: 'one port on two addresses', one: onPort(80, { hostIP: '127.0.0.1' }), others: [onPort(80, { hostIP: '127.0.0.2' })] },
    { name: 'company that is there', one: affinity(beside), others: [web({ app: 'web' })] },
    { name: 'company that is missing', one: affinity(beside), others: [web({ app: 'db' })], message: text("1 node(s) didn't match pod affinity rules", FINAL) },
    { name: 'the first of a kind that wants its own company', one: affinity(beside, { labels: { app: 'web' } }), others: [] },
    { name: 'company in another namespace does not count', one: affinity(beside), others: [{ ...web({ app: 'web' }), metadata: { namespace: 'other', labels: { app: 'web' } } }], message: text("1 node(s) didn't match pod affinity rules", FINAL) },
    {
      name: 'unless namespaces are selected by their labels',
      one: affinity({ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...near, namespaceSelector: { matchLabels: { team: 'other' } } }] } }),
      others: [{ ...web({ app: 'web' }), metadata: { namespace: 'other', labels: { app: 'web' } } }],
    },
    { name: 'company that is not wanted', one: affinity(apart), others: [web({ app: 'web' })], message: text("1 node(s) didn't match pod anti-affinity rules", NO_VICTIMS) },
    { name: 'being unwanted', one: web({ app: 'web' }), others: [affinity(apart)], message: text("1 node(s) didn't satisfy existing pods anti-affinity rules", NO_VICTIMS) },
    { name: 'a group on the only domain is never lopsided', one: web({ app: 'web' }, spread()), others: [web({ app: 'web' }), web({ app: 'web' })] },
    { name: 'unless more domains are asked for', one: web({ app: 'web' }, spread({ minDomains: 2 })), others: [web({ app: 'web' })], message: text("1 node(s) didn't match pod topology spread constraints", NO_VICTIMS) },
    { name: 'a domain without a name', one: web({ app: 'web' }, spread({ topologyKey: 'zone' })), others: [], message: text("1 node(s) didn't match pod topology spread constraints (missing required label)", FINAL) },
    { name: 'a group that may be lopsided', one: web({ app: 'web' }, spread({ topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' })), others: [] },
  ])('$name', ({ one, others, message }) => {
    expect(plan(one, [{ node: node(), pods: others }])).toEqual(message === undefined ? { type: 'bind', node: 'node-1' } : { type: 'wait', message });
  });
});
