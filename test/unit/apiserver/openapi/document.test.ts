import { describe, expect, test } from '@jest/globals';
import { apiVersionOf, RESOURCES, resourcePath, SERVED } from '../../../../src/api/kinds.ts';
import { openApiDocument, openApiIndex } from '../../../../src/apiserver/openapi/document.ts';

type Json = Record<string, unknown>;
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Json>> } & Json>> };
}

const documentOf = (group: string, version: string): Document => openApiDocument(group, version) as Document;
const GROUPS = [...new Map(SERVED.map((row) => [apiVersionOf(row), row])).values()].map(({ group, version }) => ({ group, version }));
const core = documentOf('', 'v1');
const batch = documentOf('batch', 'v1');

describe('the index', () => {
  const { paths } = openApiIndex() as { paths: Record<string, { serverRelativeURL: string }> };

  test('names a document for each group and version', () => {
    expect(Object.keys(paths).sort()).toEqual(GROUPS.map(({ group, version }) => (group === '' ? `api/${version}` : `apis/${group}/${version}`)).sort());
  });

  test('gives each the place that it is served at, with a hash of its content', () => {
    for (const [key, { serverRelativeURL }] of Object.entries(paths)) expect(serverRelativeURL).toMatch(new RegExp(`^/openapi/v3/${key}\\?hash=[0-9A-F]{16}$`));
    expect(new Set(Object.values(paths).map(({ serverRelativeURL }) => serverRelativeURL.split('=')[1])).size).toBe(GROUPS.length);
    expect(openApiIndex()).toEqual({ paths });
  });
});

