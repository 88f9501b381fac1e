import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PODS, RESOURCES, SECRETS, type Resource } from '../../../../src/api/kinds.ts';
import { applyPatch } from '../../../../src/api/patch/apply-patch.ts';
import { threeWayStrategicMergePatch } from '../../../../src/api/patch/three-way.ts';
import { decodeStrict } from '../../../../src/api/schema/decode.ts';

interface Recorded {
  readonly name: string;
  readonly kind: string;
  readonly original: object;
  readonly modified: object;
  readonly current: object;
  readonly patch: object;
}

/** What kubectl 1.35 sent; without the annotation that it keeps the last manifest in. */
const RECORDED = JSON.parse(readFileSync(join(import.meta.dirname, 'golden', 'kubectl-apply.json'), 'utf8')) as Recorded[];
const resourceOf = (kind: string): Resource => RESOURCES.find((row) => row.kind === kind)!;

describe('the patch that kubectl apply sends', () => {
  test.each(RECORDED.map((row) => [row.name, row] as const))('%s', (_, { kind, original, modified, current, patch }) => {
    expect(threeWayStrategicMergePatch(resourceOf(kind), { original, modified, current })).toEqual(patch);
  });

  test.each(RECORDED.map((row) => [row.name, row] as const))('%s: carried out, there is nothing left to do', (_, { kind, modified, current, patch }) => {
    const resource = resourceOf(kind);
    const patched = applyPatch(resource, current, { type: 'strategic', body: patch });
    expect(threeWayStrategicMergePatch(resource, { original: modified, modified, current: patched })).toEqual({});
  });
});

const pod = (spec: object): object => ({ spec: { containers: [spec] } });
const diff = (values: { original?: object; modified: object; current: object }): object => threeWayStrategicMergePatch(PODS, { original: undefined, ...values });

describe('where the server writes what the manifest means in its own way', () => {
  test.each<[string, object, object]>([
    ['a quantity', { resources: { limits: { cpu: '0.5', memory: 1073741824 } } }, { resources: { limits: { cpu: '500m', memory: '1073741824' } } }],
    ['a null', { args: null }, {}],
  ])('%s is no change', (_, modified, current) => {
    expect(diff({ original: pod({ name: 'a', ...modified }), modified: pod({ name: 'a', ...modified }), current: pod({ name: 'a', ...current }) })).toEqual({});
  });

  test('another quantity is one', () => {
    const limits = (cpu: string): object => pod({ name: 'a', resources: { limits: { cpu } } });
    expect(diff({ modified: limits('2'), current: limits('500m') })).toMatchObject({ spec: { containers: [{ resources: { limits: { cpu: '2' } } }] } });
  });

  test('a number is not its text, and text of bytes that is none is left to the server', () => {
    expect(diff({ modified: { metadata: { labels: { a: '1' } } }, current: { metadata: { labels: { a: 1 } } } })).toEqual({ metadata: { labels: { a: '1' } } });
    expect(threeWayStrategicMergePatch(SECRETS, { original: {}, modified: { data: { a: '!' } }, current: { data: { a: 'YQ==' } } })).toEqual({ data: { a: '!' } });
  });
});

describe('two items under one merge key', () => {
  const ports = (...list: object[]): object => pod({ name: 'a', ports: list });
  const udp = { containerPort: 53, protocol: 'UDP' };
  const tcp = { containerPort: 53, protocol: 'TCP' };
  const sent = (patch: object): unknown => (patch as { spec: { containers: { ports: unknown }[] } }).spec.containers[0]!.ports;

  test('nothing to do', () => {
    expect(diff({ original: ports({ containerPort: 53 }, udp), modified: ports({ containerPort: 53 }, udp), current: ports(tcp, udp) })).toEqual({});
  });

  test('a change of one is sent with the whole list, and keeps what others set', () => {
    const patch = diff({ original: ports(tcp, udp), modified: ports({ ...tcp, name: 'dns' }, udp), current: ports({ ...tcp, hostPort: 1 }, udp, { containerPort: 80 }) });
    expect(sent(patch)).toEqual([{ ...tcp, name: 'dns', hostPort: 1 }, udp, { containerPort: 80 }, { $patch: 'replace' }]);
  });

  test('the second is added, and taken away', () => {
    expect(sent(diff({ original: ports(tcp), modified: ports(tcp, udp), current: ports(tcp) }))).toEqual([tcp, udp, { $patch: 'replace' }]);
    expect(sent(diff({ original: ports(tcp, udp), modified: ports(tcp), current: ports(tcp, udp) }))).toEqual([tcp, { $patch: 'replace' }]);
  });

  test('environment variables given twice stay twice', () => {
    const env = (...values: string[]): object => pod({ name: 'a', env: values.map((value) => ({ name: 'A', value })) });
    expect(diff({ original: env('1', '2'), modified: env('1', '2'), current: env('1', '2') })).toEqual({});
    const patch = diff({ original: env('1', '2'), modified: env('1', '3'), current: env('1', '2') });
    expect(applyPatch(PODS, env('1', '2'), { type: 'strategic', body: patch })).toEqual(env('1', '3'));
  });
});

