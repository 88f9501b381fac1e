// pure: a manifest as the API server would take it: decoded against the schema, defaulted, named, and refused in its words.
import { defaultCronJob } from '../api/cronjob/defaults.ts';
import { validateCronJob } from '../api/cronjob/validate-cron-job.ts';
import type { CronJob, Job } from '../api/generated/types.ts';
import { defaultJob, identifyJob } from '../api/job/defaults.ts';
import { validateJob } from '../api/job/validate-job.ts';
import { apiVersionOf, CRON_JOBS, JOBS, type Resource } from '../api/kinds.ts';
import type { KubeObject } from '../api/object.ts';
import { required } from '../api/field-errors.ts';
import { decodeStrict } from '../api/schema/decode.ts';
import { badRequestError, invalidError } from '../api/status-error.ts';
import { toTime } from '../api/time.ts';

export interface Identity {
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Throws a StatusError. A manifest with generateName alone gets a name without the random end. */
export function admitJob(manifest: KubeObject, identity: Identity): Job {
  const job = identifyJob(defaultJob(identified<Job>(JOBS, manifest, identity)));
  return refuseUnless(JOBS, job, validateJob(job));
}

export function admitCronJob(manifest: KubeObject, identity: Identity): CronJob {
  const cronJob = defaultCronJob(identified<CronJob>(CRON_JOBS, manifest, identity));
  return refuseUnless(CRON_JOBS, cronJob, validateCronJob(cronJob));
}

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

function refuseUnless<T extends KubeObject>(resource: Resource<T>, object: T, errors: Parameters<typeof invalidError>[2]): T {
  if (errors.length > 0) throw invalidError(resource, object.metadata?.name ?? '', errors);
  return object;
}
