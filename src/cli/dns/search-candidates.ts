// pure: the full names that a Pod's resolver tries for a name, in their order.
import { CLUSTER_DOMAIN } from '../../api/service/cluster-network.ts';

/** kube: options ndots:5 of every Pod that asks the cluster. */
const NDOTS = 5;

export function searchCandidates(name: string, { namespace, hostSearches }: { readonly namespace: string; readonly hostSearches: readonly string[] }): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const domains = [`${namespace}.svc.${CLUSTER_DOMAIN}`, `svc.${CLUSTER_DOMAIN}`, CLUSTER_DOMAIN, ...hostSearches.filter((domain) => domain !== '.')];
  const searched = [...new Set(domains)].map((domain) => `${name}.${domain}`);
  return name.split('.').length > NDOTS ? [name, ...searched] : [...searched, name];
}
