// GET of one object, or of its status.
import { notFoundError } from '../../api/status-error.ts';
import type { Verb } from '../call.ts';
import { presentObject } from '../present.ts';
import { decodeEntry, storageKey } from '../stored-object.ts';

export const get: Verb = async (call) => {
  const entry = await call.server.store.get(storageKey(call.resource, call.namespace, call.name));
  if (entry === undefined) throw notFoundError(call.resource, call.name);
  return presentObject(call, decodeEntry(call.resource, entry));
};
