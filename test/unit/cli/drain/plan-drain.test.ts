import { expect, test } from '@jest/globals';
import type { Pod } from '../../../../src/api/generated/types.ts';
import { planDrain, type DrainRules } from '../../../../src/cli/drain/plan-drain.ts';

const NOW = Date.UTC(2026, 0, 1);
const RULES: DrainRules = { ignoreDaemonSets: false, force: false, deleteEmptyDirData: false, skipDeletedAfterMs: 0, daemonSetTrouble: () => undefined };
const owner = (kind: string): Pod['metadata'] => ({ ownerReferences: [{ apiVersion: 'apps/v1', kind, name: 'o', uid: 'u', controller: true }] });
const pod = (name: string, metadata: Pod['metadata'] = owner('Job'), change: Pod = {}): Pod => ({ ...change, metadata: { ...metadata, name, namespace: 'ns' } });
const scratch: Pod = { spec: { containers: [], volumes: [{ name: 'v', emptyDir: {} }] } };

test.each<[string, readonly Pod[], Partial<DrainRules>, { leaving?: readonly string[]; warning?: string; errors?: readonly string[] }]>([
  ['no Pods', [], {}, {}],
  ['Pods of controllers', [pod('a'), pod('b')], {}, { leaving: ['a', 'b'] }],
  ['Pods of DaemonSets forbid it', [pod('a', owner('DaemonSet')), pod('b', owner('DaemonSet'))], {}, { errors: ['cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ns/a, ns/b'] }],
  ['Pods of DaemonSets are left where that is asked', [pod('a', owner('DaemonSet')), pod('b')], { ignoreDaemonSets: true }, { leaving: ['b'], warning: 'ignoring DaemonSet-managed Pods: ns/a' }],
  ['a Pod whose DaemonSet is gone', [pod('a', owner('DaemonSet'))], { daemonSetTrouble: () => ({ message: 'gone', isGone: true }) }, { errors: ['cannot delete gone: ns/a'] }],
  ['a Pod whose DaemonSet is gone goes by force', [pod('a', owner('DaemonSet'))], { force: true, daemonSetTrouble: () => ({ message: 'gone', isGone: true }) }, { leaving: ['a'] }],
  ['a Pod whose DaemonSet cannot be read stays, by force too', [pod('a', owner('DaemonSet'))], { force: true, daemonSetTrouble: () => ({ message: 'refused', isGone: false }) }, { errors: ['cannot delete refused: ns/a'] }],
  ['several reasons', [pod('a', {}), pod('b', owner('Job'), scratch)], {}, {
    errors: ['cannot delete cannot delete Pods that declare no controller (use --force to override): ns/a', 'cannot delete Pods with local storage (use --delete-emptydir-data to override): ns/b'],
    leaving: [],
  }],
  ['a Pod of nobody, by force', [pod('a', {})], { force: true }, { leaving: ['a'], warning: 'deleting Pods that declare no controller: ns/a' }],
  ['a Pod of nobody that is over', [pod('a', {}, { ...scratch, status: { phase: 'Failed' } })], {}, { leaving: ['a'] }],
  ['Pods that mirror files', [pod('a', { annotations: { 'kubernetes.io/config.mirror': 'x' } })], {}, {}],
  ['a Pod that is being deleted', [pod('a', { ...owner('Job'), deletionTimestamp: '2025-12-31T23:59:00Z' })], {}, { leaving: ['a'] }],
  ['a Pod that is being deleted for long', [pod('a', { ...owner('Job'), deletionTimestamp: '2025-12-31T23:59:00Z' })], { skipDeletedAfterMs: 30_000 }, {}],
  ['a Pod that is being deleted for a while', [pod('a', { ...owner('Job'), deletionTimestamp: '2025-12-31T23:59:00Z' })], { skipDeletedAfterMs: 90_000 }, { leaving: ['a'] }],
])('%s', (_, pods, rules, expected) => {
  const { leaving, warning, errors } = planDrain(pods, { ...RULES, ...rules }, NOW);
  expect({ leaving: leaving.map(({ metadata }) => metadata?.name), warning, errors }).toEqual({ leaving: [], warning: '', errors: [], ...expected });
});
