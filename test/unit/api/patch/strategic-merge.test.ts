import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONFIG_MAPS, JOBS, PODS, RESOURCES, type Resource } from '../../../../src/api/kinds.ts';
import { applyPatch } from '../../../../src/api/patch/apply-patch.ts';
import { StatusError } from '../../../../src/api/status-error.ts';

const apply = (resource: Resource, current: unknown, body: unknown): unknown => applyPatch(resource, current, { type: 'strategic', body });
const spec = (fields: object): object => ({ spec: fields });
const containers = (...list: object[]): object => spec({ containers: list });
const a = { name: 'a', image: '1' };
const b = { name: 'b', image: '2' };
const c = { name: 'c', image: '3' };

describe('maps and scalars', () => {
  test.each<[string, Resource, object, object, object]>([
    ['nothing to do', PODS, containers(a), {}, containers(a)],
    ['a scalar', JOBS, spec({ parallelism: 1, completions: 2 }), spec({ parallelism: 3 }), spec({ parallelism: 3, completions: 2 })],
    ['null removes', JOBS, spec({ parallelism: 1, completions: 2 }), spec({ parallelism: null }), spec({ completions: 2 })],
    ['data of a ConfigMap', CONFIG_MAPS, { data: { a: '1', b: '2' } }, { data: { b: null, c: '3' } }, { data: { a: '1', c: '3' } }],
    ['a map that is not there, its nulls left out', PODS, {}, { metadata: { labels: { a: 'b', c: null } } }, { metadata: { labels: { a: 'b' } } }],
    ['a map replaced', PODS, { metadata: { labels: { a: '1' } } }, { metadata: { labels: { $patch: 'replace', b: '2' } } }, { metadata: { labels: { b: '2' } } }],
    ['a map emptied', PODS, spec({ securityContext: { runAsUser: 1 } }), spec({ securityContext: { $patch: 'delete' } }), spec({ securityContext: {} })],
    ['a map merged in so many words', PODS, { metadata: { labels: { a: '1' } } }, { metadata: { labels: { $patch: 'merge', b: '2' } } }, { metadata: { labels: { a: '1', b: '2' } } }],
    ['another type', CONFIG_MAPS, { data: 'x' }, { data: { a: '1' } }, { data: { a: '1' } }],
    ['a field that no schema knows', PODS, { foo: { a: 1 } }, { foo: { b: [1] } }, { foo: { a: 1, b: [1] } }],
  ])('%s', (_, resource, current, patch, expected) => {
    const before = structuredClone([current, patch]);
    expect(apply(resource, current, patch)).toEqual(expected);
    expect([current, patch]).toEqual(before);
  });
});

describe('lists', () => {
  const env = (...names: string[]): object[] => names.map((name) => ({ name, value: name }));
  test.each<[string, object, object, object]>([
    ['without a merge key are replaced', containers({ name: 'a', args: ['x', 'y'] }), containers({ name: 'a', args: ['z'] }), containers({ name: 'a', args: ['z'] })],
    ['tolerations are replaced', spec({ tolerations: [{ key: 'a' }] }), spec({ tolerations: [{ key: 'b' }] }), spec({ tolerations: [{ key: 'b' }] })],
    ['containers merge by name', containers(a, b), containers({ name: 'b', image: '9' }), containers(a, { name: 'b', image: '9' })],
    ['a new item goes first', containers(a), containers(b), containers(b, a)],
    ['patched items come in the order of the patch', containers(a, b, c), containers(c, a), containers(b, c, a)],
    ['an item deleted', containers(a, b), containers({ name: 'a', $patch: 'delete' }), containers(b)],
    ['an item that is not there deleted', containers(a), containers({ name: 'z', $patch: 'delete' }), containers(a)],
    ['the list replaced', containers(a, b), containers(c, { $patch: 'replace' }), containers(c)],
    ['the list emptied', containers(a, b), containers({ $patch: 'replace' }), containers()],
    ['the list removed', spec({ containers: [a], hostNetwork: true }), spec({ containers: null }), spec({ hostNetwork: true })],
    ['a list that is not there, with two items under one key', containers(), containers({ name: 'a', ports: [{ containerPort: 53, protocol: 'TCP' }, { containerPort: 53, protocol: 'UDP' }] }), containers({ name: 'a', ports: [{ containerPort: 53, protocol: 'TCP' }, { containerPort: 53, protocol: 'UDP' }] })],
    ['deletions of a list that is not there', spec({}), containers({ name: 'a', $patch: 'delete' }, b), containers(b)],
    ['lists in items', containers({ name: 'a', env: env('A', 'B') }), containers({ name: 'a', env: [{ name: 'B', value: 'x' }, { name: 'A', $patch: 'delete' }] }), containers({ name: 'a', env: [{ name: 'B', value: 'x' }] })],
    ['volume mounts merge by path', containers({ name: 'a', volumeMounts: [{ name: 'v', mountPath: '/a' }] }), containers({ name: 'a', volumeMounts: [{ name: 'w', mountPath: '/a' }] }), containers({ name: 'a', volumeMounts: [{ name: 'w', mountPath: '/a' }] })],
    ['finalizers are a set', { metadata: { finalizers: ['a', 'b'] } }, { metadata: { finalizers: ['b', 'c', 'c'] } }, { metadata: { finalizers: ['a', 'b', 'c'] } }],
  ])('%s', (_, current, patch, expected) => {
    const before = structuredClone([current, patch]);
    expect(apply(PODS, current, patch)).toEqual(expected);
    expect([current, patch]).toEqual(before);
  });
});

