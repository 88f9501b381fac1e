// Carries out the plan of apply for one manifest: reads what is there, creates or patches, replaces by force where asked.
import { resourceText, StatusError, isConflict, isInvalid, isNotFound } from '../../api/status-error.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Client, WriteOptions } from '../../client/client.ts';
import type { LocatedManifest } from '../manifests/locate.ts';
import { replaceByForce, type ForceOptions } from '../write/replace-by-force.ts';
import { errorWhen } from '../write/failures.ts';
import type { DryRun } from '../write/write-flags.ts';
import { LAST_APPLIED } from '../../api/meta/last-applied.ts';
import { withLastApplied } from './last-applied.ts';
import { planApply, type ApplyPlan } from './plan-apply.ts';

export interface ApplyOptions {
  readonly client: Client;
  readonly dryRun: DryRun;
  readonly write: WriteOptions;
  /** Present with --force: what cannot be patched is deleted and made anew. */
  readonly force?: ForceOptions;
  readonly warn: (text: string) => Promise<void>;
}

export interface Applied {
  readonly object: KubeObject;
  readonly done: 'created' | 'configured' | 'unchanged';
}

export async function applyManifest(manifest: LocatedManifest, options: ApplyOptions): Promise<Applied> {
  if (manifest.name === '') throw namelessError(manifest);
  const current = await readCurrent(manifest, options.client);
  const plan = planApply({ resource: manifest.resource, manifest: manifest.object, current });
  if (current !== undefined && options.dryRun === 'client') return { object: withLastApplied(manifest.object), done: 'configured' };
  switch (plan.type) {
    case 'create':
      return { object: await create(manifest, plan.object, options), done: 'created' };
    case 'unchanged':
      return { object: current!, done: 'unchanged' };
    case 'patch':
      await warnBefore(manifest, plan, options);
      return { object: await patch(manifest, plan, options), done: 'configured' };
  }
}

function namelessError({ object, resource, source, namespace }: LocatedManifest): Error {
  const generateName = object.metadata?.generateName;
  if (generateName !== undefined && generateName !== '') return new Error(`from ${generateName}: cannot use generate name with apply`);
  return new Error(
    `error when retrieving current configuration of:\n${describe({ resource, name: '', namespace })}\nfrom server for: ${JSON.stringify(source.name)}: resource name may not be empty`,
  );
}

async function readCurrent({ resource, namespace, name }: LocatedManifest, client: Client): Promise<KubeObject | undefined> {
  try {
    return await client.get(resource, { namespace, name });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function create({ resource, source }: LocatedManifest, object: KubeObject, { client, dryRun, write }: ApplyOptions): Promise<KubeObject> {
  if (dryRun === 'client') return object;
  try {
    return await client.create(resource, object, write);
  } catch (error) {
    throw errorWhen('creating', { error, file: source.name });
  }
}

type PatchPlan = Extract<ApplyPlan, { type: 'patch' }>;

async function warnBefore({ resource, name }: LocatedManifest, plan: PatchPlan, { warn }: ApplyOptions): Promise<void> {
  const which = `${resourceText(resource)}/${name}`.replace(/\.[^/]*\//, '/');
  if (plan.notApplied) {
    await warn(
      `resource ${which} is missing the ${LAST_APPLIED} annotation which is required by minik apply. minik apply should only be used on resources created declaratively by either minik create --save-config or minik apply. The missing annotation will be patched automatically.`,
    );
  }
  if (plan.beingDeleted) await warn(`Detected changes to resource ${name} which is currently being deleted.`);
}

async function patch(manifest: LocatedManifest, plan: PatchPlan, options: ApplyOptions): Promise<KubeObject> {
  const { resource, namespace, name, source } = manifest;
  try {
    return await options.client.patch(resource, { namespace, name }, { type: plan.patchType, body: plan.patch }, options.write);
  } catch (error) {
    if (options.force !== undefined && options.dryRun === 'none' && (isConflict(error) || isInvalid(error))) {
      return replaceByForce({ ...manifest, object: withLastApplied(manifest.object) }, { ...options.force, client: options.client, write: options.write });
    }
    throw patchError(error, { manifest, plan, file: source.name });
  }
}

/** kubectl's words: the whole patch and where it was to go. */
function patchError(error: unknown, { manifest, plan, file }: { readonly manifest: LocatedManifest; readonly plan: PatchPlan; readonly file: string }): unknown {
  if (!(error instanceof StatusError)) return error;
  const text = `applying patch:\n${JSON.stringify(plan.patch)}\nto:\n${describe(manifest)}\nfor:`;
  const inner = errorWhen('patching', { error, file }) as StatusError;
  return new StatusError({ ...error.status, message: `error when ${text} ${JSON.stringify(file)}: ${inner.message}` }, { cause: error });
}

function describe({ resource, name, namespace }: Pick<LocatedManifest, 'resource' | 'name' | 'namespace'>): string {
  const version = resource.group === '' ? `/${resource.version}` : `${resource.group}/${resource.version}`;
  return `Resource: "${version}, Resource=${resource.plural}", GroupVersionKind: "${version}, Kind=${resource.kind}"\nName: "${name}", Namespace: "${namespace}"`;
}
