import { describe, expect, test } from '@jest/globals';
import type { Job, JobSpec } from '../../../../src/api/generated/types.ts';
import { defaultJob, identifyJob } from '../../../../src/api/job/defaults.ts';

const template: JobSpec['template'] = { spec: { containers: [{ name: 'main', image: 'busybox:1' }], restartPolicy: 'Never' } };
const job = (spec: Partial<JobSpec> = {}, metadata: Job['metadata'] = {}): Job => ({ metadata: { name: 'pi', uid: 'u1', ...metadata }, spec: { template, ...spec } });

test('a Job with nothing but a template gets every default', () => {
  const { template: defaulted, ...spec } = defaultJob(job()).spec!;
  expect(spec).toEqual({ parallelism: 1, completions: 1, completionMode: 'NonIndexed', backoffLimit: 6, suspend: false, manualSelector: false, podReplacementPolicy: 'TerminatingOrFailed' });
  expect(defaulted.spec).toMatchObject({ restartPolicy: 'Never', dnsPolicy: 'ClusterFirst', terminationGracePeriodSeconds: 30 });
});

test('a Job with its defaults is not changed by them again', () => {
  const once = defaultJob(job({ podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: '' }] }] } }));
  expect(defaultJob(once)).toEqual(once);
});

test('a Job without a spec is one without containers, not an accident', () => {
  expect(defaultJob({ metadata: { name: 'pi' } }).spec?.template.spec?.containers).toEqual([]);
});

test.each<[title: string, spec: Partial<JobSpec>, expected: Partial<JobSpec>]>([
  ['parallelism alone makes a work queue', { parallelism: 3 }, { parallelism: 3 }],
  ['completions alone run one at a time', { completions: 3 }, { completions: 3, parallelism: 1 }],
  ['a limit per index lifts the limit over all', { completionMode: 'Indexed', completions: 1, backoffLimitPerIndex: 1 }, { backoffLimit: 2_147_483_647 }],
  ['a limit that is given stays', { backoffLimit: 0 }, { backoffLimit: 0 }],
  ['a policy on failures waits for them', { podFailurePolicy: { rules: [] } }, { podReplacementPolicy: 'Failed' }],
  ['a condition pattern means True', { podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' } as never] }] } }, { podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] } }],
])('%s', (_title, spec, expected) => {
  expect(defaultJob(job(spec)).spec).toMatchObject(expected);
});

test('a work queue has no completions', () => {
  expect(defaultJob(job({ parallelism: 3 })).spec).not.toHaveProperty('completions');
});

const GENERATED = { 'batch.kubernetes.io/controller-uid': 'u1', 'batch.kubernetes.io/job-name': 'pi', 'controller-uid': 'u1', 'job-name': 'pi' };
const labelled = (labels: Record<string, string>): JobSpec['template'] => ({ ...template, metadata: { labels } });

describe('labels and selector', () => {
  test('a Job without labels reads back with the generated ones', () => {
    const { metadata, spec } = identifyJob(defaultJob(job()));
    expect(spec?.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': 'u1' } });
    expect(spec?.template.metadata?.labels).toEqual(GENERATED);
    expect(metadata?.labels).toEqual(GENERATED);
  });

  test("a Job without labels of its own shows its template's", () => {
    const { metadata, spec } = identifyJob(defaultJob(job({ template: labelled({ app: 'pi' }) })));
    expect(metadata?.labels).toEqual({ app: 'pi' });
    expect(spec?.template.metadata?.labels).toEqual({ ...GENERATED, app: 'pi' });
  });

  test('labels of its own stay as they are', () => {
    expect(identifyJob(defaultJob(job({}, { labels: { a: 'b' } }))).metadata?.labels).toEqual({ a: 'b' });
  });

  test('what is on the template already is not overwritten', () => {
    expect(identifyJob(defaultJob(job({ template: labelled({ 'job-name': 'mine' }) }))).spec?.template.metadata?.labels).toMatchObject({ 'job-name': 'mine' });
  });

  test('a selector by hand is left alone', () => {
    const manual = defaultJob(job({ manualSelector: true, selector: { matchLabels: { a: 'b' } }, template: labelled({ a: 'b' }) }));
    expect(identifyJob(manual)).toEqual(manual);
  });
});
