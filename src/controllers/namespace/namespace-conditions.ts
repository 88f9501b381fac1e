// pure: what a namespace that is going says about what is left in it.
import type { NamespaceCondition } from '../../api/generated/types.ts';

export interface Remaining {
  /** "pods", "jobs.batch" */
  readonly resource: string;
  readonly apiVersion: string;
  readonly count: number;
  /** Of all the objects that are left. */
  readonly finalizers: readonly string[];
}

export function namespaceConditions(remaining: readonly Remaining[], before: readonly NamespaceCondition[], now: string): NamespaceCondition[] {
  const resources = remaining.map(({ resource, count }) => `${resource} has ${count} resource instances`).sort();
  const counts = new Map<string, number>();
  for (const finalizer of remaining.flatMap(({ finalizers }) => finalizers)) counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
  const finalizers = [...counts].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort();
  const wanted: Omit<NamespaceCondition, 'lastTransitionTime'>[] = [
    { type: 'NamespaceDeletionDiscoveryFailure', status: 'False', reason: 'ResourcesDiscovered', message: 'All resources successfully discovered' },
    { type: 'NamespaceDeletionGroupVersionParsingFailure', status: 'False', reason: 'ParsedGroupVersions', message: 'All legacy kube types successfully parsed' },
    { type: 'NamespaceDeletionContentFailure', status: 'False', reason: 'ContentDeleted', message: 'All content successfully deleted, may be waiting on finalization' },
    resources.length > 0
      ? { type: 'NamespaceContentRemaining', status: 'True', reason: 'SomeResourcesRemain', message: `Some resources are remaining: ${resources.join(', ')}` }
      : { type: 'NamespaceContentRemaining', status: 'False', reason: 'ContentRemoved', message: 'All content successfully removed' },
    finalizers.length > 0
      ? { type: 'NamespaceFinalizersRemaining', status: 'True', reason: 'SomeFinalizersRemain', message: `Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}` }
      : { type: 'NamespaceFinalizersRemaining', status: 'False', reason: 'ContentHasNoFinalizers', message: 'All content-preserving finalizers finished' },
  ];
  return wanted.map((condition) => {
    const earlier = before.find(({ type }) => type === condition.type);
    return { ...condition, lastTransitionTime: earlier?.status === condition.status ? earlier.lastTransitionTime : now };
  });
}
