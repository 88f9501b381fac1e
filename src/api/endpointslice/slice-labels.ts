// pure: how EndpointSlices say whose they are and who writes them.
import type { EndpointSlice } from '../generated/types.ts';
import { objectKey } from '../object.ts';
import { SERVICE_NAME_LABEL } from '../service/service-labels.ts';

export const SLICE_MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
/** Of Endpoints and EndpointSlices: when that happened which made them what they are. */
export const LAST_CHANGE_ANNOTATION = 'endpoints.kubernetes.io/last-change-trigger-time';

export const SLICE_CONTROLLER = 'endpointslice-controller.k8s.io';
export const MIRRORING_CONTROLLER = 'endpointslicemirroring-controller.k8s.io';

/** "namespace/name" of the Service that the slice is of; undefined when it says none. */
export function serviceKeyOfSlice({ metadata }: EndpointSlice): string | undefined {
  const name = metadata?.labels?.[SERVICE_NAME_LABEL];
  return name === undefined || name === '' ? undefined : objectKey({ namespace: metadata?.namespace ?? '', name });
}

export function isManagedBy(controller: string, { metadata }: EndpointSlice): boolean {
  return metadata?.labels?.[SLICE_MANAGED_BY_LABEL] === controller;
}

/** The informer's index by which everybody finds the slices of a Service, by the Service's key. */
export const OF_SERVICE = 'of-service';

export const sliceIndexes: Readonly<Record<string, (slice: EndpointSlice) => readonly string[]>> = {
  [OF_SERVICE]: (slice) => {
    const key = serviceKeyOfSlice(slice);
    return key === undefined ? [] : [key];
  },
};
