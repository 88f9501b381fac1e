// pure: a manifest as the API server would take it: decoded against the schema, defaulted, named, and refused in its words.
import { cronJobWarnings } from '../api/cronjob/cron-job-warnings.ts';
import { defaultCronJob } from '../api/cronjob/defaults.ts';
import { validateCronJob } from '../api/cronjob/validate-cron-job.ts';
import { required, type FieldError } from '../api/field-errors.ts';
import type { CronJob, Job, Status } from '../api/generated/types.ts';
import { defaultJob, identifyJob } from '../api/job/defaults.ts';
import { jobNameWarnings, jobSpecWarnings } from '../api/job/job-warnings.ts';
import { validateJob } from '../api/job/validate-job.ts';
import { apiVersionOf, CRON_JOBS, JOBS, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { decodeStrict } from '../api/schema/decode.ts';
import { badRequestError, invalidError, StatusError } from '../api/status-error.ts';
import { toTime } from '../api/time.ts';

export interface Identity {
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Plain data: it may cross from one bundle to another. */
export type Admitted<T> = { readonly ok: true; readonly object: T; readonly warnings: readonly string[] } | { readonly ok: false; readonly status: Status };

export function admitJob(manifest: KubeObject, identity: Identity): Admitted<Job> {
  return admit(JOBS, () => {
    const job = identifyJob(defaultJob(identified(JOBS, manifest, identity)));
    return { object: job, errors: validateJob(job), warnings: () => [...jobNameWarnings(job.metadata?.name), ...jobSpecWarnings(job.spec, 'spec')] };
  });
}

export function admitCronJob(manifest: KubeObject, identity: Identity): Admitted<CronJob> {
  return admit(CRON_JOBS, () => {
    const cronJob = defaultCronJob(identified(CRON_JOBS, manifest, identity));
    return { object: cronJob, errors: validateCronJob(cronJob), warnings: () => cronJobWarnings(cronJob) };
  });
}

interface Checked<T> {
  readonly object: T;
  readonly errors: readonly FieldError[];
  readonly warnings: () => readonly string[];
}

function admit<T extends KubeObject>(resource: Resource<T>, check: () => Checked<T>): Admitted<T> {
  try {
    const { object, errors, warnings } = check();
    if (errors.length > 0) throw invalidError(resource, object.metadata?.name ?? '', errors);
    return { ok: true, object, warnings: warnings() };
  } catch (error) {
    if (error instanceof StatusError) return { ok: false, status: error.status };
    throw error;
  }
}

/** A manifest with generateName alone gets a name without the random end. */
function identified<T extends KubeObject>(resource: Resource<T>, manifest: KubeObject, { uid, createdAt }: Identity): T {
  const { object, unknownFields } = decodeStrict(resource, manifest);
  if (unknownFields.length > 0) {
    const findings = unknownFields.map((field) => `unknown field ${JSON.stringify(field)}`).join(', ');
    throw badRequestError(`${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: strict decoding error: ${findings}`);
  }
  const { status: _status, ...rest } = object as T & { readonly status?: unknown };
  const { name = '', generateName = '' } = rest.metadata ?? {};
  const finalName = name === '' ? generateName.replace(/[-.]+$/, '') : name;
  if (finalName === '') throw invalidError(resource, '', [required('metadata.name', 'name or generateName is required')]);
  return { ...rest, apiVersion: apiVersionOf(resource), kind: resource.kind, metadata: { ...rest.metadata, name: finalName, uid, creationTimestamp: toTime(createdAt), generation: 1 } } as T;
}
