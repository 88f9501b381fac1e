import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BODY_MODELS, CONFIG_MAPS, EVENTS, JOBS, NODES, PODS, RESOURCES, SECRETS, type Resource } from '../../../../src/api/kinds.ts';
import { decodeBody, decodeStrict } from '../../../../src/api/schema/decode.ts';
import { StatusError } from '../../../../src/api/status-error.ts';

const container = (fields: object): object => ({ spec: { template: { spec: { containers: [fields] } } } });

describe('what is kept', () => {
  test.each<[string, Resource, object, object]>([
    ['nothing', JOBS, {}, {}],
    ['an object that is as it should be', JOBS, { metadata: { name: 'a' }, spec: { parallelism: 2 } }, { metadata: { name: 'a' }, spec: { parallelism: 2 } }],
    ['null fields are absent ones', JOBS, { metadata: null, spec: { parallelism: null, suspend: false } }, { spec: { suspend: false } }],
    ['null in a map of strings is the empty string', CONFIG_MAPS, { data: { a: null, b: 'c' } }, { data: { a: '', b: 'c' } }],
    ['null in a list is the zero of its type', JOBS, container({ args: ['a', null], env: [null] }), container({ args: ['a', ''], env: [{}] })],
    ['empty lists and maps stay', PODS, { metadata: { labels: {} }, spec: { containers: [] } }, { metadata: { labels: {} }, spec: { containers: [] } }],
    ['quantities as numbers or text, in the one form', PODS, { spec: { overhead: { cpu: 0.5, memory: '1024Mi', x: '1e3' } } }, { spec: { overhead: { cpu: '500m', memory: '1Gi', x: '1e3' } } }],
    ['ports as numbers or names', PODS, { spec: { containers: [{ livenessProbe: { httpGet: { port: 'web' }, tcpSocket: { port: 80 } } }] } }, { spec: { containers: [{ livenessProbe: { httpGet: { port: 'web' }, tcpSocket: { port: 80 } } }] } }],
    ['bytes without their line breaks', SECRETS, { data: { a: 'aGVs\r\nbG8=', b: '' } }, { data: { a: 'aGVsbG8=', b: '' } }],
    ['bytes without spare bits', SECRETS, { data: { a: 'YR==', b: 'YWJ=' } }, { data: { a: 'YQ==', b: 'YWI=' } }],
    ['times in UTC and whole seconds', PODS, { status: { startTime: '2026-03-01T01:30:00.9+02:00' } }, { status: { startTime: '2026-02-28T23:30:00Z' } }],
    ['finer times to the microsecond', EVENTS, { eventTime: '2026-03-01T01:30:00.1234567Z' }, { eventTime: '2026-03-01T01:30:00.123456Z' }],
    ['finer times that have no fraction', EVENTS, { eventTime: '2026-03-01T01:30:00Z' }, { eventTime: '2026-03-01T01:30:00.000000Z' }],
    ['what no schema describes', PODS, { metadata: { managedFields: [{ fieldsV1: { 'f:a': {} } }] } }, { metadata: { managedFields: [{ fieldsV1: { 'f:a': {} } }] } }],
  ])('%s', (_, resource, value, object) => {
    expect(decodeStrict(resource, value)).toEqual({ object, unknownFields: [] });
  });
});

describe('unknown fields are reported by their paths and left out', () => {
  test.each<[Resource, object, string[], object]>([
    [JOBS, { spec: { parallelism: 1 }, foo: 1 }, ['foo'], { spec: { parallelism: 1 } }],
    [JOBS, container({ image: 'a', comand: ['b'] }), ['spec.template.spec.containers[0].comand'], container({ image: 'a' })],
    [JOBS, { metadata: { nam: 'a' }, spec: { Parallelism: 1, x: { y: 1 } } }, ['metadata.nam', 'spec.Parallelism', 'spec.x'], { metadata: {}, spec: {} }],
    [JOBS, { spec: { constructor: 1, toString: 2 } }, ['spec.constructor', 'spec.toString'], { spec: {} }],
    [JOBS, JSON.parse('{"spec":{"__proto__":{"parallelism":1}}}') as object, ['spec.__proto__'], { spec: {} }],
  ])('%s %j: %j', (resource, value, unknownFields, object) => {
    expect(decodeStrict(resource, value)).toEqual({ object, unknownFields });
  });

  test('keys of maps are data, whatever they are called', () => {
    const value = JSON.parse('{"data":{"__proto__":"a","constructor":"b"}}') as object;
    const { object, unknownFields } = decodeStrict(CONFIG_MAPS, value);
    expect(unknownFields).toEqual([]);
    expect(JSON.stringify(object)).toBe(JSON.stringify(value));
  });
});

