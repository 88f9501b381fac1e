// Jobs made from CronJobs and from other Jobs: names, overrides, and what does not belong into a copy.
import { describe, expect, test } from '@jest/globals';
import type { Container, CronJob, Job, JobSpec } from '../../../../src/api/generated/types.ts';
import { copyJob } from '../../../../src/cli/new-job/copy-job.ts';
import { instantiate, manualName } from '../../../../src/cli/new-job/instantiate.ts';
import { overrideJob } from '../../../../src/cli/new-job/override-job.ts';
import { aJob } from '../../../support/builders.ts';

const template = (containers: Container[] = [{ name: 'main' }], initContainers?: Container[]) => ({ spec: { containers, restartPolicy: 'Never', ...(initContainers === undefined ? {} : { initContainers }) } });
const aCronJob = (name: string, spec: Partial<JobSpec> = {}, metadata = {}): CronJob => ({
  metadata: { name, namespace: 'default', uid: 'cron-uid' },
  spec: { schedule: '* * * * *', jobTemplate: { metadata, spec: { template: template(), ...spec } } },
});

describe('a manual run of a CronJob', () => {
  test('is what kubectl create job --from makes', () => {
    expect(instantiate(aCronJob('c', {}, { labels: { a: '1' }, annotations: { b: '2' } }), 'j')).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'j',
        labels: { a: '1' },
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', b: '2' },
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'c', uid: 'cron-uid', controller: true }],
      },
      spec: { template: template() },
      status: {},
    });
  });

  test.each([
    ['report', {}, 'report-manual-abcde'],
    ['x'.repeat(52), {}, `${'x'.repeat(50)}-manual-abcde`],
    [`${'x'.repeat(49)}-yy`, {}, `${'x'.repeat(49)}-manual-abcde`],
    [`${'x'.repeat(49)}.yy`, {}, `${'x'.repeat(49)}-manual-abcde`],
    ['x'.repeat(52), { completionMode: 'Indexed', completions: 101 }, `${'x'.repeat(46)}-manual-abcde`],
    ['x'.repeat(52), { completionMode: 'Indexed', completions: 10 }, `${'x'.repeat(48)}-manual-abcde`],
  ])('of %s %j is named in 63 characters', (name, spec, expected) => {
    expect(manualName(aCronJob(name, spec), 'abcde')).toBe(expected);
  });
});

