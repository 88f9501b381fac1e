import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SecurityContext } from '../../../src/api/generated/types.ts';
import { localSeccomp } from '../../../src/kubelet/seccomp-profile.ts';
import { aContainer, aPod } from '../../support/pod-seen.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minik-seccomp-'));
  writeFileSync(join(folder, 'a.json'), '{"a":1}');
  writeFileSync(join(folder, 'b.json'), '{"b":1}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const local = (localhostProfile: string): SecurityContext => ({ seccompProfile: { type: 'Localhost', localhostProfile } });

test.each<[title: string, pod: SecurityContext, container: SecurityContext, found: object]>([
  ['nothing asked for', {}, {}, {}],
  ['the Pod\'s', local('a.json'), {}, { seccomp: '{"a":1}' }],
  ['the container\'s before the Pod\'s', local('a.json'), local('b.json'), { seccomp: '{"b":1}' }],
  ['none where the container wants the engine\'s own', local('a.json'), { seccompProfile: { type: 'RuntimeDefault' } }, {}],
  ['none for a privileged container', local('a.json'), { privileged: true }, {}],
])('%s', async (_title, pod, container, found) => {
  expect(await localSeccomp(aPod({ securityContext: pod }), aContainer('c', { securityContext: container }), folder)).toEqual(found);
});

test('a profile that is not there is named', async () => {
  const path = join(folder, 'c.json');
  await expect(localSeccomp(aPod({ securityContext: local('c.json') }), aContainer('c'), folder)).rejects.toMatchObject({ code: 'Rejected', message: `cannot load seccomp profile "${path}": open ${path}: no such file or directory` });
});
