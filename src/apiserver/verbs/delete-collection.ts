// DELETE of a collection: every object that the selectors pick, one by one.
import { isNotFound } from '../../api/status-error.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Call, Verb } from '../call.ts';
import { presentList } from '../present.ts';
import { isDryRun } from '../write-options.ts';
import { deleteObject } from './delete-object.ts';
import { readDeleteOptions } from './delete-options.ts';
import { listObjects } from './list.ts';

export const deleteCollection: Verb = async (call) => {
  const options = readDeleteOptions(call);
  const dryRun = isDryRun(call, options.dryRun);
  const found = await listObjects(call);
  const deleted = await Promise.all(found.map((object) => deleteListed(call, object, { options, dryRun })));
  const objects = deleted.filter((object) => object !== undefined);
  return presentList(call, objects, { resourceVersion: String(call.server.store.revision) });
};

/** What went in the meantime is what was wanted. */
async function deleteListed(
  call: Call,
  { metadata }: KubeObject,
  { options, dryRun }: { readonly options: ReturnType<typeof readDeleteOptions>; readonly dryRun: boolean },
): Promise<KubeObject | undefined> {
  try {
    const target = { ...call, namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' };
    return (await deleteObject(target, options, { dryRun })).object;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
