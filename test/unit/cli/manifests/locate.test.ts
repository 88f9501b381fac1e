// Manifests to resources and namespaces.
import { describe, expect, test } from '@jest/globals';
import { JOBS, NAMESPACES, RESOURCES } from '../../../../src/api/kinds.ts';
import { locateManifest, type NamespaceChoice } from '../../../../src/cli/manifests/locate.ts';
import { parseManifests } from '../../../../src/cli/manifests/parse-manifests.ts';

const CHOICE: NamespaceChoice = { namespace: 'default', namespaceGiven: false };
const locate = (text: string, choice = CHOICE): ReturnType<typeof locateManifest> =>
  locateManifest(parseManifests(text, 'f.yaml').manifests[0]!, RESOURCES, choice);

const job = (metadata: string): string => `apiVersion: batch/v1\nkind: Job\nmetadata: ${metadata}\n`;

describe('a place', () => {
  test.each<[string, string, NamespaceChoice, object]>([
    ['the default namespace', job('{name: a}'), CHOICE, { resource: JOBS, namespace: 'default', name: 'a' }],
    ['its own namespace', job('{name: a, namespace: x}'), CHOICE, { resource: JOBS, namespace: 'x', name: 'a' }],
    ['the namespace of -n', job('{name: a}'), { namespace: 'team', namespaceGiven: true }, { resource: JOBS, namespace: 'team' }],
    ['the same twice', job('{name: a, namespace: team}'), { namespace: 'team', namespaceGiven: true }, { namespace: 'team' }],
    ['no namespace for what has none', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: red}\n', CHOICE, { resource: NAMESPACES, namespace: '', name: 'red' }],
    ['no name with generateName', job('{generateName: a-}'), CHOICE, { name: '' }],
  ])('%s', (_, text, choice, expected) => {
    expect(locate(text, choice)).toMatchObject(expected);
  });

  test('the object to send carries the namespace', () => {
    expect(locate(job('{name: a}')).object.metadata).toEqual({ name: 'a', namespace: 'default' });
  });
});

describe('no place', () => {
  test('another namespace than that of -n', () => {
    expect(() => locate(job('{name: a, namespace: other}'), { namespace: 'default', namespaceGiven: true })).toThrow(
      `the namespace from the provided object "other" does not match the namespace "default". You must pass '--namespace=other' to perform this operation.`,
    );
  });

  test('a kind that is not served', () => {
    expect(() => locate('apiVersion: v1\nkind: Foo\nmetadata: {name: x}\n')).toThrow(
      'resource mapping not found for name: "x" namespace: "" from "f.yaml": no matches for kind "Foo" in version "v1"\nensure CRDs are installed first',
    );
  });

  test('a kind of another version: says which one is served', () => {
    expect(() => locate('apiVersion: v1\nkind: job\n')).toThrow(/ensure CRDs are installed first\ndid you mean apiVersion: batch\/v1, kind: Job\?$/);
  });
});
