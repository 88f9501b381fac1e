// The words of label and annotate, and what they change.
import { describe, expect, test } from '@jest/globals';
import { planMapChanges, splitChanges } from '../../../../src/cli/write/map-changes.ts';

const split = (line: string, what: 'label' | 'annotation' = 'label'): ReturnType<typeof splitChanges> => splitChanges(line.split(' '), { what, list: false });

describe('words', () => {
  test.each<[string, readonly string[], object, readonly string[]]>([
    ['job x a=b', ['job', 'x'], { a: 'b' }, []],
    ['job/x job/y a=b c=', ['job/x', 'job/y'], { a: 'b', c: '' }, []],
    ['job x a=b c-', ['job', 'x'], { a: 'b' }, ['c']],
    ['a=b', [], { a: 'b' }, []],
  ])('%s', (line, targets, set, remove) => {
    expect(split(line)).toEqual({ targets, changes: { set, remove } });
  });

  test('an annotation may hold anything', () => {
    expect(split('job x a=b=c/d-', 'annotation').changes.set).toEqual({ a: 'b=c/d-' });
  });

  test.each([
    ['job x', 'at least one label update is required'],
    ['job x a=b c', 'all resources must be specified before label changes: c'],
    ['job x a=b a-', 'can not both modify and remove a label in the same command'],
    ['job x a=-b', 'invalid label value: "a=-b": a valid label must be an empty string or consist of'],
  ])('%s is refused', (line, message) => {
    expect(() => split(line)).toThrow(message);
  });
});

describe('the plan', () => {
  test.each<[string, Record<string, string>, string, object]>([
    ['nothing to do', { a: 'b' }, 'x a=b', { patch: {}, absent: [], clashes: [] }],
    ['a new key', {}, 'x a=b', { patch: { a: 'b' }, absent: [], clashes: [] }],
    ['another value', { a: 'b' }, 'x a=c', { patch: { a: 'c' }, absent: [], clashes: [{ key: 'a', value: 'b' }] }],
    ['a key taken away', { a: 'b' }, 'x a-', { patch: { a: null }, absent: [], clashes: [] }],
    ['a key that is not there', {}, 'x a-', { patch: {}, absent: ['a'], clashes: [] }],
  ])('%s', (_, current, line, plan) => {
    expect(planMapChanges(current, split(line).changes)).toEqual(plan);
  });
});
