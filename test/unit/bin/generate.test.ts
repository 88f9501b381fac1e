import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../../..');

test.each(['generate-types.ts', 'generate-schema.ts'])('%s would write what is committed', (script) => {
  const { status, stderr } = spawnSync(process.execPath, [`bin/${script}`, '--check'], { cwd: ROOT, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