describe('every document', () => {
  test('a group or version that is not served has none', () => {
    expect(openApiDocument('batch', 'v2')).toBeUndefined();
    expect(openApiDocument('nope', 'v1')).toBeUndefined();
  });

  test.each(GROUPS)('$group/$version refers only to what it holds', ({ group, version }) => {
    const document = documentOf(group, version);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
    expect(references.filter((name) => document.components.schemas[name] === undefined)).toEqual([]);
    expect(references.length).toBeGreaterThan(0);
  });

  test.each(GROUPS)('$group/$version has nothing beside a $ref', ({ group, version }) => {
    const lonely = [...JSON.stringify(documentOf(group, version)).matchAll(/\{[^{}]*"\$ref":"[^"]+"[^{}]*\}/g)].map(([text]) => Object.keys(JSON.parse(text) as object));
    expect(lonely.filter((keys) => keys.length > 1)).toEqual([]);
  });

  test('what is only measured can only be read', () => {
    const { paths } = documentOf('metrics.k8s.io', 'v1beta1');
    const methods = Object.values(paths).map((item) => Object.keys(item).filter((key) => key !== 'parameters'));
    expect(methods).toEqual([['get'], ['get'], ['get'], ['get'], ['get']]);
  });

  test.each(RESOURCES.map((row) => [row.kind, row] as const))('%s has a schema and paths', (_, row) => {
    const { paths, components } = documentOf(row.group, row.version);
    const gvk = { group: row.group, version: row.version, kind: row.kind };
    const ofKind = Object.entries(components.schemas).filter(([, schema]) => JSON.stringify(schema['x-kubernetes-group-version-kind']) === JSON.stringify([gvk]));
    expect(ofKind.map(([name]) => name.split('.').at(-1))).toEqual([row.kind]);
    const collection = row.namespaced ? resourcePath(row, { namespace: 'NS' }).replace('NS', '{namespace}') : resourcePath(row);
    expect(paths[collection]!['post']).toMatchObject({ 'x-kubernetes-action': 'post', 'x-kubernetes-group-version-kind': gvk });
    expect(paths[`${collection}/{name}`]!['patch']).toMatchObject({ 'x-kubernetes-action': 'patch', 'x-kubernetes-group-version-kind': gvk });
    expect(paths[`${collection}/{name}/status`] !== undefined).toBe(row.subresources.includes('status'));
  });
});

describe('schemas', () => {
  const jobSpec = batch.components.schemas['io.k8s.api.batch.v1.JobSpec']!;
  const podSpec = core.components.schemas['io.k8s.api.core.v1.PodSpec']!;

  test('packages are as upstream has them', () => {
    const names = Object.keys({ ...core.components.schemas, ...batch.components.schemas, ...documentOf('events.k8s.io', 'v1').components.schemas });
    expect(names).toEqual(
      expect.arrayContaining([
        'io.k8s.api.batch.v1.Job',
        'io.k8s.api.batch.v1.JobList',
        'io.k8s.api.batch.v1.PodFailurePolicyRule',
        'io.k8s.api.core.v1.Event',
        'io.k8s.api.core.v1.PodTemplateSpec',
        'io.k8s.api.events.v1.Event',
        'io.k8s.apimachinery.pkg.api.resource.Quantity',
        'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
        'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
        'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
      ]),
    );
  });

  test('say what is required, and of which type each field is', () => {
    expect(jobSpec).toMatchObject({
      type: 'object',
      required: ['template'],
      properties: {
        parallelism: { type: 'integer', format: 'int32' },
        suspend: { type: 'boolean' },
        template: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.PodTemplateSpec' }], default: {} },
      },
    });
    expect(core.components.schemas['io.k8s.api.core.v1.Secret']).toMatchObject({ properties: { data: { type: 'object', additionalProperties: { type: 'string', format: 'byte' } } } });
  });

  test('say which values there are', () => {
    expect(podSpec.properties!['restartPolicy']).toMatchObject({ type: 'string', enum: ['Always', 'Never', 'OnFailure'] });
    expect(jobSpec.properties!['completionMode']).toMatchObject({ enum: ['Indexed', 'NonIndexed'] });
  });

  test('say how lists merge', () => {
    expect(podSpec.properties!['containers']).toMatchObject({
      type: 'array',
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    });
    expect(podSpec.properties!['volumes']).toMatchObject({ 'x-kubernetes-patch-strategy': 'merge,retainKeys' });
    expect(podSpec.properties!['tolerations']).toMatchObject({ 'x-kubernetes-list-type': 'atomic' });
    expect(podSpec.properties!['tolerations']).not.toHaveProperty('x-kubernetes-patch-strategy');
    expect(core.components.schemas['io.k8s.api.core.v1.Container']!.properties!['ports']).toMatchObject({
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
    });
    expect(core.components.schemas['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta']!.properties!['finalizers']).toMatchObject({ 'x-kubernetes-patch-strategy': 'merge', 'x-kubernetes-list-type': 'set' });
  });

  test('explain themselves: models, scalars and the fields that are models', () => {
    for (const [name, { description }] of Object.entries(batch.components.schemas)) expect([name, typeof description]).toEqual([name, 'string']);
    const unexplained = Object.entries({ ...jobSpec.properties, ...podSpec.properties }).filter(([, field]) => typeof field['description'] !== 'string');
    expect(unexplained).toEqual([]);
  });
});

describe('operations', () => {
  const { paths } = batch;
  const named = (operation: Json): string[] => (operation['parameters'] as { name: string }[]).map(({ name }) => name);

  test('writes know dryRun and fieldValidation, by which clients leave checks to the server', () => {
    for (const method of ['put', 'patch']) {
      expect(named(paths['/apis/batch/v1/namespaces/{namespace}/jobs/{name}']![method]!)).toEqual(expect.arrayContaining(['dryRun', 'fieldValidation']));
    }
  });

  test('lists across namespaces are there for what is namespaced', () => {
    expect(paths['/apis/batch/v1/jobs']!['get']).toMatchObject({ 'x-kubernetes-action': 'list' });
    expect(core.paths['/api/v1/nodes']!['get']).toMatchObject({ 'x-kubernetes-action': 'list' });
  });

  test('paths name their parameters', () => {
    expect(named(paths['/apis/batch/v1/namespaces/{namespace}/jobs/{name}'] as Json)).toEqual(['namespace', 'name']);
    expect(named(core.paths['/api/v1/nodes/{name}'] as Json)).toEqual(['name']);
  });
});
