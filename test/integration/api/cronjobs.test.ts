// What a client can do with CronJobs over the API: upstream's conformance test of the operations, in our own words.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CronJob, CronJobSpec } from '../../../src/api/generated/types.ts';
import { CRON_JOBS } from '../../../src/api/kinds.ts';
import { readValue } from '../../../src/client/response-body.ts';
import { startApi, type TestApi } from '../../support/api.ts';

let api: TestApi;

beforeEach(async () => {
  api = await startApi();
});

afterEach(() => api.close());

const at = (name: string) => ({ namespace: 'default', name });
const nightly = (name: string, spec: Partial<CronJobSpec> = {}, namespace = 'default'): CronJob => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name, namespace, labels: { of: 'test' } },
  spec: { schedule: '0 2 * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'main', image: 'busybox:1' }] } } } }, ...spec },
});
const create = (name: string, spec: Partial<CronJobSpec> = {}): Promise<CronJob> => api.client.create(CRON_JOBS, nightly(name, spec));

test('they are discovered in batch/v1, by their short name too, with a status of their own', async () => {
  const { resources } = (await readValue((await api.client.request({ path: '/apis/batch/v1' })).body)) as { resources: { name: string }[] };
  expect(resources.filter(({ name }) => name.startsWith('cronjobs'))).toEqual([
    expect.objectContaining({ name: 'cronjobs', singularName: 'cronjob', namespaced: true, kind: 'CronJob', shortNames: ['cj'], categories: ['all'], verbs: expect.arrayContaining(['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']) }),
    expect.objectContaining({ name: 'cronjobs/status', kind: 'CronJob', verbs: expect.arrayContaining(['get', 'patch', 'update']) }),
  ]);
});

test('they are created with defaults, read, listed in one namespace and in all', async () => {
  const created = await create('a');
  expect(created).toMatchObject({ metadata: { generation: 1 }, spec: { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 } });
  expect(created.status ?? {}).toEqual({});
  expect(await api.client.get(CRON_JOBS, at('a'))).toEqual(created);
  await api.client.create(CRON_JOBS, nightly('b', {}, 'kube-public'));
  const names = async (namespace?: string): Promise<unknown> => (await api.client.list(CRON_JOBS, { namespace })).items.map(({ metadata }) => metadata?.name);
  expect([await names('default'), await names()]).toEqual([['a'], ['a', 'b']]);
});

test('a watch tells of each change', async () => {
  const stop = new AbortController();
  const seen: string[] = [];
  const { metadata } = await api.client.list(CRON_JOBS, { namespace: 'default' });
  const watching = (async () => {
    for await (const { type, object } of api.client.watch(CRON_JOBS, { namespace: 'default', resourceVersion: metadata.resourceVersion, signal: stop.signal })) {
      seen.push(`${type} ${object.metadata?.annotations?.['step'] ?? ''}`.trim());
      if (type === 'DELETED') stop.abort();
    }
  })();
  await create('a');
  await api.client.patch(CRON_JOBS, at('a'), { type: 'merge', body: { metadata: { annotations: { step: 'patched' } } } });
  await api.client.delete(CRON_JOBS, at('a'));
  await watching;
  expect(seen).toEqual(['ADDED', 'MODIFIED patched', 'DELETED patched']);
});

describe('a change', () => {
  test('of the spec raises the generation, of metadata it does not', async () => {
    await create('a');
    const labelled = await api.client.patch(CRON_JOBS, at('a'), { type: 'strategic', body: { metadata: { labels: { x: 'y' } } } });
    expect(labelled.metadata).toMatchObject({ generation: 1, labels: { of: 'test', x: 'y' } });
    expect((await api.client.patch(CRON_JOBS, at('a'), { type: 'merge', body: { spec: { suspend: true } } })).metadata?.generation).toBe(2);
    const current = await api.client.get(CRON_JOBS, at('a'));
    expect((await api.client.update(CRON_JOBS, { ...current, spec: { ...current.spec, schedule: '@hourly' } })).metadata?.generation).toBe(3);
  });

  test('of the status keeps the spec, and takes metadata along', async () => {
    const created = await create('a');
    const status = { lastScheduleTime: '2026-01-01T02:00:00Z', active: [{ kind: 'Job', apiVersion: 'batch/v1', namespace: 'default', name: 'a-1', uid: 'u' }] };
    const updated = await api.client.updateStatus(CRON_JOBS, { ...created, spec: { ...created.spec, schedule: '@yearly' }, status });
    expect(updated).toMatchObject({ metadata: { generation: 1 }, spec: { schedule: '0 2 * * *' }, status });
    const patch = { metadata: { annotations: { patched: 'yes' } }, status: { lastScheduleTime: '2026-01-02T02:00:00Z' } };
    const patched = await api.client.patch(CRON_JOBS, at('a'), { type: 'merge', body: patch }, { subresource: 'status' });
    expect(patched).toMatchObject({ metadata: { annotations: { patched: 'yes' } }, status: { lastScheduleTime: '2026-01-02T02:00:00Z' } });
  });

  test('of the main resource keeps the status', async () => {
    const created = await create('a');
    await api.client.updateStatus(CRON_JOBS, { ...created, status: { lastScheduleTime: '2026-01-01T02:00:00Z' } });
    const patched = await api.client.patch(CRON_JOBS, at('a'), { type: 'merge', body: { spec: { suspend: true }, status: null } });
    expect(patched.status).toEqual({ lastScheduleTime: '2026-01-01T02:00:00Z' });
  });

  test('that makes it impossible is refused, with the fields', async () => {
    await create('a');
    const change = api.client.patch(CRON_JOBS, at('a'), { type: 'merge', body: { spec: { schedule: 'often', timeZone: 'Mars/Olympus' } } });
    await expect(change).rejects.toMatchObject({
      message: 'CronJob.batch "a" is invalid: [spec.schedule: Invalid value: "often": expected exactly 5 fields, found 1: [often], spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus]',
      status: { code: 422, reason: 'Invalid', details: { name: 'a', group: 'batch', kind: 'CronJob', causes: [{ reason: 'FieldValueInvalid', field: 'spec.schedule' }, { reason: 'FieldValueInvalid', field: 'spec.timeZone' }] } },
    });
  });
});

test('a typo in a field is refused where that is asked for', async () => {
  const bad = { ...nightly('a'), spec: { ...nightly('a').spec, schedul: '@daily' } } as CronJob;
  await expect(api.client.create(CRON_JOBS, bad, { fieldValidation: 'Strict' })).rejects.toMatchObject({ message: expect.stringContaining('unknown field "spec.schedul"') });
});

test('warnings go with the answer', async () => {
  await create('a', { schedule: '0 0 * * 7' });
  expect(api.warnings).toEqual(['spec.schedule: minik reads 7 as Sunday; upstream clusters reject it, write 0 or sun to run there too']);
});

test('they are deleted one by one, and all that a selector picks', async () => {
  for (const name of ['a', 'b', 'c']) await create(name);
  await api.client.delete(CRON_JOBS, at('a'));
  await api.client.deleteCollection(CRON_JOBS, { namespace: 'default', labelSelector: 'of=test' });
  expect((await api.client.list(CRON_JOBS, { namespace: 'default' })).items).toEqual([]);
});
