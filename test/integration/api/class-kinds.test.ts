// PriorityClasses, RuntimeClasses, Leases and PodTemplates over the real API: what is refused, what a Pod takes from them.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Lease, Pod, PodSpec, PodTemplate, PriorityClass, RuntimeClass } from '../../../src/api/generated/types.ts';
import { LEASES, POD_TEMPLATES, PODS, PRIORITY_CLASSES, RUNTIME_CLASSES, type Resource } from '../../../src/api/kinds.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { samplePod } from '../../support/sample-pod.ts';

const namespace = 'default';
let api: TestApi;

beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const createPod = (spec: Partial<PodSpec>, name = 'p'): Promise<Pod> => api.client.create(PODS, { ...samplePod(spec), metadata: { name, namespace } });
const createClass = (name: string, more: Partial<PriorityClass> = {}): Promise<PriorityClass> => api.client.create(PRIORITY_CLASSES, { metadata: { name }, value: 1000, ...more });
const table = async (resource: Resource<KubeObject>, at = ''): Promise<{ columns: string[]; rows: unknown[][] }> => {
  const root = resource.group === '' ? '/api/v1' : `/apis/${resource.group}/v1`;
  const { body } = await api.client.request({ path: `${root}${at}/${resource.plural}`, headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } });
  const { columnDefinitions, rows } = (body as unknown as { value: { columnDefinitions: { name: string }[]; rows: { cells: unknown[] }[] } }).value;
  return { columns: columnDefinitions.map(({ name }) => name), rows: rows.map(({ cells }) => cells) };
};

