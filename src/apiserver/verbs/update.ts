// PUT to an object, or to its status.
import { methodNotAllowedError } from '../../api/status-error.ts';
import type { Verb } from '../call.ts';
import { presentObject } from '../present.ts';
import { readObject } from '../request-body.ts';
import { isDryRun } from '../write-options.ts';
import { updateObject } from './update-object.ts';

export const update: Verb = async (call) => {
  if (call.name === '') throw methodNotAllowedError(call.resource, 'update');
  const body = readObject(call);
  const part = call.subresource === 'status' ? 'status' : 'main';
  return presentObject(call, await updateObject(call, () => body, { dryRun: isDryRun(call), part }));
};
