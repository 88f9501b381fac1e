// pure: nodes that a Pod wants by their labels or names: nodeSelector, and the required terms of its node affinity.
import { isNodeSelected } from '../../../api/node/node-selector.ts';
import { OK, type Filter } from '../filter.ts';

export const nodeAffinity: Filter = ({ pod }, { node }) => {
  const labels = node.metadata?.labels ?? {};
  const isSelected = Object.entries(pod.spec?.nodeSelector ?? {}).every(([name, value]) => labels[name] === value);
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const isWanted = terms === undefined || isNodeSelected(terms, node);
  return isSelected && isWanted ? OK : [{ reason: "node(s) didn't match Pod's node affinity/selector", isFinal: true }];
};
