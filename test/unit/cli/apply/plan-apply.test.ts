// What apply has to do, by what the manifest says, what was applied last, and what is there.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ConfigMap, Job } from '../../../../src/api/generated/types.ts';
import { CONFIG_MAPS, JOBS, type Resource } from '../../../../src/api/kinds.ts';
import type { KubeObject } from '../../../../src/api/object.ts';
import { applyPatch } from '../../../../src/api/patch/apply-patch.ts';
import { LAST_APPLIED } from '../../../../src/api/meta/last-applied.ts';
import { withLastApplied } from '../../../../src/cli/apply/last-applied.ts';
import { planApply, type ApplyPlan } from '../../../../src/cli/apply/plan-apply.ts';

const config = (data: Record<string, string>, metadata: object = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default', ...metadata },
  data,
});
const job = (image: string, extra: object = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'a', namespace: 'default' },
  spec: { template: { spec: { containers: [{ name: 'c', image, ...extra }], restartPolicy: 'Never' } } },
});
/** As the server gives it back: with fields of its own. */
const stored = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, uid: 'u', resourceVersion: '7' } });
const plan = (manifest: KubeObject, current?: KubeObject, resource: Resource = CONFIG_MAPS): ApplyPlan => planApply({ resource, manifest, current });

describe('the plan', () => {
  test('nothing to do', () => {
    expect(plan(config({ x: '1' }), stored(withLastApplied(config({ x: '1' }))))).toEqual({ type: 'unchanged' });
  });

  test('what is not there is created, with the annotation', () => {
    expect(plan(config({ x: '1' }))).toEqual({ type: 'create', object: withLastApplied(config({ x: '1' })) });
  });

  test('what others set is no change', () => {
    const current = stored({ ...withLastApplied(config({ x: '1' })), ...{ data: { x: '1', others: '2' } } } as KubeObject);
    expect(plan(config({ x: '1' }), current)).toEqual({ type: 'unchanged' });
  });

  test('what others changed is changed back', () => {
    const current = stored({ ...withLastApplied(config({ x: '1' })), ...{ data: { x: '2' } } } as KubeObject);
    expect(plan(config({ x: '1' }), current)).toMatchObject({ type: 'patch', patch: { data: { x: '1' } } });
  });

  test('what the manifest no longer says is taken out', () => {
    const result = plan(config({ x: '1' }), stored(withLastApplied(config({ x: '1', y: '2' }))));
    expect(result).toMatchObject({ type: 'patch', patchType: 'strategic', patch: { data: { y: null } }, notApplied: false, beingDeleted: false });
  });

  test('what was never applied gets the annotation, and a warning', () => {
    const result = plan(config({ x: '1' }), stored(config({ x: '1' })));
    expect(result).toMatchObject({ type: 'patch', notApplied: true });
    expect(Object.keys((result as { patch: object }).patch)).toEqual(['metadata']);
  });

  test('a broken annotation counts as none, without removing anything', () => {
    const current = stored(config({ x: '1', y: '2' }, { annotations: { [LAST_APPLIED]: '{' } }));
    expect(plan(config({ x: '1' }), current)).toMatchObject({ type: 'patch', notApplied: false });
    expect((plan(config({ x: '1' }), current) as { patch: object }).patch).not.toHaveProperty('data');
  });

  test('a change of what is being deleted is warned of', () => {
    const current = stored(config({ x: '1' }, { deletionTimestamp: '2026-01-01T00:00:00Z' }));
    expect(plan(config({ x: '2' }), current)).toMatchObject({ type: 'patch', beingDeleted: true });
  });

  test('containers are merged by name, so defaults of the server stay', () => {
    const applied = withLastApplied(job('busybox')) as Job;
    const current = stored({ ...applied, spec: job('busybox', { imagePullPolicy: 'Always' }).spec } as KubeObject);
    expect(plan(job('busybox'), current, JOBS)).toEqual({ type: 'unchanged' });
    expect(plan(job('nginx'), current, JOBS)).toMatchObject({
      patchType: 'strategic',
      patch: { spec: { template: { spec: { containers: [{ name: 'c', image: 'nginx' }] } } } },
    });
  });

  test("another cluster's own kinds are merged as plain JSON", () => {
    const resource: Resource = { ...JOBS, group: 'example.com', kind: 'Widget', plural: 'widgets', model: '' };
    const widget = (size: number): KubeObject => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, ...{ spec: { size } } });
    expect(plan(widget(2), stored(withLastApplied(widget(1))), resource)).toMatchObject({ patchType: 'merge', patch: { spec: { size: 2 } } });
  });
});

describe('properties', () => {
  const data = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2', '3'));

  test('after the plan is carried out, the next one is to do nothing', () => {
    fc.assert(
      fc.property(data, data, data, (before, edited, wanted) => {
        const live = stored({ ...withLastApplied(config(before)), ...{ data: { ...before, ...edited } } } as KubeObject);
        const first = plan(config(wanted), live);
        const after = first.type === 'patch' ? applyPatch(CONFIG_MAPS, live, { type: first.patchType, body: first.patch }) : live;
        expect(plan(config(wanted), after as KubeObject)).toEqual({ type: 'unchanged' });
        expect((after as ConfigMap).data ?? {}).toMatchObject(wanted);
      }),
    );
  });
});

describe('the annotation', () => {
  test('is what kubectl writes, byte for byte', () => {
    expect(withLastApplied(job('busybox')).metadata?.annotations?.[LAST_APPLIED]).toBe(
      '{"apiVersion":"batch/v1","kind":"Job","metadata":{"annotations":{},"name":"a","namespace":"default"},"spec":{"template":{"spec":{"containers":[{"image":"busybox","name":"c"}],"restartPolicy":"Never"}}}}\n',
    );
  });

  test('does not hold itself', () => {
    expect(withLastApplied(withLastApplied(config({})))).toEqual(withLastApplied(config({})));
  });
});
