// pure: nodes that keep Pods away, by being cordoned or tainted.
import { UNSCHEDULABLE_TAINT } from '../../../api/node/node-taints.ts';
import { tolerates } from '../../../api/node/tolerations.ts';
import { OK, type Filter } from '../filter.ts';

export const unschedulable: Filter = ({ pod }, { node }) =>
  node.spec?.unschedulable === true && !tolerates(pod, { key: UNSCHEDULABLE_TAINT, effect: 'NoSchedule' }) ? [{ reason: 'node(s) were unschedulable', isFinal: true }] : OK;

export const taints: Filter = ({ pod }, { node }) => {
  const taint = (node.spec?.taints ?? []).find((each) => each.effect !== 'PreferNoSchedule' && !tolerates(pod, each));
  return taint === undefined ? OK : [{ reason: `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`, isFinal: true }];
};
