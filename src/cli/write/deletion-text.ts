// pure: how a deletion is reported.
import type { Resource } from '../../api/kinds.ts';

/** `job.batch "x" deleted from default namespace` */
export function deletionText(
  { resource, namespace, name }: { readonly resource: Resource; readonly namespace: string; readonly name: string },
  { forced }: { readonly forced: boolean },
): string {
  const where = namespace === '' ? '' : ` from ${namespace} namespace`;
  return `${typeText(resource)} "${name}" ${forced ? 'force deleted' : 'deleted'}${where}`;
}

/** "pod", "job.batch" */
export function typeText({ kind, group }: Resource): string {
  return kind.toLowerCase() + (group === '' ? '' : `.${group}`);
}
