// What is on the server, and what would be there after apply: the two sides of a diff.
import type { KubeObject } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Client, WriteOptions } from '../../client/client.ts';
import { lastAppliedOf, withoutLastApplied } from '../apply/last-applied.ts';
import { threeWayPatch } from '../apply/plan-apply.ts';
import type { LocatedManifest } from '../manifests/locate.ts';
import { errorWhen } from '../write/failures.ts';

export interface ObjectVersions {
  readonly live: KubeObject | undefined;
  readonly merged: KubeObject;
}

/** The server itself merges, as a dry run, so that its defaults are on both sides. */
export async function readVersions(manifest: LocatedManifest, { client, write }: { readonly client: Client; readonly write: WriteOptions }): Promise<ObjectVersions> {
  const { resource, namespace, name, object, source } = manifest;
  const dryRun = { ...write, dryRun: true };
  try {
    const live = await readLive(client, manifest);
    if (live === undefined) return { live, merged: await client.create(resource, object, dryRun) };
    const { type, body } = threeWayPatch(resource, { original: lastAppliedOf(live), modified: withoutLastApplied(object), current: live });
    return { live, merged: await client.patch(resource, { namespace, name }, { type, body }, dryRun) };
  } catch (error) {
    throw errorWhen('comparing', { error, file: source.name });
  }
}

async function readLive(client: Client, { resource, namespace, name }: LocatedManifest): Promise<KubeObject | undefined> {
  if (name === '') return undefined;
  try {
    return await client.get(resource, { namespace, name });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
