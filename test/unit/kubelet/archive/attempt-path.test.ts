// Where attempts lie, and what a crash leaves beside them.
import { expect, test } from '@jest/globals';
import { attemptPath, sortFolder } from '../../../../src/kubelet/archive/attempt-path.ts';

const uid = '7d8b3f0e-1c53-4a47-9a55-3a2b7a4a0c11';

test.each([
  { key: { namespace: 'default', podUid: uid, container: 'main', restart: 0 }, path: `default/${uid}/main-0` },
  { key: { namespace: 'default', podUid: uid, container: 'main-1', restart: 12 }, path: `default/${uid}/main-1-12` },
  { key: { namespace: '..', podUid: uid, container: 'main', restart: 0 }, path: undefined },
  { key: { namespace: 'default', podUid: '../../etc', container: 'main', restart: 0 }, path: undefined },
  { key: { namespace: 'default', podUid: uid, container: 'a/b', restart: 0 }, path: undefined },
  { key: { namespace: '', podUid: uid, container: 'main', restart: 0 }, path: undefined },
  { key: { namespace: 'default', podUid: uid, container: 'main', restart: -1 }, path: undefined },
  { key: { namespace: 'default', podUid: uid, container: 'main', restart: 0.5 }, path: undefined },
])('an attempt lies at $path', ({ key, path }) => expect(attemptPath(key)).toBe(path));

test.each([
  { names: [], attempts: [], leftovers: [] },
  { names: ['main-0.json', 'main-0.log', 'main-1.json'], attempts: ['main-0', 'main-1'], leftovers: [] },
  { names: ['main-0.log', 'main-0.json.tmp', 'main-0.log.tmp'], attempts: [], leftovers: ['main-0.log', 'main-0.json.tmp', 'main-0.log.tmp'] },
  { names: ['main-0.json', 'main-0.json.tmp', 'notes.txt'], attempts: ['main-0'], leftovers: ['main-0.json.tmp'] },
])('a folder with $names', ({ names, attempts, leftovers }) => expect(sortFolder(names)).toEqual({ attempts, leftovers }));
