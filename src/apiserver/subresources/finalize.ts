// PUT namespaces/NAME/finalize: the namespace controller's word that nothing is left inside.
import type { Namespace } from '../../api/generated/types.ts';
import type { Verb } from '../call.ts';
import { presentObject } from '../present.ts';
import { readObject } from '../request-body.ts';
import { rewriteObject } from '../verbs/rewrite-object.ts';
import { isDryRun } from '../write-options.ts';

export const finalize: Verb = async (call) => {
  const asked = readObject(call) as Namespace;
  const finalizers = asked.spec?.finalizers ?? [];
  const object = await rewriteObject(
    call,
    (current) => ({ ...current, spec: { ...(current as Namespace).spec, finalizers } }) as Namespace,
    { dryRun: isDryRun(call) },
  );
  return presentObject(call, object);
};
