// pure: whether a node is one that the terms of a node selector mean: of a Pod's affinity, of a volume's.
import type { Node, NodeSelectorRequirement, NodeSelectorTerm, PersistentVolume } from '../generated/types.ts';

/** Any of the terms; all of a term's requirements. A term without any requirement matches nothing. */
export function isNodeSelected(terms: readonly NodeSelectorTerm[], node: Node): boolean {
  return terms.some((term) => matchesTerm(term, node));
}

/** A volume without an affinity is everywhere. */
export function isVolumeOnNode({ spec }: PersistentVolume, node: Node): boolean {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  return terms === undefined || isNodeSelected(terms, node);
}

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
