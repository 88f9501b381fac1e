// Rehearsals for tests: a Job of one container, played to its end, told as lines.
import type { CronJobSpec, JobSpec } from '../../src/api/generated/types.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { admitCronJob, admitJob, type Admitted } from '../../src/rehearsal/admit.ts';
import { rehearse, type RehearsalOptions, type RehearsedObject } from '../../src/rehearsal/rehearse.ts';
import type { Occurrence, Rehearsal } from '../../src/rehearsal/story.ts';

export const FROM = Date.parse('2026-03-01T12:00:00Z');
const DAY = 86_400_000;

export type Playing = Partial<Omit<RehearsalOptions, 'subject'>>;

const CALM = { from: FROM, until: FROM + 7 * DAY, length: { type: 'fixed', ms: 60_000 }, startMs: 500, stopMs: 1000, failRate: 0, exitCode: 1, seed: 1 } as const;

export function playJob(spec: Partial<JobSpec> & { readonly restartPolicy?: string }, playing: Playing = {}): Rehearsal {
  const { restartPolicy = 'Never', ...rest } = spec;
  const template = { spec: { restartPolicy, containers: [{ name: 'main', image: 'busybox' }] } };
  const manifest = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'pi', namespace: 'default' }, spec: { template, ...rest } };
  const options = { ...CALM, ...playing };
  return play({ ...options, subject: asSubject(manifest, options.from) });
}

/** `run`: of its Jobs. */
export function playCronJob(spec: Partial<CronJobSpec>, playing: Playing = {}, run: Partial<JobSpec> = {}): Rehearsal {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } };
  const manifest = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'pi', namespace: 'default' }, spec: { schedule: '* * * * *', jobTemplate: { spec: { template, ...run } }, ...spec } };
  const options = { ...CALM, ...playing };
  return play({ ...options, subject: asSubject(manifest, options.from) });
}

/** A manifest of a Job or a CronJob as the API server takes it. */
export function asSubject(manifest: KubeObject, createdAt: number): RehearsedObject {
  const identity = { uid: 'the-uid', createdAt };
  if (manifest.kind === 'Job') return { kind: 'Job', job: accepted(admitJob(manifest, identity)) };
  return { kind: 'CronJob', cronJob: accepted(admitCronJob(manifest, identity)) };
}

function accepted<T>(admitted: Admitted<T>): T {
  if (!admitted.ok) throw new Error(admitted.status.message);
  return admitted.object;
}

export function play(options: RehearsalOptions): Rehearsal {
  const playing = rehearse(options);
  for (;;) {
    const step = playing.next();
    if (step.done === true) return step.value;
  }
}

/** "+1.5s Job pi SuccessfulCreate: Created pod: pi-1": Pods are numbered in the order of their creation. */
export function told({ occurrences, from }: Rehearsal, { notes = true } = {}): string[] {
  const names = new Map<string, string>();
  const renamed = (text: string): string => text.replace(/\bpi(?:-\d+)?-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, (name) => names.get(name) ?? remember(names, name));
  return occurrences.filter(({ isNote }) => notes || !isNote).map((occurrence) => renamed(line(occurrence, from)));
}

function remember(names: Map<string, string>, name: string): string {
  const short = `pod-${names.size + 1}`;
  names.set(name, short);
  return short;
}

function line({ at, kind, name, reason, message }: Occurrence, from: number): string {
  return `+${(at - from) / 1000}s ${kind} ${name} ${reason}: ${message}`;
}