describe('overrides', () => {
  const of = (job: Job): unknown[] => [...(job.spec?.template.spec?.initContainers ?? []), ...(job.spec?.template.spec?.containers ?? [])];
  const job = (...args: Parameters<typeof template>): Job => ({ spec: { template: template(...args) } });
  const [A, B] = [{ name: 'a', env: [{ name: 'X', value: '1' }, { name: 'Y', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }, { name: 'b' }];

  test.each<[string, Job, Partial<Parameters<typeof overrideJob>[1]>, unknown[]]>([
    ['none change nothing', job([A, B]), {}, [A, B]],
    ['a variable for all, in place of its namesake', job([A, B]), { env: ['X=2'] }, [{ ...A, env: [{ name: 'X', value: '2' }, A.env[1]] }, { ...B, env: [{ name: 'X', value: '2' }] }]],
    ['a value in place of a reference', job([A]), { env: ['Y='] }, [{ ...A, env: [A.env[0], { name: 'Y', value: '' }] }]],
    ['a new variable, with = in it, behind the others; the last of two counts', job([A]), { env: ['Z=1', 'Z=b=c'] }, [{ ...A, env: [...A.env, { name: 'Z', value: 'b=c' }] }]],
    ['a variable for one container', job([A, B]), { env: ['Z=1'], container: 'b' }, [A, { ...B, env: [{ name: 'Z', value: '1' }] }]],
    ['a variable for init containers too', job([B], [{ name: 'i' }]), { env: ['Z=1'] }, [{ name: 'i', env: [{ name: 'Z', value: '1' }] }, { ...B, env: [{ name: 'Z', value: '1' }] }]],
    ['arguments for the only container', job([{ name: 'b', command: ['c'], args: ['d'] }], [{ name: 'i' }]), { args: ['-v', 'x'] }, [{ name: 'i' }, { name: 'b', command: ['c'], args: ['-v', 'x'] }]],
    ['arguments for the named container', job([A, B]), { args: ['x'], container: 'b' }, [A, { name: 'b', args: ['x'] }]],
  ])('%s', (_name, before, overrides, expected) => {
    expect(of(overrideJob(before, { env: [], args: [], ...overrides }))).toEqual(expected);
  });

  test.each([
    [{ env: ['X'] }, 'invalid --env "X": it must be NAME=VALUE'],
    [{ env: ['=1'] }, 'invalid --env "=1": it must be NAME=VALUE'],
    [{ env: ['X=1'], container: 'z' }, '--container z: there is no such container, only a, b'],
    [{ args: ['x'] }, 'which container the arguments are for must be said with -c: a, b'],
  ])('%j are refused', (overrides, message) => {
    expect(() => overrideJob(job([A, B]), { env: [], args: [], ...overrides })).toThrow(message);
  });
});

describe('a copy of a Job', () => {
  const stored = aJob({
    metadata: { name: 'pi', namespace: 'default', uid: 'job-uid', resourceVersion: '7', generation: 2, creationTimestamp: '2026-01-01T00:00:00Z', labels: { app: 'x', 'job-name': 'pi' }, finalizers: ['orphan', 'example.com/mine'], managedFields: [] },
    spec: { backoffLimit: 2 },
    status: { failed: 1 },
  });

  test('has nothing that the server filled in, and everything else', () => {
    const copy = copyJob(stored, { name: 'pi' });
    expect(copy.metadata).toEqual({ name: 'pi', namespace: 'default', labels: { app: 'x' }, finalizers: ['example.com/mine'] });
    expect(copy.spec).toMatchObject({ backoffLimit: 2, completions: 1, parallelism: 1, template: { spec: stored.spec?.template.spec } });
    expect(copy.spec).not.toHaveProperty('selector');
    expect(copy.spec?.template.metadata).toEqual({});
    expect(copy).not.toHaveProperty('status');
  });

  test('keeps labels of its own that are called like generated ones', () => {
    const { metadata } = copyJob({ ...stored, metadata: { ...stored.metadata, labels: { 'job-name': 'other' } } }, { name: 'pi' });
    expect(metadata?.labels).toEqual({ 'job-name': 'other' });
  });

  test('keeps a selector that was made by hand, and its labels', () => {
    const byHand = aJob({ spec: { manualSelector: true, selector: { matchLabels: { 'job-name': 'pi' } }, template: { ...template(), metadata: { labels: { 'job-name': 'pi' } } } } });
    const { spec } = copyJob(byHand, { name: 'pi' });
    expect([spec?.selector, spec?.template.metadata?.labels]).toEqual([{ matchLabels: { 'job-name': 'pi' } }, { 'job-name': 'pi' }]);
  });

  test('of a run of a CronJob is a manual run for the same time', () => {
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'c', uid: 'u', controller: true, blockOwnerDeletion: true };
    const annotations = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': 't' };
    const { metadata } = copyJob({ ...stored, metadata: { ...stored.metadata, annotations, ownerReferences: [owner] } }, { name: 'pi' });
    expect(metadata?.annotations).toEqual({ ...annotations, 'cronjob.kubernetes.io/instantiate': 'manual' });
    expect(metadata?.ownerReferences).toEqual([{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'c', uid: 'u', controller: true }]);
  });

  test.each([
    ['the same name', 'pi', { a: '1', 'kubectl.kubernetes.io/last-applied-configuration': '{}' }],
    ['another name', 'pi-2', { a: '1' }],
  ])('of %s: what was applied', (_name, name, expected) => {
    const annotations = { a: '1', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    expect(copyJob({ ...stored, metadata: { ...stored.metadata, annotations } }, { name }).metadata?.annotations).toEqual(expected);
  });

  test.each([
    ['its own', {}, 5, 5],
    ['the one before --timeout', { 'minik.dev/deadline-before-timeout': '60' }, 5, 60],
    ['none, as before --timeout', { 'minik.dev/deadline-before-timeout': '' }, 5, undefined],
  ])('has a deadline: %s', (_name, annotations, activeDeadlineSeconds, expected) => {
    const copy = copyJob({ ...stored, metadata: { ...stored.metadata, annotations }, spec: { ...stored.spec!, activeDeadlineSeconds } }, { name: 'pi' });
    expect([copy.spec?.activeDeadlineSeconds, copy.metadata?.annotations]).toEqual([expected, undefined]);
  });
});
