// The wire API over a real store, without a socket: what each verb promises.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ConfigMap, Job, Pod } from '../../../src/api/generated/types.ts';
import { CONFIG_MAPS, EVENTS, EVENTS_V1, JOBS, NAMESPACES, PODS, SECRETS } from '../../../src/api/kinds.ts';
import { readValue } from '../../../src/client/response-body.ts';
import { startApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const map = (name: string, fields: Partial<ConfigMap> = {}): ConfigMap => ({ apiVersion: 'v1', kind: 'ConfigMap', ...fields, metadata: { name, namespace: 'default', ...fields.metadata } });
const job = (name: string): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'default' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } } },
});
const pod = (name: string): Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'main', image: 'busybox:1' }] } });
const at = (name: string) => ({ namespace: 'default', name });

describe('create', () => {
  test('the server gives uid, creation time, generation and a rising resourceVersion', async () => {
    const first = await api.client.create(JOBS, job('a'));
    const second = await api.client.create(CONFIG_MAPS, map('b'));
    expect(first.metadata).toMatchObject({ uid: expect.stringMatching(/^[0-9a-f-]{36}$/), creationTimestamp: expect.stringMatching(/Z$/), generation: 1 });
    expect(second.metadata?.generation).toBeUndefined();
    expect(Number(second.metadata?.resourceVersion)).toBeGreaterThan(Number(first.metadata?.resourceVersion));
  });

  test('status in the body is dropped', async () => {
    const created = await api.client.create(JOBS, { ...job('a'), status: { succeeded: 5 } });
    expect(created.status).toBeUndefined();
  });

  test('generateName gets five characters', async () => {
    const created = await api.client.create(CONFIG_MAPS, { ...map(''), metadata: { generateName: 'cm-', namespace: 'default' } });
    expect(created.metadata?.name).toMatch(/^cm-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  test('a name that is taken is 409 AlreadyExists', async () => {
    await api.client.create(CONFIG_MAPS, map('a'));
    await expect(api.client.create(CONFIG_MAPS, map('a'))).rejects.toMatchObject({ code: 409, reason: 'AlreadyExists', message: 'configmaps "a" already exists' });
  });

  test('a namespace that does not exist is 404', async () => {
    await expect(api.client.create(CONFIG_MAPS, map('a', { metadata: { namespace: 'none' } }))).rejects.toMatchObject({ code: 404, message: 'namespaces "none" not found' });
  });

  test('dry-run answers as if, and stores nothing', async () => {
    const created = await api.client.create(CONFIG_MAPS, map('a'), { dryRun: true });
    expect(created.metadata?.uid).toBeDefined();
    await expect(api.client.get(CONFIG_MAPS, at('a'))).rejects.toMatchObject({ code: 404 });
  });

  test.each([
    { mode: 'Strict' as const, refused: true, warned: false },
    { mode: 'Warn' as const, refused: false, warned: true },
    { mode: 'Ignore' as const, refused: false, warned: false },
  ])('an unknown field under $mode', async ({ mode, refused, warned }) => {
    const object = { ...map('a'), dta: { x: '1' } } as ConfigMap;
    const result = api.client.create(CONFIG_MAPS, object, { fieldValidation: mode });
    if (refused) await expect(result).rejects.toMatchObject({ code: 400, message: 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"' });
    else expect(await result).not.toHaveProperty('dta');
    expect(api.warnings).toEqual(warned ? ['unknown field "dta"'] : []);
  });

  test('every invalid field is named at once', async () => {
    const bad = job('a');
    bad.spec = { ...bad.spec!, parallelism: -1, template: { spec: { containers: [{ name: 'main' }] } } };
    await expect(api.client.create(JOBS, bad)).rejects.toMatchObject({
      code: 422,
      status: {
        details: {
          name: 'a',
          group: 'batch',
          kind: 'Job',
          causes: expect.arrayContaining([
            { reason: 'FieldValueInvalid', field: 'spec.parallelism', message: 'Invalid value: -1: must be greater than or equal to 0' },
            { reason: 'FieldValueRequired', field: 'spec.template.spec.containers[0].image', message: 'Required value' },
            { reason: 'FieldValueRequired', field: 'spec.template.spec.restartPolicy', message: 'Required value: valid values: "OnFailure", "Never"' },
          ]),
        },
      },
    });
  });
});

describe('update and patch', () => {
  test('a stale resourceVersion is a conflict, none at all overwrites', async () => {
    const first = await api.client.create(CONFIG_MAPS, map('a', { data: { k: '1' } }));
    await api.client.update(CONFIG_MAPS, { ...first, data: { k: '2' } });
    await expect(api.client.update(CONFIG_MAPS, { ...first, data: { k: '3' } })).rejects.toMatchObject({ code: 409, reason: 'Conflict' });
    expect((await api.client.update(CONFIG_MAPS, map('a', { data: { k: '4' } }))).data).toEqual({ k: '4' });
  });

  test('a write that changes nothing takes no revision', async () => {
    const first = await api.client.create(CONFIG_MAPS, map('a', { data: { k: '1' } }));
    expect((await api.client.update(CONFIG_MAPS, first)).metadata?.resourceVersion).toBe(first.metadata?.resourceVersion);
  });

  test('the generation rises with the spec alone', async () => {
    const created = await api.client.create(JOBS, job('a'));
    const labelled = await api.client.patch(JOBS, at('a'), { type: 'merge', body: { metadata: { labels: { x: 'y' } } } });
    const suspended = await api.client.patch(JOBS, at('a'), { type: 'strategic', body: { spec: { suspend: true } } });
    expect([created, labelled, suspended].map(({ metadata }) => metadata?.generation)).toEqual([1, 1, 2]);
  });

  test('a main write keeps the status, a status write keeps the spec', async () => {
    const created = await api.client.create(JOBS, job('a'));
    const withStatus = await api.client.updateStatus(JOBS, { ...created, spec: { ...created.spec!, parallelism: 9 }, status: { active: 1 } });
    expect([withStatus.spec?.parallelism, withStatus.status?.active]).toEqual([1, 1]);
    const updated = await api.client.update(JOBS, { ...withStatus, spec: { ...withStatus.spec!, parallelism: 2 }, status: { active: 7 } });
    expect([updated.spec?.parallelism, updated.status?.active]).toEqual([2, 1]);
  });

  test.each([
    { type: 'json' as const, body: [{ op: 'replace', path: '/data/a', value: '2' }, { op: 'add', path: '/data/c', value: '3' }], data: { a: '2', b: '1', c: '3' } },
    { type: 'merge' as const, body: { data: { a: null, c: '3' } }, data: { b: '1', c: '3' } },
    { type: 'strategic' as const, body: { data: { b: '5' } }, data: { a: '1', b: '5' } },
  ])('a $type patch', async ({ type, body, data }) => {
    await api.client.create(CONFIG_MAPS, map('a', { data: { a: '1', b: '1' } }));
    expect((await api.client.patch(CONFIG_MAPS, at('a'), { type, body })).data).toEqual(data);
  });

  test('an immutable field is named', async () => {
    await api.client.create(JOBS, job('a'));
    await expect(api.client.patch(JOBS, at('a'), { type: 'merge', body: { spec: { completions: 5 } } })).rejects.toMatchObject({
      code: 422,
      message: expect.stringContaining('spec.completions: Invalid value: 5: field is immutable'),
    });
  });

  test('a patch of what does not exist is 404', async () => {
    await expect(api.client.patch(JOBS, at('none'), { type: 'merge', body: {} })).rejects.toMatchObject({ code: 404 });
  });

  test('server-side apply is refused by its media type', async () => {
    await expect(api.client.patch(CONFIG_MAPS, at('a'), { type: 'apply', body: map('a') })).rejects.toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  });

  test('stringData is written into data and never returned', async () => {
    const secret = await api.client.create(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, stringData: { a: 'ü' } });
    expect(secret).toMatchObject({ data: { a: 'w7w=' }, type: 'Opaque' });
    expect(secret.stringData).toBeUndefined();
  });
});

describe('list', () => {
  test('selectors pick by labels and fields', async () => {
    for (const [name, tier] of [['a', 'web'], ['b', 'db'], ['c', 'web']] as const) await api.client.create(CONFIG_MAPS, map(name, { metadata: { labels: { tier } } }));
    const names = async (query: object): Promise<(string | undefined)[]> => (await api.client.list(CONFIG_MAPS, { namespace: 'default', ...query })).items.map(({ metadata }) => metadata?.name);
    expect(await names({ labelSelector: 'tier=web' })).toEqual(['a', 'c']);
    expect(await names({ labelSelector: 'tier in (db),tier!=web' })).toEqual(['b']);
    expect(await names({ fieldSelector: 'metadata.name=b' })).toEqual(['b']);
    await expect(names({ fieldSelector: 'spec.nothing=b' })).rejects.toMatchObject({ code: 400, message: 'field label not supported: spec.nothing' });
    await expect(names({ labelSelector: 'a=(b' })).rejects.toMatchObject({ code: 400 });
  });

  test('chunks see one revision, count what remains, and end', async () => {
    for (let n = 0; n < 5; n += 1) await api.client.create(CONFIG_MAPS, map(`m${n}`));
    const first = await api.client.list(CONFIG_MAPS, { namespace: 'default', limit: 2 });
    await api.client.delete(CONFIG_MAPS, at('m3'));
    const second = await api.client.list(CONFIG_MAPS, { namespace: 'default', limit: 2, continue: first.metadata.continue });
    const third = await api.client.list(CONFIG_MAPS, { namespace: 'default', limit: 2, continue: second.metadata.continue });
    expect([first, second, third].map(({ metadata }) => [metadata.remainingItemCount, metadata.resourceVersion])).toEqual([[3, first.metadata.resourceVersion], [1, first.metadata.resourceVersion], [undefined, first.metadata.resourceVersion]]);
    expect([first, second, third].flatMap(({ items }) => items.map(({ metadata }) => metadata?.name))).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
  });

  test('chunks with a selector are full, too', async () => {
    for (let n = 0; n < 6; n += 1) await api.client.create(CONFIG_MAPS, map(`m${n}`, { metadata: { labels: { even: String(n % 2 === 0) } } }));
    const first = await api.client.list(CONFIG_MAPS, { namespace: 'default', labelSelector: 'even=true', limit: 2 });
    const second = await api.client.list(CONFIG_MAPS, { namespace: 'default', labelSelector: 'even=true', limit: 2, continue: first.metadata.continue });
    expect([first, second].map(({ items }) => items.map(({ metadata }) => metadata?.name))).toEqual([['m0', 'm2'], ['m4']]);
    expect(second.metadata.continue).toBeUndefined();
  });

  test('a continue token of a compacted revision comes with one that goes on', async () => {
    for (let n = 0; n < 4; n += 1) await api.client.create(CONFIG_MAPS, map(`m${n}`));
    const first = await api.client.list(CONFIG_MAPS, { namespace: 'default', limit: 2 });
    await api.client.delete(CONFIG_MAPS, at('m0'));
    await api.store.compact(api.store.revision);
    const expired = await api.client.list(CONFIG_MAPS, { namespace: 'default', limit: 2, continue: first.metadata.continue }).catch((error: { status: { code: number; metadata: { continue: string } } }) => error.status);
    expect(expired).toMatchObject({ code: 410, reason: 'Expired' });
    const rest = await api.client.list(CONFIG_MAPS, { namespace: 'default', continue: (expired as { metadata: { continue: string } }).metadata.continue });
    expect(rest.items.map(({ metadata }) => metadata?.name)).toEqual(['m2', 'm3']);
  });
});

describe('delete', () => {
  test('a Job without a chosen propagation orphans, and says so', async () => {
    await api.client.create(JOBS, job('a'));
    const answer = await api.client.delete(JOBS, at('a'));
    expect(answer.metadata).toMatchObject({ finalizers: ['orphan'] });
    expect(api.warnings).toEqual([expect.stringContaining('child pods are preserved by default when jobs are deleted')]);
  });

  test('finalizers hold an object back until the last one goes', async () => {
    await api.client.create(CONFIG_MAPS, map('a', { metadata: { finalizers: ['example.com/hold'] } }));
    expect((await api.client.delete(CONFIG_MAPS, at('a'))).metadata).toMatchObject({ deletionTimestamp: expect.any(String), deletionGracePeriodSeconds: 0 });
    await expect(api.client.patch(CONFIG_MAPS, at('a'), { type: 'merge', body: { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } } })).rejects.toMatchObject({ code: 422 });
    await api.client.patch(CONFIG_MAPS, at('a'), { type: 'merge', body: { metadata: { finalizers: null } } });
    await expect(api.client.get(CONFIG_MAPS, at('a'))).rejects.toMatchObject({ code: 404 });
  });

  test('preconditions must hold', async () => {
    const created = await api.client.create(CONFIG_MAPS, map('a'));
    await expect(api.client.delete(CONFIG_MAPS, at('a'), { preconditions: { uid: 'other' } })).rejects.toMatchObject({ code: 409 });
    expect(await api.client.delete(CONFIG_MAPS, at('a'), { preconditions: { uid: created.metadata?.uid } })).toMatchObject({ status: 'Success' });
  });

  test('a scheduled Pod gets its grace period, which may only be shortened', async () => {
    await api.client.create(PODS, pod('p'));
    await api.client.request({ method: 'POST', path: '/api/v1/namespaces/default/pods/p/binding', body: { target: { name: 'node' }, metadata: { name: 'p' } } });
    const grace = async (seconds?: number): Promise<number | undefined> => {
      const answer = await api.client.delete(PODS, at('p'), seconds === undefined ? {} : { gracePeriodSeconds: seconds });
      return (answer as Pod).metadata?.deletionGracePeriodSeconds;
    };
    expect([await grace(), await grace(5), await grace(20)]).toEqual([30, 5, 5]);
    await api.client.delete(PODS, at('p'), { gracePeriodSeconds: 0 });
    await expect(api.client.get(PODS, at('p'))).rejects.toMatchObject({ code: 404 });
  });

  test('a collection goes by selector', async () => {
    await api.client.create(CONFIG_MAPS, map('a', { metadata: { labels: { x: '1' } } }));
    await api.client.create(CONFIG_MAPS, map('b'));
    await api.client.deleteCollection(CONFIG_MAPS, { namespace: 'default', labelSelector: 'x=1' });
    expect((await api.client.list(CONFIG_MAPS, { namespace: 'default' })).items.map(({ metadata }) => metadata?.name)).toEqual(['b']);
  });

  test('a namespace waits in Terminating for its finalizer, and takes nothing new', async () => {
    await api.client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'going' } });
    expect(await api.client.delete(NAMESPACES, { name: 'going' })).toMatchObject({ status: { phase: 'Terminating' } });
    await expect(api.client.create(CONFIG_MAPS, map('a', { metadata: { namespace: 'going' } }))).rejects.toMatchObject({
      code: 403,
      message: 'configmaps "a" is forbidden: unable to create new content in namespace going because it is being terminated',
    });
  });
});

