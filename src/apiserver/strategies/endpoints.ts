// Endpoints and EndpointSlices: who is behind a Service.
import { checkSubdomain } from '../../api/dns-name.ts';
import { defaultEndpoints, validateEndpoints, validateEndpointsUpdate } from '../../api/endpoints/validate-endpoints.ts';
import { repackSubsets } from '../../api/endpoints/repack-subsets.ts';
import { defaultEndpointSlice, endpointSliceWarnings, validateEndpointSlice, validateEndpointSliceUpdate } from '../../api/endpointslice/validate-endpoint-slice.ts';
import type { Endpoints, EndpointSlice } from '../../api/generated/types.ts';
import { plainStrategy } from './plain.ts';

export const endpointsStrategy = plainStrategy<Endpoints>(checkSubdomain, {
  applyDefaults: defaultEndpoints,
  validate: validateEndpoints,
  validateUpdate: validateEndpointsUpdate,
  canonicalize: (endpoints) => (endpoints.subsets === undefined ? endpoints : { ...endpoints, subsets: repackSubsets(endpoints.subsets) }),
});

export const endpointSliceStrategy = plainStrategy<EndpointSlice>(checkSubdomain, {
  applyDefaults: defaultEndpointSlice,
  validate: validateEndpointSlice,
  validateUpdate: validateEndpointSliceUpdate,
  warningsOnCreate: endpointSliceWarnings,
  generationPart: ({ metadata, addressType, endpoints, ports }) => ({ labels: metadata?.labels, addressType, endpoints, ports }),
});
