// Where cp copies from and to.
import { describe, expect, test } from '@jest/globals';
import { parseFileSpec, splitRemote } from '../../../../src/cli/cp/file-spec.ts';

describe('a file', () => {
  test.each([
    ['/tmp/a', { type: 'local', path: '/tmp/a' }],
    ['p:/tmp/a', { type: 'remote', namespace: undefined, pod: 'p', path: '/tmp/a' }],
    ['ns/p:a:b', { type: 'remote', namespace: 'ns', pod: 'p', path: 'a:b' }],
  ])('%s is %j', (text, spec) => expect(parseFileSpec(text)).toEqual(spec));

  test.each([':/tmp/a', 'a/b/c:/tmp'])('%s is none', (text) => {
    expect(() => parseFileSpec(text)).toThrow('filespec must match the canonical format: [[namespace/]pod:]file/path');
  });
});

describe('a path in a container', () => {
  test.each([
    ['/tmp/a', '/tmp', 'a'],
    ['/tmp//a/', '/tmp', 'a'],
    ['/a', '/', 'a'],
    ['a', '.', 'a'],
    ['d/a', 'd', 'a'],
    ['.', '.', '.'],
    ['/', '/', '.'],
    ['/tmp/.', '/tmp/.', '.'],
    ['..', '..', '.'],
    ['../a', '..', 'a'],
    ['/tmp/.hidden', '/tmp', '.hidden'],
  ])('%s is, in %s, %s', (path, folder, name) => expect(splitRemote(path)).toEqual({ folder, name }));
});