describe('wrong types are refused in the words of Go', () => {
  const job = 'Job in version "v1" cannot be handled as a Job: ';
  const TIME = 'as "2006-01-02T15:04:05Z07:00"';
  test.each<[Resource, unknown, string]>([
    [JOBS, { spec: { parallelism: '2' } }, `${job}json: cannot unmarshal string into Go struct field JobSpec.spec.parallelism of type int32`],
    [JOBS, { spec: { parallelism: 1.5 } }, `${job}json: cannot unmarshal number 1.5 into Go struct field JobSpec.spec.parallelism of type int32`],
    [JOBS, { spec: { parallelism: 2 ** 31 } }, `${job}json: cannot unmarshal number 2147483648 into Go struct field JobSpec.spec.parallelism of type int32`],
    [JOBS, { spec: { activeDeadlineSeconds: true } }, `${job}json: cannot unmarshal bool into Go struct field JobSpec.spec.activeDeadlineSeconds of type int64`],
    [JOBS, { spec: { suspend: 'no' } }, `${job}json: cannot unmarshal string into Go struct field JobSpec.spec.suspend of type bool`],
    [JOBS, { spec: [] }, `${job}json: cannot unmarshal array into Go struct field Job.spec of type v1.JobSpec`],
    [JOBS, { metadata: { name: 5 } }, `${job}json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string`],
    [JOBS, { metadata: { labels: { a: 1.5 } } }, `${job}json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string`],
    [JOBS, { metadata: { labels: 'a' } }, `${job}json: cannot unmarshal string into Go struct field ObjectMeta.metadata.labels of type map[string]string`],
    [JOBS, container({ image: {} }), `${job}json: cannot unmarshal object into Go struct field Container.spec.template.spec.containers.image of type string`],
    [JOBS, container({ env: { a: 'b' } }), `${job}json: cannot unmarshal object into Go struct field Container.spec.template.spec.containers.env of type []v1.EnvVar`],
    [JOBS, container({ env: [{ name: 'a', value: 1 }] }), `${job}json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string`],
    [JOBS, container({ resources: { limits: 5 } }), `${job}json: cannot unmarshal number into Go struct field ResourceRequirements.spec.template.spec.containers.resources.limits of type v1.ResourceList`],
    [JOBS, container({ resources: { limits: { cpu: 'lots' } } }), `${job}quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`],
    [JOBS, container({ resources: { limits: { cpu: true } } }), `${job}quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`],
    [JOBS, container({ livenessProbe: { tcpSocket: { port: true } } }), `${job}json: cannot unmarshal bool into Go struct field TCPSocketAction.spec.template.spec.containers.livenessProbe.tcpSocket.port of type int32`],
    [JOBS, { status: { startTime: 5 } }, `${job}json: cannot unmarshal number into Go struct field JobStatus.status.startTime of type string`],
    [JOBS, { status: { startTime: 'now' } }, `${job}parsing time "now" ${TIME}: cannot parse "now" as "2006"`],
    [JOBS, { status: { startTime: '2026-01-02' } }, `${job}parsing time "2026-01-02" ${TIME}: cannot parse "" as "T"`],
    [JOBS, { status: { startTime: '2026-01-02T03:04:05' } }, `${job}parsing time "2026-01-02T03:04:05" ${TIME}: cannot parse "" as "Z07:00"`],
    [JOBS, { status: { startTime: '2026-13-02T03:04:05Z' } }, `${job}parsing time "2026-13-02T03:04:05Z": month out of range`],
    [JOBS, { status: { startTime: '2026-02-29T03:04:05Z' } }, `${job}parsing time "2026-02-29T03:04:05Z": day out of range`],
    [JOBS, { status: { startTime: '2026-02-28T03:04:05Zulu' } }, `${job}parsing time "2026-02-28T03:04:05Zulu": extra text: "ulu"`],
    [SECRETS, { data: { a: 5 } }, 'Secret in version "v1" cannot be handled as a Secret: json: cannot unmarshal number into Go struct field Secret.data of type []uint8'],
    [SECRETS, { data: { a: 'not base64!' } }, 'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3'],
    [NODES, [], 'Node in version "v1" cannot be handled as a Node: json: cannot unmarshal array into Go value of type v1.Node'],
  ])('%s %j: %s', (resource, value, message) => {
    expect(() => decodeStrict(resource, value)).toThrow(expect.objectContaining({ message, code: 400, reason: 'BadRequest' }));
  });

  test.each([
    ['a', 0],
    ['abcde', 4],
    ['abc', 0],
    ['ab=c', 3],
    ['ab=', 3],
    ['=abc', 0],
    ['abcd=', 4],
    ['ab==c', 4],
    ['ab\ncd\n*', 6],
  ])('base64 text %j is broken at byte %i', (text, at) => {
    expect(() => decodeStrict(SECRETS, { data: { a: text } })).toThrow(`illegal base64 data at input byte ${at}`);
  });

  test('bodies of subresources are refused without naming a kind, and keep no unknown fields', () => {
    expect(() => decodeBody('V1DeleteOptions', { gracePeriodSeconds: 'x' })).toThrow(
      'json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
    );
    expect(decodeBody('V1DeleteOptions', { gracePeriodSeconds: 0, other: 1 })).toEqual({ gracePeriodSeconds: 0 });
  });
});

