// PUT to an object, to its status, or to another part of it.
import { methodNotAllowedError } from '../../api/status-error.ts';
import type { Verb } from '../call.ts';
import { presentObject } from '../present.ts';
import { readObject } from '../request-body.ts';
import { isDryRun } from '../write-options.ts';
import { updateObject } from './update-object.ts';

export const update: Verb = async (call) => {
  if (call.name === '') throw methodNotAllowedError(call.resource, 'update');
  const body = readObject(call);
  const part = call.subresource === '' ? 'main' : call.subresource;
  return presentObject(call, await updateObject(call, () => body, { dryRun: isDryRun(call), part }));
};
