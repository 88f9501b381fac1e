// pure: the Services that every cluster has from the start.
import { objectKey } from '../object.ts';

/** How Pods reach the API. */
export const API_SERVICE = { namespace: 'default', name: 'kubernetes' } as const;
export const DNS_SERVICE = { namespace: 'kube-system', name: 'kube-dns' } as const;

/** By key: nobody asked for them, so they alone are no reason to do anything. */
export const OWN_SERVICES: ReadonlySet<string> = new Set([API_SERVICE, DNS_SERVICE].map(objectKey));