describe('any JSON value', () => {
  const models = fc.constantFrom(...RESOURCES);

  test('is decoded or refused with 400, and never changed', () => {
    fc.assert(
      fc.property(models, fc.jsonValue(), (resource, value) => {
        const before = JSON.stringify(value);
        decodeOrRefuse(resource, value);
        expect(JSON.stringify(value)).toBe(before);
      }),
    );
  });

  test('also one that looks like a manifest', () => {
    const wild = fc.oneof({ weight: 3, arbitrary: fc.jsonValue({ maxDepth: 2 }) }, { weight: 1, arbitrary: fc.constantFrom('1', 'Always', '2026-01-01T00:00:00Z', 5, null) });
    const spec = fc.dictionary(fc.constantFrom('containers', 'template', 'spec', 'volumes', 'env', 'data', 'parallelism', 'labels', 'resources', 'limits'), wild);
    const manifests = fc.record({ metadata: fc.record({ labels: wild, ownerReferences: wild }), spec: fc.oneof(spec, fc.record({ template: fc.record({ spec }) })) });
    fc.assert(fc.property(models, manifests, decodeOrRefuse));
  });

  test('that was decoded once is decoded to itself', () => {
    const value = { metadata: { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z' }, spec: { overhead: { cpu: '1500m' }, containers: [{ name: 'a', ports: [{ containerPort: 1 }] }] } };
    const once = decodeStrict(PODS, value).object;
    expect(decodeStrict(PODS, once).object).toEqual(once);
    expect(once).not.toBe(value);
  });

  function decodeOrRefuse(resource: Resource, value: unknown): void {
    try {
      const { object } = decodeStrict(resource, value);
      expect(decodeStrict(resource, object)).toEqual({ object, unknownFields: [] });
    } catch (error) {
      expect(error).toBeInstanceOf(StatusError);
      expect((error as StatusError).code).toBe(400);
    }
  }
});

test('every body of a subresource has a schema', () => {
  for (const model of BODY_MODELS) expect(decodeBody(model, {})).toEqual({});
});
