// pure: nodes that a Pod wants by their labels or names: nodeSelector, and the required terms of its node affinity.
import type { Node, NodeSelectorRequirement, NodeSelectorTerm } from '../../../api/generated/types.ts';
import { OK, type Filter } from '../filter.ts';

export const nodeAffinity: Filter = ({ pod }, { node }) => {
  const labels = node.metadata?.labels ?? {};
  const isSelected = Object.entries(pod.spec?.nodeSelector ?? {}).every(([name, value]) => labels[name] === value);
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const isWanted = terms === undefined || terms.some((term) => matchesTerm(term, node));
  return isSelected && isWanted ? OK : [{ reason: "node(s) didn't match Pod's node affinity/selector", isFinal: true }];
};

/** A term without any requirement matches nothing. */
function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, { metadata }: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const fields: Record<string, string | undefined> = { 'metadata.name': metadata?.name };
  return matchExpressions.every((requirement) => meets(requirement, metadata?.labels?.[requirement.key])) && matchFields.every((requirement) => meets(requirement, fields[requirement.key]));
}

function meets({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return isNumber(value) && Number(value) > Number(values[0]);
    case 'Lt':
      return isNumber(value) && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function isNumber(value: string | undefined): boolean {
  return value !== undefined && /^-?\d+$/.test(value);
}
