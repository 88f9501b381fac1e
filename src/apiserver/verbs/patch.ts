// PATCH of an object, or of its status: JSON patch, merge patch, strategic merge patch.
import { applyPatch } from '../../api/patch/apply-patch.ts';
import { badRequestError, methodNotAllowedError, unsupportedMediaTypeError } from '../../api/status-error.ts';
import type { Call, Verb } from '../call.ts';
import { presentObject } from '../present.ts';
import { checkObject, mediaType, readBody } from '../request-body.ts';
import { isDryRun } from '../write-options.ts';
import { updateObject } from './update-object.ts';

const PATCH_TYPES: Record<string, 'json' | 'merge' | 'strategic'> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

export const patch: Verb = async (call) => {
  if (call.name === '') throw methodNotAllowedError(call.resource, 'patch');
  const change = readPatch(call);
  const part = call.subresource === '' ? 'main' : call.subresource;
  const object = await updateObject(
    call,
    (current) => checkObject(call, { value: applyPatch(call.resource, current, change), duplicateFields: [] }),
    { dryRun: isDryRun(call), part },
  );
  return presentObject(call, object);
};

function readPatch(call: Call): { readonly type: 'json' | 'merge' | 'strategic'; readonly body: unknown } {
  const media = mediaType(call.request);
  const type = PATCH_TYPES[media];
  if (type === undefined) throw unsupportedMediaTypeError(Object.keys(PATCH_TYPES));
  const body = readBody(call.request, [media]);
  if (body === undefined) throw badRequestError('the request has no body: a patch was expected');
  return { type, body: body.value };
}
