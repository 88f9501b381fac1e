// pure: what can be done to EndpointSlices.
import type { Endpoint, EndpointSlice, EndpointSlicePort, ObjectMeta } from '../../api/generated/types.ts';

export type SliceAction =
  | { readonly type: 'create-slice'; readonly slice: EndpointSlice }
  | { readonly type: 'update-slice'; readonly slice: EndpointSlice }
  | { readonly type: 'delete-slice'; readonly slice: EndpointSlice };

/** All endpoints that share a set of ports. */
export interface SliceContents {
  readonly ports: EndpointSlicePort[];
  readonly endpoints: readonly Endpoint[];
}

/** What every slice of an owner has in common. */
export interface SliceTemplate {
  readonly addressType: 'IPv4' | 'IPv6';
  /** Slices have these annotations and no others; else others may add theirs. */
  readonly ownsAnnotations?: boolean;
  readonly metadata: Required<Pick<ObjectMeta, 'namespace' | 'generateName' | 'labels' | 'annotations' | 'ownerReferences'>>;
}
