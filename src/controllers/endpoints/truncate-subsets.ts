// pure: Endpoints of more addresses than one object is to hold. Ready ones come first; what is left is shared out between the
// subsets by their size.
import type { EndpointSubset } from '../../api/generated/types.ts';

export const MAX_ADDRESSES = 1_000;

export interface Truncated {
  readonly subsets: EndpointSubset[];
  readonly truncated: boolean;
}

export function truncateSubsets(subsets: EndpointSubset[], max = MAX_ADDRESSES): Truncated {
  const ready = total(subsets, 'addresses');
  const notReady = total(subsets, 'notReadyAddresses');
  if (ready + notReady <= max) return { subsets, truncated: false };
  const cut = ready > max ? cutting('addresses', { count: ready, room: max }) : cutting('notReadyAddresses', { count: notReady, room: max - ready });
  return { subsets: subsets.map(cut).filter(({ addresses, notReadyAddresses }) => addresses !== undefined || notReadyAddresses !== undefined), truncated: true };
}

type Part = 'addresses' | 'notReadyAddresses';

/** Each subset gives in proportion, rounded in its favour while there is room. */
function cutting(part: Part, { count, room }: { readonly count: number; readonly room: number }): (subset: EndpointSubset) => EndpointSubset {
  let left = room;
  return (subset) => {
    const own = subset[part] ?? [];
    const kept = own.slice(0, Math.min(Math.ceil((own.length / count) * room), left));
    left -= kept.length;
    const { addresses, notReadyAddresses, ...rest } = subset;
    if (part === 'addresses') return kept.length === 0 ? rest : { addresses: kept, ...rest };
    return { ...(addresses === undefined ? {} : { addresses }), ...(kept.length === 0 ? {} : { notReadyAddresses: kept }), ...rest };
  };
}

function total(subsets: readonly EndpointSubset[], part: Part): number {
  return subsets.reduce((sum, subset) => sum + (subset[part] ?? []).length, 0);
}
