// Every manifest of fixtures/bad is refused with the lines of its .expected.txt, and changes nothing.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startCliHome, type CliHome } from '../../support/cli-home.ts';

const BAD = resolve(import.meta.dirname, '../../../fixtures/bad');
const expectedPath = (name: string): string => join(BAD, name.replace(/\.yaml$/, '.expected.txt'));
const names = readdirSync(BAD).filter((name) => name.endsWith('.yaml') && existsSync(expectedPath(name)));

let home: CliHome;
beforeAll(async () => {
  home = await startCliHome();
  await home.minik(['apply', '-f', join(BAD, 'immutable-1-before.yaml')]);
});
afterAll(() => home.close());

describe('minik apply', () => {
  test.each(names)('refuses %s', async (name) => {
    const before = await home.minik(['get', 'jobs', '-o', 'yaml']);
    const { code, err } = await home.minik(['apply', '-f', join(BAD, name)]);
    expect(code).toBe(1);
    for (const line of readFileSync(expectedPath(name), 'utf8').trimEnd().split('\n')) expect(err).toContain(line);
    expect(await home.minik(['get', 'jobs', '-o', 'yaml'])).toEqual(before);
  });

  test('applies the other documents of a file in which one fails', async () => {
    const { out } = await home.minik(['apply', '-f', join(BAD, 'one-of-three.yaml')]);
    expect(out).toMatch(/^configmap\/first-of-mixed (created|unchanged)\nconfigmap\/last-of-mixed (created|unchanged)\n$/);
  });

  test('refuses a body over 3 MiB', async () => {
    const path = join(home.directory, 'large.json');
    writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'large' }, data: { a: 'x'.repeat(3 * 1024 * 1024) } }));
    const { code, err } = await home.minik(['create', '-f', path]);
    expect(code).toBe(1);
    expect(err).toContain('Request entity too large: limit is 3145728');
  });
});

describe('objects that exist, and that do not', () => {
  test('create what exists', async () => {
    const path = join(BAD, 'immutable-1-before.yaml');
    const { code, err } = await home.minik(['create', '-f', path]);
    expect({ code, err }).toEqual({ code: 1, err: `Error from server (AlreadyExists): error when creating "${path}": jobs.batch "immutable" already exists\n` });
  });

  test.each([
    [['delete', 'job', 'nope']],
    [['patch', 'job', 'nope', '-p', '{}']],
    [['label', 'job', 'nope', 'a=b']],
    [['annotate', 'job', 'nope', 'a=b']],
  ])('%j', async (words) => {
    expect(await home.minik(words)).toEqual({ code: 1, out: '', err: 'Error from server (NotFound): jobs.batch "nope" not found\n' });
  });
});
