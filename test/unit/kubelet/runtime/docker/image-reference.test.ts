// The grammar of image names.
import { describe, expect, test } from '@jest/globals';
import { parseImageReference } from '../../../../../src/kubelet/runtime/docker/image-reference.ts';

const HEX = 'a'.repeat(64);

describe('image references', () => {
  test.each([
    ['busybox', 'busybox', 'latest'],
    ['busybox:1.36', 'busybox', '1.36'],
    ['library/busybox', 'library/busybox', 'latest'],
    ['gcr.io/kuar-demo/kuard-amd64:blue', 'gcr.io/kuar-demo/kuard-amd64', 'blue'],
    ['localhost:5000/a/b', 'localhost:5000/a/b', 'latest'],
    ['localhost/a', 'localhost/a', 'latest'],
    ['[::1]:5000/a:x', '[::1]:5000/a', 'x'],
    ['a__b/c-d--e.f', 'a__b/c-d--e.f', 'latest'],
    [`repo@sha256:${HEX}`, 'repo', `sha256:${HEX}`],
    [`repo:tag@sha256:${HEX}`, 'repo', `sha256:${HEX}`],
    ['MyRegistry/app', 'MyRegistry/app', 'latest'],
  ])('%s is repository %s, version %s', (text, repository, version) => {
    expect(parseImageReference(text)).toEqual({ repository, version, text });
  });

  test.each([
    '', ' ', 'Busybox', 'a/Busybox', 'busybox:', 'busybox: x', ':tag', 'a//b', '/a', 'a/', '-a', 'a-', 'a..b', 'a:b:c/', 'repo@sha256:12', 'a@b@c',
    `${'a'.repeat(256)}`, `a:${'t'.repeat(129)}`, 'http://x/y',
  ])('"%s" is no image name', (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });

  test('an image id is handed over as it is', () => {
    expect(parseImageReference(`sha256:${HEX}`)).toMatchObject({ text: `sha256:${HEX}`, version: '' });
  });

  test('a name of hex digits gets its tag, or the engine would take it for the beginning of an id', () => {
    expect(parseImageReference('beef')).toMatchObject({ repository: 'beef', text: 'beef:latest' });
  });
});
