// What the kinds default, refuse and warn of, seen through the API: decoded, defaulted, judged, stored, read back.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Job, Pod } from '../../src/api/generated/types.ts';
import { CONFIG_MAPS, JOBS, NAMESPACES, PODS, SECRETS } from '../../src/api/kinds.ts';
import { isInvalid } from '../../src/api/status-error.ts';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;

beforeEach(async () => {
  api = await startApi();
});

afterEach(() => api.close());

const namespace = 'default';
const job = (name: string, spec: Partial<Job['spec']> = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace },
  spec: { template: { spec: { containers: [{ name: 'main', image: 'busybox:1' }], restartPolicy: 'Never' } }, ...spec },
});
const pod = (name: string): Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { containers: [{ name: 'main', image: 'busybox:1' }] } });

async function refusal(write: Promise<unknown>): Promise<string> {
  const error: unknown = await write.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  expect(isInvalid(error)).toBe(true);
  return (error as Error).message;
}

describe('a Job', () => {
  test('reads back with defaults, selector and labels, and without what its Pods alone are given', async () => {
    const { metadata, spec, status } = await api.client.create(JOBS, job('pi'));
    const { uid = '' } = metadata ?? {};
    const labels = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': 'pi', 'controller-uid': uid, 'job-name': 'pi' };
    expect(metadata).toMatchObject({ generation: 1, labels });
    expect(spec).toMatchObject({ completions: 1, parallelism: 1, backoffLimit: 6, manualSelector: false, selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } }, template: { metadata: { labels } } });
    expect(spec?.template.spec).not.toHaveProperty('serviceAccountName');
    expect(status ?? {}).toEqual({});
  });

  test('without a restart policy is refused in the words of upstream', async () => {
    const bad = job('pi', { template: { spec: { containers: [{ name: 'main', image: 'busybox:1' }] } } });
    expect(await refusal(api.client.create(JOBS, bad))).toBe('Job.batch "pi" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"');
  });

  test('with several faults is told of all of them', async () => {
    expect(await refusal(api.client.create(JOBS, job('pi', { parallelism: -1, completions: -2 })))).toBe(
      'Job.batch "pi" is invalid: [spec.parallelism: Invalid value: -1: must be greater than or equal to 0, spec.completions: Invalid value: -2: must be greater than or equal to 0]',
    );
  });

  test('does not change its template, but does change how many run', async () => {
    await api.client.create(JOBS, job('pi'));
    const patch = (spec: object): Promise<Job> => api.client.patch(JOBS, { namespace, name: 'pi' }, { type: 'merge', body: { spec } });
    expect(await refusal(patch({ template: { spec: { priority: 1 } } }))).toMatch(/^Job\.batch "pi" is invalid: spec\.template: Invalid value: .*: field is immutable$/);
    expect((await patch({ parallelism: 2 })).metadata?.generation).toBe(2);
  });

  test('whose Pods ask for what is not done yet is made, with a warning', async () => {
    const spec = job('pi').spec!.template.spec!;
    await api.client.create(JOBS, job('pi', { template: { spec: { ...spec, securityContext: { windowsOptions: {} } } } }));
    expect(api.warnings).toEqual(['spec.template.spec.securityContext.windowsOptions: stored, but minik does not act on it yet']);
  });

  test('may be finished by its status only after that was announced', async () => {
    const { status: _status, ...made } = await api.client.create(JOBS, job('pi'));
    const at = '2026-03-01T12:00:00Z';
    const complete = { ...made, status: { startTime: at, completionTime: at, conditions: [{ type: 'Complete', status: 'True' }] } };
    expect(await refusal(api.client.updateStatus(JOBS, complete))).toBe('Job.batch "pi" is invalid: status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition');
  });
});

describe('a Pod', () => {
  test('reads back with the defaults of Pods and of admission', async () => {
    const { spec, status } = await api.client.create(PODS, pod('web'));
    expect(spec).toMatchObject({ restartPolicy: 'Always', serviceAccountName: 'default', priority: 0, enableServiceLinks: true, containers: [{ imagePullPolicy: 'IfNotPresent' }] });
    expect(status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
  });

  test('without a spec is told what it lacks', async () => {
    expect(await refusal(api.client.create(PODS, { ...pod('web'), spec: undefined }))).toBe('Pod "web" is invalid: spec.containers: Required value');
  });

  test('keeps its spec, but for the little that may change', async () => {
    const made = await api.client.create(PODS, pod('web'));
    expect(await refusal(api.client.update(PODS, { ...made, spec: { ...made.spec!, restartPolicy: 'Never' } }))).toMatch(/^Pod "web" is invalid: spec: Forbidden: pod updates may not change fields other than/);
    const changed = await api.client.update(PODS, { ...made, spec: { ...made.spec!, activeDeadlineSeconds: 60 } });
    expect(changed.metadata?.generation).toBe(2);
  });

  test('with a bad label in its status write is refused', async () => {
    const made = await api.client.create(PODS, pod('web'));
    expect(await refusal(api.client.updateStatus(PODS, { ...made, metadata: { ...made.metadata, labels: { a: '!' } } }))).toContain('Pod "web" is invalid: metadata.labels: Invalid value: "!"');
  });
});

test('a Secret never shows its stringData', async () => {
  const made = await api.client.create(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace }, stringData: { a: 'b' } });
  expect(made).toMatchObject({ type: 'Opaque', data: { a: 'Yg==' } });
  expect(made).not.toHaveProperty('stringData');
});

test('a fixed ConfigMap stays', async () => {
  const made = await api.client.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace }, data: { a: 'b' }, immutable: true });
  expect(await refusal(api.client.update(CONFIG_MAPS, { ...made, data: {} }))).toBe('ConfigMap "c" is invalid: data: Forbidden: field is immutable when `immutable` is set');
});

test('a Namespace carries its name and what holds it', async () => {
  expect(await api.client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } })).toMatchObject({
    metadata: { labels: { 'kubernetes.io/metadata.name': 'prod' } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
});
