// pure: nodes that a Pod wants, or does not want, for the Pods that are there; and those whose Pods do not want it.
import type { Node, Pod, PodAffinityTerm } from '../../../api/generated/types.ts';
import { labelSelectorToRequirements, matchesLabels } from '../../../api/label-selector.ts';
import { OK, type Candidate, type Filter, type SchedulingObserved } from '../filter.ts';

export const podAffinity: Filter = (observed, candidate) => {
  const { pod, candidates } = observed;
  const others = candidates.flatMap(({ node, pods }) => pods.map((other) => ({ node, other })));
  const matching = (term: PodAffinityTerm) => others.filter(({ other }) => selects(observed, { owner: pod, term }, other));
  for (const term of required(pod, 'podAffinity')) {
    const found = matching(term);
    // The first of its kind has nobody to go to yet.
    const isFirst = found.length === 0 && selects(observed, { owner: pod, term }, pod) && candidate.node.metadata?.labels?.[term.topologyKey] !== undefined;
    if (!isFirst && !found.some(({ node }) => shareDomain(term, node, candidate))) return [{ reason: "node(s) didn't match pod affinity rules", isFinal: true }];
  }
  if (required(pod, 'podAntiAffinity').some((term) => matching(term).some(({ node }) => shareDomain(term, node, candidate)))) {
    return [{ reason: "node(s) didn't match pod anti-affinity rules", isFinal: false }];
  }
  const isUnwanted = others.some(({ node, other }) => required(other, 'podAntiAffinity').some((term) => shareDomain(term, node, candidate) && selects(observed, { owner: other, term }, pod)));
  return isUnwanted ? [{ reason: "node(s) didn't satisfy existing pods anti-affinity rules", isFinal: false }] : OK;
};

function required({ spec }: Pod, kind: 'podAffinity' | 'podAntiAffinity'): readonly PodAffinityTerm[] {
  return spec?.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

function shareDomain({ topologyKey }: PodAffinityTerm, node: Node, candidate: Candidate): boolean {
  const value = node.metadata?.labels?.[topologyKey];
  return value !== undefined && value === candidate.node.metadata?.labels?.[topologyKey];
}

/** Without a selector a term selects nothing. `owner`: the Pod whose term it is. */
function selects({ namespaceLabels }: SchedulingObserved, { owner, term }: { readonly owner: Pod; readonly term: PodAffinityTerm }, pod: Pod): boolean {
  if (term.labelSelector === undefined) return false;
  const namespace = pod.metadata?.namespace ?? '';
  const named = term.namespaces ?? [];
  const bySelector = term.namespaceSelector !== undefined && matchesLabels(labelSelectorToRequirements(term.namespaceSelector), namespaceLabels(namespace));
  const byDefault = term.namespaceSelector === undefined && named.length === 0 && namespace === owner.metadata?.namespace;
  if (!bySelector && !byDefault && !named.includes(namespace)) return false;
  const labels = pod.metadata?.labels ?? {};
  const own = owner.metadata?.labels ?? {};
  const sameLabels = (term.matchLabelKeys ?? []).every((key) => own[key] === undefined || labels[key] === own[key]);
  const otherLabels = (term.mismatchLabelKeys ?? []).every((key) => own[key] === undefined || labels[key] !== own[key]);
  return sameLabels && otherLabels && matchesLabels(labelSelectorToRequirements(term.labelSelector), labels);
}