describe('properties', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const unique = { selector: (item: object): unknown => (item as { name?: string; mountPath?: string; containerPort?: number }).name ?? JSON.stringify(item), maxLength: 3 };
  const optional = { requiredKeys: ['name'] as ['name'] };
  const container = fc.record(
    {
      name,
      image: name,
      args: fc.array(name, { maxLength: 2 }),
      env: fc.uniqueArray(fc.record({ name, value: name }), unique),
      ports: fc.array(fc.record({ containerPort: fc.constantFrom(1, 2), protocol: fc.constantFrom('TCP', 'UDP') }), { maxLength: 3 }),
      resources: fc.record({ limits: fc.dictionary(name, fc.constantFrom('1', '500m')) }),
    },
    optional,
  );
  const volume = fc.oneof(fc.record({ name, emptyDir: fc.record({ medium: name }, { requiredKeys: [] }) }), fc.record({ name, configMap: fc.record({ name }) }));
  const manifests = fc.record({
    metadata: fc.record({ labels: fc.dictionary(name, name), finalizers: fc.uniqueArray(name) }, { requiredKeys: [] }),
    spec: fc.record(
      {
        containers: fc.uniqueArray(container, unique),
        volumes: fc.uniqueArray(volume, unique),
        tolerations: fc.array(fc.record({ key: name }), { maxLength: 2 }),
        nodeSelector: fc.dictionary(name, name),
        terminationGracePeriodSeconds: fc.nat(3),
      },
      { requiredKeys: [] },
    ),
  });

  test('from what was applied to what is to be: the result is what is to be', () => {
    fc.assert(
      fc.property(manifests, manifests, (original, modified) => {
        const before = JSON.stringify([original, modified]);
        const patch = diff({ original, modified, current: original });
        const patched = applyPatch(PODS, original, { type: 'strategic', body: patch });
        expect(canonical(patched)).toEqual(canonical(modified));
        expect(JSON.stringify([original, modified])).toBe(before);
      }),
    );
  });

  test('whatever others did meanwhile, a second apply has nothing to do', () => {
    fc.assert(
      fc.property(manifests, manifests, manifests, (original, modified, current) => {
        const patch = diff({ original, modified, current });
        const patched = applyPatch(PODS, current, { type: 'strategic', body: patch }) as object;
        expect(diff({ original: modified, modified, current: patched })).toEqual({});
      }),
    );
  });

  test('what only others set stays', () => {
    fc.assert(
      fc.property(manifests, fc.dictionary(fc.constantFrom('x', 'y'), name), (modified, labels) => {
        const patched = applyPatch(PODS, { metadata: { labels } }, { type: 'strategic', body: diff({ modified, current: { metadata: { labels } } }) });
        expect(patched).toMatchObject({ metadata: { labels } });
      }),
    );
  });

  test('any values at all give a patch that can be carried out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (original, modified, current) => {
        const before = JSON.stringify([original, modified, current]);
        threeWayStrategicMergePatch(PODS, { original: { spec: original }, modified: { spec: modified }, current: { spec: current } });
        expect(JSON.stringify([original, modified, current])).toBe(before);
      }),
    );
  });

  /** Empty objects and lists mean nothing more than absent ones. */
  function canonical(value: unknown): unknown {
    return prune(decodeStrict(PODS, value).object);
  }

  function prune(value: unknown): unknown {
    if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(prune);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).flatMap(([key, item]) => (prune(item) === undefined ? [] : [[key, prune(item)] as const]));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
});
