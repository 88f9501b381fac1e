// Where the fields stand that the server found fault with.
import { describe, expect, test } from '@jest/globals';
import type { Status } from '../../../../src/api/generated/types.ts';
import { fieldPlaces, parsePath } from '../../../../src/cli/write/field-places.ts';
import { suggestField } from '../../../../src/cli/write/field-suggestion.ts';

const TEXT = 'kind: X\nspec:\n  containers:\n  - name: a\n    comand: b\n  - {name: c, env: [{name: A}]}\n';
const POD = { apiVersion: 'v1', kind: 'Pod' };
const places = (status: Partial<Status>): string | undefined => fieldPlaces(status as Status, { object: POD, source: { name: 'f.yaml', line: 11, text: TEXT, path: [] } });
const cause = (field: string): Partial<Status> => ({ details: { causes: [{ field }] } });

describe('places', () => {
  test.each<[string, Partial<Status>, string | undefined]>([
    ['nothing to show', { message: 'no' }, undefined],
    ['the field of a cause', cause('spec.containers[0].name'), '  f.yaml:14:5: spec.containers[0].name'],
    ['in flow style', cause('spec.containers[1].env[0].name'), '  f.yaml:16:22: spec.containers[1].env[0].name'],
    ['a missing field: the nearest thing around it', cause('spec.containers[0].image'), '  f.yaml:14:5: spec.containers[0].image'],
    ['a field of nothing that is there', cause('metadata.name'), undefined],
    ['an unknown field of a decoding error', { message: 'strict decoding error: unknown field "spec.containers[0].comand"' }, '  f.yaml:15:5: spec.containers[0].comand: did you mean command?'],
    ['a wrong type', { message: 'json: cannot unmarshal string into Go struct field X.spec.containers of type int' }, '  f.yaml:13:3: spec.containers'],
    [
      'each place once',
      { details: { causes: [{ field: 'spec.containers' }, { field: 'spec.containers' }, { field: 'spec' }] } },
      '  f.yaml:13:3: spec.containers\n  f.yaml:12:1: spec',
    ],
  ])('%s', (_, status, text) => {
    expect(places(status)).toBe(text);
  });

  test.each<[string, readonly (string | number)[]]>([
    ['spec', ['spec']],
    ['spec.a[10].b', ['spec', 'a', 10, 'b']],
    ['metadata.labels[a.b/c]', ['metadata', 'labels', 'a.b/c']],
  ])('path %s', (field, path) => {
    expect(parsePath(field)).toEqual(path);
  });
});

describe('suggestions', () => {
  const JOB = { apiVersion: 'batch/v1', kind: 'Job' };
  test.each<[string, object, string | undefined]>([
    ['spec.template.spec.containers[0].comand', JOB, 'command'],
    ['spec.template.spec.containers[0].Image', JOB, 'image'],
    ['spec.template.spec.restartpolicy', JOB, 'restartPolicy'],
    ['spec.backofflimit', JOB, 'backoffLimit'],
    ['spec.completion', JOB, 'completions'],
    ['metadata.label', JOB, 'labels'],
    ['specs', JOB, 'spec'],
    ['spec.colour', JOB, undefined],
    ['spec.nothing.image', JOB, undefined],
    ['spec.comand', { apiVersion: 'example.com/v1', kind: 'Widget' }, undefined],
  ])('%s', (field, object, meant) => {
    expect(suggestField(object, parsePath(field))).toBe(meant);
  });
});