test('the namespaces that the system lives in may not be deleted', async () => {
  await expect(api.client.delete(NAMESPACES, { name: 'default' })).rejects.toMatchObject({ code: 403, message: 'namespaces "default" is forbidden: this namespace may not be deleted' });
});

describe('subresources and other shapes', () => {
  test('eviction marks the Pod as disrupted and deletes it', async () => {
    await api.client.create(PODS, { ...pod('p'), metadata: { ...pod('p').metadata, finalizers: ['example.com/hold'] } });
    await api.client.request({ method: 'POST', path: '/api/v1/namespaces/default/pods/p/eviction', body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } } });
    const evicted = await api.client.get(PODS, at('p'));
    expect(evicted.metadata?.deletionTimestamp).toBeDefined();
    expect(evicted.status?.conditions).toMatchObject([{ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }]);
  });

  test('core events are shown by events.k8s.io, and the other way round', async () => {
    await api.client.create(EVENTS, { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'default' }, involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' }, reason: 'R', message: 'm', count: 2 });
    expect(await api.client.get(EVENTS_V1, at('e'))).toMatchObject({ apiVersion: 'events.k8s.io/v1', regarding: { name: 'p' }, note: 'm', deprecatedCount: 2 });
  });

  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  test('a Table has columns, cells, and the metadata of each row', async () => {
    await api.client.create(JOBS, job('a'));
    const { body } = await api.client.request({ path: '/apis/batch/v1/namespaces/default/jobs', headers: { accept: table } });
    expect(await readValue(body)).toMatchObject({
      kind: 'Table',
      columnDefinitions: expect.arrayContaining([expect.objectContaining({ name: 'Name', format: 'name' }), expect.objectContaining({ name: 'Containers', priority: 1 })]),
      rows: [{ cells: expect.arrayContaining(['a', 'Running', '0/1']), object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } } }],
    });
  });

  test.each([
    { name: 'an unknown path', method: 'GET' as const, path: '/apis/none/v1/things', code: 404 },
    { name: 'a verb that is not served', method: 'PUT' as const, path: '/api/v1/namespaces/default/pods', code: 405 },
    { name: 'an unacceptable form', method: 'GET' as const, path: '/api/v1/namespaces/default/pods', accept: 'text/csv', code: 406 },
    { name: 'a resourceVersion that is no number', method: 'GET' as const, path: '/api/v1/pods?resourceVersion=x', code: 400 },
  ])('$name is refused with a Status', async ({ method, path, accept, code }) => {
    await expect(api.client.request({ method, path, headers: accept === undefined ? {} : { accept } })).rejects.toMatchObject({ code });
  });
});