describe('the priority of a Pod', () => {
  test('is 0 where no class is the default, and its class is nobody', async () => {
    const { spec } = await createPod({});
    expect(spec).toMatchObject({ priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
    expect(spec?.priorityClassName).toBeUndefined();
  });

  test('is that of its class, and so is the rest', async () => {
    await createClass('polite', { value: 7, preemptionPolicy: 'Never' });
    expect((await createPod({ priorityClassName: 'polite' })).spec).toMatchObject({ priority: 7, preemptionPolicy: 'Never', priorityClassName: 'polite' });
    expect((await createPod({ priorityClassName: 'system-node-critical' }, 'vital')).spec?.priority).toBe(2_000_001_000);
  });

  test('is that of the default class, which the Pod then names', async () => {
    await createClass('usual', { globalDefault: true, value: 50 });
    expect((await createPod({})).spec).toMatchObject({ priority: 50, priorityClassName: 'usual' });
  });

  test.each<[title: string, spec: Partial<PodSpec>, why: string]>([
    ['a class that is not there', { priorityClassName: 'nobody' }, 'no PriorityClass with name nobody was found'],
    ['a number of its own', { priority: 5 }, 'the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name'],
    ['manners of its own', { preemptionPolicy: 'Never' }, 'the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name'],
  ])('cannot be %s', async (_title, spec, why) => {
    await expect(createPod(spec)).rejects.toMatchObject({ code: 403, message: `pods "p" is forbidden: ${why}` });
  });
});

describe('a PriorityClass', () => {
  test.each<[title: string, name: string, more: Partial<PriorityClass>, message: string]>([
    ['above what users may ask for', 'top', { value: 1_000_000_001 }, 'PriorityClass.scheduling.k8s.io "top" is invalid: value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ['with a name of the system\'s', 'system-mine', {}, "PriorityClass.scheduling.k8s.io \"system-mine\" is invalid: metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class"],
    ['with strange manners', 'odd', { preemptionPolicy: 'Maybe' }, 'PriorityClass.scheduling.k8s.io "odd" is invalid: preemptionPolicy: Unsupported value: "Maybe": supported values: "PreemptLowerPriority", "Never"'],
  ])('%s is refused', async (_title, name, more, message) => {
    await expect(createClass(name, more)).rejects.toMatchObject({ message });
  });

  test('is the default one alone, made so or become so', async () => {
    await createClass('first', { globalDefault: true });
    const why = 'is forbidden: PriorityClass first is already marked as default. Only one default can exist';
    await expect(createClass('second', { globalDefault: true })).rejects.toMatchObject({ code: 403, message: `priorityclasses.scheduling.k8s.io "second" ${why}` });
    await createClass('third');
    await expect(api.client.patch(PRIORITY_CLASSES, { name: 'third' }, { type: 'merge', body: { globalDefault: true } })).rejects.toMatchObject({ message: `priorityclasses.scheduling.k8s.io "third" ${why}` });
    await api.client.patch(PRIORITY_CLASSES, { name: 'first' }, { type: 'merge', body: { description: 'still' } });
  });

  test('keeps its value', async () => {
    await createClass('fixed');
    await expect(api.client.patch(PRIORITY_CLASSES, { name: 'fixed' }, { type: 'merge', body: { value: 5 } })).rejects.toMatchObject({ message: 'PriorityClass.scheduling.k8s.io "fixed" is invalid: value: Forbidden: may not be changed in an update.' });
  });

  test('of the system is there, and stays', async () => {
    const { columns, rows } = await table(PRIORITY_CLASSES);
    expect(columns).toEqual(['Name', 'Value', 'Global-Default', 'Age', 'PreemptionPolicy']);
    expect(rows.map(([name, value, isDefault]) => [name, value, isDefault])).toEqual([['system-cluster-critical', 2_000_000_000, 'false'], ['system-node-critical', 2_000_001_000, 'false']]);
    await expect(api.client.delete(PRIORITY_CLASSES, { name: 'system-node-critical' })).rejects.toMatchObject({ code: 403, message: 'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted' });
  });
});

describe('a RuntimeClass', () => {
  const createRuntime = (name: string, more: Partial<RuntimeClass> = {}): Promise<RuntimeClass> => api.client.create(RUNTIME_CLASSES, { metadata: { name }, handler: 'runc', ...more });

  test('must be there, and be there still, when a Pod asks for it', async () => {
    const refused = { code: 403, message: 'pods "p" is forbidden: pod rejected: RuntimeClass "safe" not found' };
    await expect(createPod({ runtimeClassName: 'safe' })).rejects.toMatchObject(refused);
    await createRuntime('safe');
    expect((await createPod({ runtimeClassName: 'safe' }, 'early')).spec?.runtimeClassName).toBe('safe');
    await api.client.delete(RUNTIME_CLASSES, { name: 'safe' });
    await expect(createPod({ runtimeClassName: 'safe' })).rejects.toMatchObject(refused);
  });

  test('lends its overhead, which nobody else sets', async () => {
    await createRuntime('heavy', { overhead: { podFixed: { cpu: '250m', memory: '64Mi' } } });
    expect((await createPod({ runtimeClassName: 'heavy' })).spec?.overhead).toEqual({ cpu: '250m', memory: '64Mi' });
    await expect(createPod({ runtimeClassName: 'heavy', overhead: { cpu: '1' } }, 'q')).rejects.toMatchObject({ message: `pods "q" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead` });
    await expect(createPod({ overhead: { cpu: '1' } }, 'q')).rejects.toMatchObject({ message: 'pods "q" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead' });
  });

  test('leads to nodes that have it', async () => {
    const toleration = { key: 'safe', operator: 'Exists', effect: 'NoSchedule' };
    await createRuntime('placed', { scheduling: { nodeSelector: { kind: 'safe' }, tolerations: [toleration] } });
    const { spec } = await createPod({ runtimeClassName: 'placed', nodeSelector: { disk: 'ssd' }, tolerations: [toleration] });
    expect(spec?.nodeSelector).toEqual({ disk: 'ssd', kind: 'safe' });
    expect(spec?.tolerations?.filter(({ key }) => key === 'safe')).toEqual([toleration]);
    await expect(createPod({ runtimeClassName: 'placed', nodeSelector: { kind: 'other' } }, 'q')).rejects.toMatchObject({ message: 'pods "q" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[kind] = safe; pod.spec.nodeSelector[kind] = other' });
  });

  test('keeps its handler, which is a label', async () => {
    await createRuntime('fixed');
    await expect(api.client.patch(RUNTIME_CLASSES, { name: 'fixed' }, { type: 'merge', body: { handler: 'other' } })).rejects.toMatchObject({ message: 'RuntimeClass.node.k8s.io "fixed" is invalid: handler: Invalid value: "other": field is immutable' });
    await expect(createRuntime('bad', { handler: 'No' })).rejects.toMatchObject({ message: expect.stringMatching(/^RuntimeClass.node.k8s.io "bad" is invalid: handler: Invalid value: "No": a lowercase RFC 1123 label/) });
    await expect(createRuntime('light', { overhead: { podFixed: { cpu: '-1' } } })).rejects.toMatchObject({ message: expect.stringContaining('overhead.podFixed[cpu]: Invalid value: "-1": must be greater than or equal to 0') });
    expect(await table(RUNTIME_CLASSES)).toMatchObject({ columns: ['Name', 'Handler', 'Age'], rows: [['fixed', 'runc', expect.any(String)]] });
  });

  test('is made, changed, watched, found by label and deleted', async () => {
    const made = await createRuntime('a', { metadata: { name: 'a', labels: { test: 'x' } } });
    const events: string[] = [];
    const abort = new AbortController();
    const watching = (async () => {
      for await (const { type } of api.client.watch(RUNTIME_CLASSES, { resourceVersion: made.metadata!.resourceVersion!, signal: abort.signal })) if (events.push(type) === 3) abort.abort();
    })();
    await api.client.patch(RUNTIME_CLASSES, { name: 'a' }, { type: 'merge', body: { metadata: { annotations: { patched: 'true' } } } });
    const newest = await api.client.get(RUNTIME_CLASSES, { name: 'a' });
    await api.client.update(RUNTIME_CLASSES, { ...newest, metadata: { ...newest.metadata, annotations: { updated: 'true' } } });
    expect((await api.client.list(RUNTIME_CLASSES, { labelSelector: 'test=x' })).items).toHaveLength(1);
    await api.client.deleteCollection(RUNTIME_CLASSES, { labelSelector: 'test=x' });
    await watching;
    expect(events).toEqual(['MODIFIED', 'MODIFIED', 'DELETED']);
    expect((await api.client.list(RUNTIME_CLASSES)).items).toEqual([]);
  });
});

describe('a Lease', () => {
  const createLease = (spec: Lease['spec']): Promise<Lease> => api.client.create(LEASES, { metadata: { name: 'l', namespace }, spec });

  test('is made, taken over, listed and deleted', async () => {
    const lease = await createLease({ holderIdentity: 'a', leaseDurationSeconds: 30, acquireTime: '2026-01-01T00:00:00.123456Z', renewTime: '2026-01-01T00:00:05.000000Z', leaseTransitions: 0 });
    expect(lease.spec?.acquireTime).toBe('2026-01-01T00:00:00.123456Z');
    const taken = await api.client.update(LEASES, { ...lease, spec: { ...lease.spec, holderIdentity: 'b', leaseTransitions: 1 } });
    await expect(api.client.update(LEASES, { ...lease, spec: { ...lease.spec, holderIdentity: 'c' } })).rejects.toMatchObject({ reason: 'Conflict' });
    expect((await api.client.patch(LEASES, { namespace, name: 'l' }, { type: 'strategic', body: { spec: { leaseDurationSeconds: 50 } } })).spec).toEqual({ ...taken.spec, leaseDurationSeconds: 50 });
    expect(await table(LEASES, `/namespaces/${namespace}`)).toMatchObject({ columns: ['Name', 'Holder', 'Age'], rows: [['l', 'b', expect.any(String)]] });
    await api.client.delete(LEASES, { namespace, name: 'l' });
    expect((await api.client.list(LEASES, { namespace })).items).toEqual([]);
  });

  test.each<[spec: NonNullable<Lease['spec']>, finding: string]>([
    [{ leaseDurationSeconds: 0 }, 'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
    [{ leaseTransitions: -1 }, 'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0'],
    [{ preferredHolder: 'b' }, 'spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined'],
    [{ strategy: 'Mine' }, 'spec.strategy: Unsupported value: "Mine": supported values: "OldestEmulationVersion"'],
  ])('of %j is refused', async (spec, finding) => {
    await expect(createLease(spec)).rejects.toMatchObject({ message: `Lease.coordination.k8s.io "l" is invalid: ${finding}` });
  });
});

describe('a PodTemplate', () => {
  const template: PodTemplate = { metadata: { name: 't', namespace, labels: { test: 'x' } }, template: { metadata: { labels: { b: '2', a: '1' } }, spec: { containers: [{ name: 'c', image: 'busybox' }, { name: 'd', image: 'nginx' }] } } };

  test('is made, changed, replaced, shown and deleted by label', async () => {
    const made = await api.client.create(POD_TEMPLATES, template);
    expect(made.template?.spec).toMatchObject({ restartPolicy: 'Always', containers: [{ terminationMessagePath: '/dev/termination-log' }, {}] });
    await api.client.patch(POD_TEMPLATES, { namespace, name: 't' }, { type: 'strategic', body: { metadata: { labels: { patched: 'yes' } } } });
    const newest = await api.client.get(POD_TEMPLATES, { namespace, name: 't' });
    const replaced = await api.client.update(POD_TEMPLATES, { ...newest, metadata: { ...newest.metadata, annotations: { updated: 'true' } } });
    expect(replaced.metadata).toMatchObject({ labels: { test: 'x', patched: 'yes' }, annotations: { updated: 'true' } });
    expect(await table(POD_TEMPLATES, `/namespaces/${namespace}`)).toEqual({ columns: ['Name', 'Containers', 'Images', 'Pod Labels'], rows: [['t', 'c,d', 'busybox,nginx', 'a=1,b=2']] });
    await api.client.deleteCollection(POD_TEMPLATES, { namespace, labelSelector: 'test=x' });
    expect((await api.client.list(POD_TEMPLATES, { namespace })).items).toEqual([]);
  });

  test('is judged as the Pods would be', async () => {
    const bad = { ...template, template: { metadata: { labels: { 'not ok': '' } }, spec: { containers: [{ name: 'C' }] } } };
    await expect(api.client.create(POD_TEMPLATES, bad as PodTemplate)).rejects.toMatchObject({ message: expect.stringMatching(/template\.labels: Invalid value.*template\.spec\.containers\[0\]\.name: Invalid value: "C"/s) });
  });
});
