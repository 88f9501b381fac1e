// pure: nodes that keep Pods away, by being cordoned or tainted.
import type { Pod, Taint } from '../../../api/generated/types.ts';
import { OK, type Filter } from '../filter.ts';

export const unschedulable: Filter = ({ pod }, { node }) =>
  node.spec?.unschedulable === true && !tolerates(pod, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }) ? [{ reason: 'node(s) were unschedulable', isFinal: true }] : OK;

export const taints: Filter = ({ pod }, { node }) => {
  const taint = (node.spec?.taints ?? []).find((each) => each.effect !== 'PreferNoSchedule' && !tolerates(pod, each));
  return taint === undefined ? OK : [{ reason: `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`, isFinal: true }];
};

function tolerates(pod: Pod, taint: Taint): boolean {
  return (pod.spec?.tolerations ?? []).some(
    ({ key = '', operator = 'Equal', value = '', effect = '' }) =>
      (effect === '' || effect === taint.effect) && (key === '' || key === taint.key) && (operator === 'Exists' || value === (taint.value ?? '')),
  );
}
