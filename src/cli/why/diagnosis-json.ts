// pure: a diagnosis for machines: times as RFC 3339, as everywhere in the API.
import type { ContainerRun } from '../runs/container-run.ts';
import type { Diagnosis, Evidence } from './diagnosis.ts';

export interface Subject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function diagnosisObject(subject: Subject, diagnosis: Diagnosis): object {
  return { kind: 'Diagnosis', subject, ...diagnosis, evidence: diagnosis.evidence.map(evidenceObject) };
}

function evidenceObject(evidence: Evidence): object {
  if (evidence.type !== 'attempts') return evidence;
  return { ...evidence, attempts: evidence.attempts.map(({ run, ...rest }) => ({ ...runObject(run), ...rest })) };
}

/** Times with milliseconds. */
export function runObject({ startedAt, finishedAt, ...rest }: ContainerRun): object {
  return {
    ...rest,
    ...(startedAt === undefined ? {} : { startedAt: new Date(startedAt).toISOString() }),
    ...(finishedAt === undefined ? {} : { finishedAt: new Date(finishedAt).toISOString() }),
  };
}
