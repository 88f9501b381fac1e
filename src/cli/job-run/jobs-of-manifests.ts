// Makes the Jobs of manifests, and before them whatever else the manifests hold.
import type { Job } from '../../api/generated/types.ts';
import { hasCondition, isFinished } from '../../api/job/conditions.ts';
import { apiVersionOf, CRON_JOBS, JOBS, type Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { isInvalid, isNotFound, StatusError } from '../../api/status-error.ts';
import { applyManifest, type Applied, type ApplyOptions } from '../apply/apply-manifest.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import { UsageError } from '../context.ts';
import { errorText } from '../error-text.ts';
import type { LocatedManifest } from '../manifests/locate.ts';
import { placesHint, startManifestRun } from '../write/manifest-run.ts';
import { replaceByForce } from '../write/replace-by-force.ts';
import { displayName } from '../write/result-printer.ts';
import { waitGone } from '../write/wait-gone.ts';
import { writeOptions, type FileFlags, type ValidateFlags } from '../write/write-flags.ts';
import type { Finding, Wanted } from './run-jobs.ts';

export interface ManifestFlags extends FileFlags, ValidateFlags {
  readonly recreate?: boolean;
}

export async function makeJobsOfManifests(finding: Finding, flags: ManifestFlags): Promise<void> {
  const { context, client } = finding;
  const { manifests, failures } = await startManifestRun(context, flags);
  if ((await failures.finish()) !== 0) throw new UsageError('nothing was run: not all manifests can be read');
  const jobs = manifests.filter(({ resource }) => isKind(resource, JOBS));
  const others = manifests.filter(({ resource }) => !isKind(resource, JOBS));
  refuseCronJobs(others);
  if (jobs.length === 0) throw new UsageError('nothing was run: there is no Job in the manifests');
  const apply: ApplyOptions = {
    client,
    dryRun: 'none',
    write: writeOptions({ fieldManager: 'kubectl-client-side-apply', validate: flags.validate }),
    warn: (text) => finding.display.say(`Warning: ${text}`),
  };
  for (const manifest of others) await tellApplied(finding, await applyManifest(manifest, apply));
  for (const manifest of jobs) finding.found(await makeJob(finding, manifest, { apply, recreate: flags.recreate === true }));
}

function isKind(resource: Resource, wanted: Resource): boolean {
  return resource.kind === wanted.kind && apiVersionOf(resource) === apiVersionOf(wanted);
}

function refuseCronJobs(manifests: readonly LocatedManifest[]): void {
  const cronJob = manifests.find(({ resource }) => isKind(resource, CRON_JOBS));
  if (cronJob === undefined) return;
  throw new UsageError(
    `nothing was run: ${displayName(cronJob.object)} in ${JSON.stringify(cronJob.source.name)} is a schedule, not a Job: apply it, then run it with minik run-job cronjob/${cronJob.name}`,
  );
}

interface Making {
  readonly apply: ApplyOptions;
  readonly recreate: boolean;
}

async function makeJob(finding: Finding, manifest: LocatedManifest, making: Making): Promise<Wanted> {
  const { namespace, name } = manifest;
  const shown = name === '' ? (manifest.object.metadata?.generateName ?? '') : name;
  try {
    const { object, done } = await madeJob(finding, manifest, making);
    await tellApplied(finding, { object, done });
    return { job: object as Job, isOwn: true };
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof FinishedError)) throw error;
    const hints = [placesHint(manifest, error), recreateHint(error, shown)].filter((hint) => hint !== undefined);
    await finding.display.say([errorText(error).trimEnd(), ...hints].join('\n'));
    return { name: shown, namespace, refused: error.message };
  }
}

async function madeJob(finding: Finding, manifest: LocatedManifest, { apply, recreate }: Making): Promise<Applied> {
  const { client, context, signal } = finding;
  const { resource, namespace, name, object } = manifest;
  if (name === '' && object.metadata?.generateName) return { object: await client.create(resource, object, apply.write), done: 'created' };
  const current = name === '' ? undefined : await readJob(finding, { namespace, name });
  if (current === undefined) return applyManifest(manifest, apply);
  if (recreate) {
    const plan = { options: { propagationPolicy: 'Foreground' }, forced: false, wait: true, timeoutMs: 0 };
    const onDeleted = (text: string): Promise<void> => finding.display.say(text);
    const made = await replaceByForce({ ...manifest, object: withLastApplied(object) }, { plan, clock: context.clock, signal, onDeleted, client, write: apply.write });
    return { object: made, done: 'created' };
  }
  if (current.metadata?.deletionTimestamp !== undefined) {
    await finding.display.say(`job.batch/${name} is being deleted: waiting until it is gone`);
    await waitGone([{ resource, namespace, name, uid: current.metadata.uid }], { client, clock: context.clock, signal, timeoutMs: 0 });
    return applyManifest(manifest, apply);
  }
  if (isFinished(current)) throw new FinishedError(current);
  return applyManifest(manifest, apply);
}

async function readJob({ client }: Finding, target: { readonly namespace: string; readonly name: string }): Promise<Job | undefined> {
  try {
    return await client.get(JOBS, target);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** A finished Job never runs again: applying it would look like a run and be none. */
class FinishedError extends Error {
  override name = 'FinishedError';

  constructor(job: Job) {
    super(`job.batch/${job.metadata?.name} has finished before (${hasCondition(job, 'Complete') ? 'Complete' : 'Failed'}) and does not run again by itself`);
  }
}

function recreateHint(error: unknown, name: string): string | undefined {
  const isImmutable = isInvalid(error) && (error.status.details?.causes ?? []).some(({ message = '' }) => /field is immutable/.test(message));
  if (!isImmutable && !(error instanceof FinishedError)) return undefined;
  return `hint: --recreate deletes job.batch/${name} first and runs it anew`;
}

async function tellApplied({ display }: Finding, { object, done }: { readonly object: KubeObject; readonly done: string }): Promise<void> {
  await display.say(`${displayName(object)} ${done}`);
}
