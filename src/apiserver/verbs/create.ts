// POST to a collection.
import type { ObjectMeta } from '../../api/generated/types.ts';
import { apiVersionOf } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { alreadyExistsError, badRequestError, invalidError, methodNotAllowedError } from '../../api/status-error.ts';
import { required } from '../../api/field-errors.ts';
import { toTime } from '../../api/time.ts';
import { StoreError, type Entry } from '../../store/store.ts';
import { withDefaultClass } from '../admission/default-storage-class.ts';
import { requireLiveNamespace } from '../admission/namespace-lifecycle.ts';
import { admitPod } from '../admission/pod.ts';
import { requireOneDefault } from '../admission/priority-class.ts';
import { withServiceAddresses } from '../admission/service-addresses.ts';
import { hostWarnings } from '../admission/host-warnings.ts';
import type { Call, Verb } from '../call.ts';
import { conversionOf } from '../conversion/conversion.ts';
import { presentObject } from '../present.ts';
import { readObject } from '../request-body.ts';
import { decodeEntry, encodeObject, storageKey } from '../stored-object.ts';
import { isDryRun } from '../write-options.ts';

/** Upstream cuts the base so that base and suffix make a DNS label. */
const LONGEST_GENERATED_BASE = 58;
const SUFFIX_LENGTH = 5;
const NAME_TRIES = 8;

export const create: Verb = async (call) => {
  if (call.name !== '') throw methodNotAllowedError(call.resource, 'create');
  const dryRun = isDryRun(call);
  const object = await createObject(call, readObject(call), { dryRun });
  return presentObject(call, object, { status: 201 });
};

export async function createObject(call: Call, body: KubeObject, { dryRun }: { readonly dryRun: boolean }): Promise<KubeObject> {
  const { resource, strategy } = call;
  const admitted = await withDefaultClass(call, withNamespace(call, body));
  call.warnings.push(...(await hostWarnings(resource, call.server)));
  const checked = strategy.prepareForCreate(admitPod(call, strategy.applyDefaults(admitted)));
  const generated = (checked.metadata?.name ?? '') === '' && (checked.metadata?.generateName ?? '') !== '';
  for (let attempt = 1; ; attempt += 1) {
    const object = withIdentity(call, checked);
    const name = object.metadata?.name ?? '';
    requireLiveNamespace(call, name);
    const complete = strategy.afterIdentity?.(object) ?? object;
    const errors = name === '' ? [required('metadata.name', 'name or generateName is required')] : strategy.validate(complete);
    if (errors.length > 0) throw invalidError(resource, name === '' ? (complete.metadata?.generateName ?? '') : name, errors);
    requireOneDefault(call, complete);
    call.warnings.push(...(strategy.warningsOnCreate?.(complete) ?? []));
    const exists = call.server.store.peek(storageKey(resource, call.namespace, name)) !== undefined;
    if (exists && generated && attempt < NAME_TRIES) continue;
    if (exists) throw alreadyExistsError(resource, name);
    const addressed = withServiceAddresses(call, strategy.canonicalize?.(complete) ?? complete, { dryRun });
    return dryRun ? addressed : decodeEntry(resource, await write(call, addressed));
  }
}

async function write(call: Call, object: KubeObject): Promise<Entry> {
  const { resource, server, namespace } = call;
  const name = object.metadata?.name ?? '';
  try {
    return await server.store.create(storageKey(resource, namespace, name), encodeObject(conversionOf(resource).toStored(object)));
  } catch (error) {
    if (error instanceof StoreError && error.code === 'KeyExists') throw alreadyExistsError(resource, name);
    throw error;
  }
}

function withNamespace({ resource, namespace }: Call, body: KubeObject): KubeObject {
  const given = body.metadata?.namespace ?? '';
  if (given !== '' && given !== namespace) {
    throw badRequestError(
      resource.namespaced
        ? `the namespace of the provided object does not match the namespace sent on the request`
        : `${resource.kind} is not namespaced: metadata.namespace must not be set, got ${JSON.stringify(given)}`,
    );
  }
  if (resource.namespaced && namespace === '') throw badRequestError('an empty namespace may not be set during creation');
  if ((body.metadata?.resourceVersion ?? '') !== '') throw badRequestError('resourceVersion should not be set on objects to be created');
  return { ...body, metadata: { ...body.metadata, ...(resource.namespaced ? { namespace } : {}) } };
}

/** What the server alone decides: name suffix, uid, creation time, generation. */
function withIdentity({ resource, server }: Call, object: KubeObject): KubeObject {
  const {
    uid: _uid,
    creationTimestamp: _created,
    deletionTimestamp: _deleted,
    deletionGracePeriodSeconds: _grace,
    selfLink: _link,
    managedFields: _managed,
    resourceVersion: _version,
    generation: _generation,
    name = '',
    generateName = '',
    ...rest
  } = object.metadata ?? {};
  const finalName =
    name === '' && generateName !== '' ? generateName.slice(0, LONGEST_GENERATED_BASE) + server.ids.suffix(SUFFIX_LENGTH) : name;
  const metadata: ObjectMeta = {
    name: finalName,
    ...(generateName === '' ? {} : { generateName }),
    ...rest,
    uid: server.ids.uid(),
    creationTimestamp: toTime(server.clock.now()),
    ...(resource.hasGeneration ? { generation: 1 } : {}),
  };
  return { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind, metadata };
}
