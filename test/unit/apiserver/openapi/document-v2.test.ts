import { describe, expect, test } from '@jest/globals';
import { readFields, type WireField } from '../../../../src/api/protobuf/wire.ts';
import { swaggerDocument, type SwaggerSchema } from '../../../../src/apiserver/openapi/document-v2.ts';
import { swaggerProtobuf } from '../../../../src/apiserver/openapi/swagger-protobuf.ts';

const document = swaggerDocument();

function schemasIn(schema: SwaggerSchema): SwaggerSchema[] {
  const inner = [...Object.values((schema['properties'] ?? {}) as Record<string, SwaggerSchema>), schema['items'], schema['additionalProperties']];
  return [schema, ...inner.flatMap((each) => (each === undefined ? [] : schemasIn(each as SwaggerSchema)))];
}

describe('the document', () => {
  test('refers to definitions that it has, and to nothing else', () => {
    const references = Object.values(document.definitions).flatMap(schemasIn).flatMap(({ $ref }) => ($ref === undefined ? [] : [$ref as string]));
    expect(references.length).toBeGreaterThan(400);
    expect(references.filter((reference) => document.definitions[reference.replace('#/definitions/', '')] === undefined)).toEqual([]);
  });

  test('knows no word of the newer form', () => {
    expect(JSON.stringify(document)).not.toMatch(/"(?:allOf|oneOf|requestBody|components)"/);
  });

  test('says of a definition every kind that it is', () => {
    const kinds = document.definitions['io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions']!['x-kubernetes-group-version-kind'] as { group: string }[];
    expect(kinds.map(({ group }) => group)).toEqual(expect.arrayContaining(['', 'batch', 'networking.k8s.io']));
    expect(new Set(kinds.map((kind) => JSON.stringify(kind))).size).toBe(kinds.length);
  });

  test('gives a value of several types one that all fit', () => {
    expect(document.definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString']).toMatchObject({ type: 'string', format: 'int-or-string' });
  });
});

describe('the message', () => {
  const inner = (fields: readonly WireField[], number: number): WireField[][] => fields.flatMap((field) => (field.number === number && field.type === 'bytes' ? [readFields(field.bytes)] : []));
  const name = (fields: readonly WireField[]): string => fields.flatMap((field) => (field.number === 1 && field.type === 'bytes' ? [Buffer.from(field.bytes).toString()] : []))[0]!;
  const fields = readFields(swaggerProtobuf(document));

  test('holds every definition and every path by its name', () => {
    expect(inner(inner(fields, 9)[0]!, 1).map(name)).toEqual(Object.keys(document.definitions));
    expect(inner(inner(fields, 8)[0]!, 2).map(name)).toEqual(Object.keys(document.paths));
  });

  test('holds the fields of a definition by their names', () => {
    const job = inner(inner(fields, 9)[0]!, 1).find((entry) => name(entry) === 'io.k8s.api.batch.v1.JobSpec')!;
    const properties = inner(inner(inner(job, 2)[0]!, 25)[0]!, 1).map(name);
    expect(properties).toEqual(Object.keys(document.definitions['io.k8s.api.batch.v1.JobSpec']!['properties'] as object));
    expect(properties).toContain('backoffLimitPerIndex');
  });
});
