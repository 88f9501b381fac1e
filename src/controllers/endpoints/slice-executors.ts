// Carries out what was planned for EndpointSlices; answers are shown to the informer at once, so that the next plan is made
// on them and no slice is made twice.
import type { EndpointSlice } from '../../api/generated/types.ts';
import { ENDPOINT_SLICES } from '../../api/kinds.ts';
import { isForbidden, isNotFound } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { Informer } from '../../client/informer-contract.ts';
import type { Executors } from '../runtime/executor.ts';
import type { SliceAction } from './slice-action.ts';

export interface SliceContext {
  readonly client: Client;
  readonly slices: Informer<EndpointSlice>;
}

export const sliceExecutors: Executors<SliceAction, SliceContext> = {
  'create-slice': async ({ slice }, { client, slices }) => {
    try {
      slices.observe(await client.create(ENDPOINT_SLICES, slice));
    } catch (error) {
      // Its namespace is going or gone, and the Service with it.
      if (!isForbidden(error) && !isNotFound(error)) throw error;
    }
  },
  'update-slice': async ({ slice }, { client, slices }) => slices.observe(await client.update(ENDPOINT_SLICES, slice)),
  'delete-slice': async ({ slice }, { client }) => {
    const { namespace, name = '', uid } = slice.metadata ?? {};
    try {
      await client.delete(ENDPOINT_SLICES, { namespace, name }, { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  },
};