describe('directives', () => {
  const order = (...names: string[]): object[] => names.map((name) => ({ name }));
  test.each<[string, object, object, object]>([
    ['an order alone', containers(a, b), spec({ '$setElementOrder/containers': order('b', 'a') }), containers(b, a)],
    ['an order, with what it does not name beside its neighbours', containers(a, b, c), spec({ '$setElementOrder/containers': order('c', 'a') }), containers(b, c, a)],
    ['an order and a change', containers(a, b), spec({ '$setElementOrder/containers': order('c', 'b', 'a'), containers: [c, { name: 'a', image: '9' }] }), containers(c, b, { name: 'a', image: '9' })],
    ['an order and a deletion', containers(a, b), spec({ '$setElementOrder/containers': order('b'), containers: [{ name: 'a', $patch: 'delete' }] }), containers(b)],
    ['an order for a list that is not there', spec({}), spec({ '$setElementOrder/containers': order('b') }), spec({})],
    ['an order for a list that does not merge', spec({ tolerations: [{ key: 'a' }] }), spec({ '$setElementOrder/tolerations': [{ key: 'b' }] }), spec({ tolerations: [{ key: 'a' }] })],
    ['an empty order', containers(a), spec({ '$setElementOrder/containers': [], containers: [b] }), containers(a, b)],
    ['an order of scalars', { metadata: { finalizers: ['a', 'b', 'c'] } }, { metadata: { '$setElementOrder/finalizers': ['d', 'c', 'a'], finalizers: ['d'] } }, { metadata: { finalizers: ['d', 'b', 'c', 'a'] } }],
    ['scalars deleted', { metadata: { finalizers: ['a', 'b'] } }, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a', 'x'] } }, { metadata: { finalizers: ['b'] } }],
    ['scalars deleted and added', { metadata: { finalizers: ['a', 'b'] } }, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c'], '$setElementOrder/finalizers': ['b', 'c'] } }, { metadata: { finalizers: ['b', 'c'] } }],
    ['scalars deleted from a list that does not merge', containers({ name: 'a', args: ['x', 'y'] }), containers({ name: 'a', '$deleteFromPrimitiveList/args': ['x'] }), containers({ name: 'a', args: ['y'] })],
    [
      'a volume that keeps only what is named',
      spec({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
      spec({ volumes: [{ name: 'v', $retainKeys: ['emptyDir', 'name'], emptyDir: {} }] }),
      spec({ volumes: [{ name: 'v', emptyDir: {} }] }),
    ],
  ])('%s', (_, current, patch, expected) => {
    expect(apply(PODS, current, patch)).toEqual(expected);
  });
});

describe('what is refused', () => {
  test.each<[string, unknown, string]>([
    ['no object', [1], 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['an unknown directive', spec({ $patch: 'burn', hostNetwork: true }), 'unknown patch type: burn in map: map[$patch:burn hostNetwork:true]'],
    ['an item without its key', containers({ image: 'x', ports: [{ containerPort: 80 }] }), 'map: map[image:x ports:[map[containerPort:80]]] does not contain declared merge key: name'],
    ['an item that is none', containers(a, 'x' as unknown as object), 'invalid patch: an item of a list that is merged by name must be an object: x'],
    ['keys that are not retained', spec({ volumes: [{ name: 'v', $retainKeys: ['name'], emptyDir: {} }] }), 'invalid patch format of retainKeys'],
    ['an order that lacks an item', spec({ '$setElementOrder/containers': [{ name: 'a' }], containers: [b] }), "The order in patch list:\n[map[image:2 name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n"],
  ])('%s', (_, body, message) => {
    expect(() => apply(PODS, spec({ containers: [a], volumes: [{ name: 'v' }] }), body)).toThrow(expect.objectContaining({ message, code: 400 }));
  });
});

describe('any patch', () => {
  const wild = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constantFrom('a', 'b', 1, null, 'delete', 'replace'), fc.array(tie('value'), { maxLength: 3 }), tie('object')),
    object: fc.dictionary(
      fc.constantFrom('metadata', 'spec', 'labels', 'finalizers', 'containers', 'env', 'volumes', 'name', '$patch', '$retainKeys', '$setElementOrder/containers', '$deleteFromPrimitiveList/finalizers', '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  }));

  test('is carried out or refused with 400, and changes neither argument', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RESOURCES), wild.object, wild.value, (resource, current, body) => {
        const before = JSON.stringify([current, body]);
        try {
          apply(resource, current, body);
        } catch (error) {
          expect(error).toBeInstanceOf(StatusError);
          expect((error as StatusError).code).toBe(400);
        }
        expect(JSON.stringify([current, body])).toBe(before);
      }),
      { numRuns: 300 },
    );
  });
});
