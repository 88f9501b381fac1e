import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BODY_MODELS, RESOURCES } from '../../../../src/api/kinds.ts';
import { decodeProtobuf } from '../../../../src/api/protobuf/decode-protobuf.ts';
import { FIELD_NUMBERS } from '../../../../src/api/protobuf/field-numbers.ts';
import { modelFields } from '../../../../src/api/schema/schema.ts';
import { StatusError } from '../../../../src/api/status-error.ts';

type Part = readonly [number: number, value: string | number | Uint8Array | readonly Part[]];

/** A message in wire format: numbers as varints, all else with its length. */
function message(parts: readonly Part[]): Uint8Array {
  return Buffer.concat(parts.flatMap(([number, value]) => {
    if (typeof value === 'number') return [varint(number << 3), varint(value)];
    const bytes = typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : message(value);
    return [varint((number << 3) | 2), varint(bytes.length), bytes];
  }));
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

function envelope(apiVersion: string, kind: string, parts: readonly Part[]): Uint8Array {
  return Buffer.concat([Buffer.from('k8s\0'), message([[1, [[1, apiVersion], [2, kind]]], [2, parts]])]);
}

describe('what typed clients send', () => {
  test('a Secret, its bytes as base64', () => {
    const body = envelope('v1', 'Secret', [[1, [[1, 's'], [2, ''], [8, []], [11, [[1, 'owner'], [2, 'helm']]]]], [2, [[1, 'key'], [2, Buffer.from([0, 255])]]], [3, 'Opaque']]);
    expect(decodeProtobuf(body)).toEqual({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', labels: { owner: 'helm' } }, data: { key: 'AP8=' }, type: 'Opaque' });
  });

  test('a Job: numbers that are given stay, plain zeros of Go do not', () => {
    const container: readonly Part[] = [[1, 'main'], [2, 'busybox'], [3, 'echo'], [3, 'hi'], [8, []], [16, 0]];
    const body = envelope('batch/v1', 'Job', [[1, [[1, 'j'], [7, 0]]], [2, [[1, 0], [6, [[1, []], [2, [[2, container], [3, 'Never'], [11, 0]]]]]]], [3, [[4, 0]]]]);
    expect(decodeProtobuf(body)).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'j' },
      spec: { parallelism: 0, template: { metadata: {}, spec: { containers: [{ name: 'main', image: 'busybox', command: ['echo', 'hi'], resources: {} }], restartPolicy: 'Never' } } },
      status: { active: 0 },
    });
  });

  test('a Service: targets by number and by name, no port on the node', () => {
    const ports: readonly Part[] = [[1, [[1, 'a'], [2, 'TCP'], [3, 80], [4, [[1, 0], [2, 8080], [3, '']]], [5, 0]]], [1, [[1, 'b'], [2, 'UDP'], [3, 53], [4, [[1, 1], [2, 0], [3, 'dns']]], [5, 30_053]]]];
    const body = envelope('v1', 'Service', [[1, [[1, 's']]], [2, [...ports, [2, [[1, 'app'], [2, 's']]], [3, ''], [4, 'NodePort'], [12, 0], [13, 0]]], [3, [[1, []]]]]);
    expect(decodeProtobuf(body)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { ports: [{ name: 'a', protocol: 'TCP', port: 80, targetPort: 8080 }, { name: 'b', protocol: 'UDP', port: 53, targetPort: 'dns', nodePort: 30_053 }], selector: { app: 's' }, type: 'NodePort' },
      status: { loadBalancer: {} },
    });
  });

  test('the options of a deletion', () => {
    expect(decodeProtobuf(envelope('v1', 'DeleteOptions', [[1, 5], [4, 'Background']]))).toEqual({ apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 5, propagationPolicy: 'Background' });
  });
});

describe('what is refused', () => {
  test.each([
    { name: 'a body without the envelope', body: Buffer.from('{"kind":"Secret"}'), code: 400, text: 'it does not begin with "k8s" and a zero' },
    { name: 'a body that is cut off', body: envelope('v1', 'Secret', [[1, [[1, 'name']]]]).slice(0, -2), code: 400, text: 'ends in the middle' },
    { name: 'a kind that is not read', body: envelope('v1', 'Node', []), code: 415, text: 'Node in version "v1"' },
    { name: 'a field that is not read, by its number', body: envelope('batch/v1', 'Job', [[2, [[11, [[1, 'x']]]]]]), code: 415, text: 'field 11 of Job.spec' },
  ])('$name', ({ body, code, text }) => {
    expect(() => decodeProtobuf(body)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }));
  });

  test('any bytes give an object or a StatusError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('Secret', 'Job', 'Pod'), (bytes, kind) => {
      const body = Buffer.concat([Buffer.from('k8s\0'), message([[1, [[1, kind === 'Job' ? 'batch/v1' : 'v1'], [2, kind]]], [2, bytes]])]);
      try {
        expect(typeof decodeProtobuf(body)).toBe('object');
      } catch (error) {
        expect(error).toBeInstanceOf(StatusError);
      }
    }), { numRuns: 500 });
  });
});

test('the table names fields that exist', () => {
  const served = new Set([...RESOURCES.map(({ model }) => model), ...BODY_MODELS]);
  expect(Object.keys(FIELD_NUMBERS).some((model) => served.has(model))).toBe(true);
  const wrong = Object.entries(FIELD_NUMBERS).flatMap(([model, numbers]) => Object.values(numbers).filter((name) => !(name in modelFields(model))).map((name) => `${model}.${name}`));
  expect(wrong).toEqual([]);
});
