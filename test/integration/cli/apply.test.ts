// minik apply against a real API: what it makes of manifests, the first time and again.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CONFIG_MAPS, JOBS, RESOURCES } from '../../../src/api/kinds.ts';
import { parseManifests } from '../../../src/cli/manifests/parse-manifests.ts';
import { startCliHome, type CliHome } from '../../support/cli-home.ts';

const SEEDS = resolve(import.meta.dirname, '../../../fixtures/seeds');

let home: CliHome;
beforeEach(async () => {
  home = await startCliHome();
});
afterEach(() => home.close());

const file = (name: string, text: string): string => {
  const path = join(home.directory, name);
  writeFileSync(path, text);
  return path;
};
const config = (name: string, data: string, extra = ''): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${extra}data: ${data}\n`;
const ok = (out: string): object => ({ code: 0, out, err: '' });

describe('the manifests of the notes', () => {
  test.each(readdirSync(SEEDS))('%s is valid YAML', (name) => {
    const { manifests, errors, warnings } = parseManifests(readFileSync(join(SEEDS, name), 'utf8'), name);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(manifests.length).toBeGreaterThan(0);
  });

  const served = readdirSync(SEEDS).filter((name) =>
    parseManifests(readFileSync(join(SEEDS, name), 'utf8'), name).manifests.every(({ object }) => RESOURCES.some(({ kind }) => kind === object.kind)),
  );
  test.each(served)('%s is applied, and then unchanged', async (name) => {
    const first = await home.minik(['apply', '-f', join(SEEDS, name)]);
    expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: '' });
    expect(first.out).toMatch(/^(?:\S+ created\n)+$/);
    expect(await home.minik(['apply', '-f', join(SEEDS, name)])).toEqual(ok(first.out.replaceAll('created', 'unchanged')));
  });
});

describe('an object', () => {
  test('is created, unchanged, configured; what the manifest no longer says is taken out, what others said stays', async () => {
    const path = file('a.yaml', config('a', '{x: "1", y: "2"}'));
    expect(await home.minik(['apply', '-f', path])).toEqual(ok('configmap/a created\n'));
    expect(await home.minik(['apply', '-f', path])).toEqual(ok('configmap/a unchanged\n'));
    await home.minik(['patch', 'cm', 'a', '-p', '{"data":{"other":"3"}}']);
    writeFileSync(path, config('a', '{x: "1"}'));
    expect(await home.minik(['apply', '-f', path])).toEqual(ok('configmap/a configured\n'));
    const after = await home.api.client.get(CONFIG_MAPS, { namespace: 'default', name: 'a' });
    expect(after.data).toEqual({ x: '1', other: '3' });
  });

  test('made by create gets a warning at its first apply, and none at the next', async () => {
    const path = file('a.yaml', config('a', '{x: "1"}'));
    await home.minik(['create', '-f', path]);
    const { err, out } = await home.minik(['apply', '-f', path]);
    expect(out).toBe('configmap/a configured\n');
    expect(err).toMatch(/^Warning: resource configmaps\/a is missing the kubectl\.kubernetes\.io\/last-applied-configuration annotation which is required by minik apply\. .* will be patched automatically\.\n$/);
    expect((await home.minik(['apply', '-f', path])).err).toBe('');
  });

  test('made by create --save-config gets none', async () => {
    const path = file('a.yaml', config('a', '{x: "1"}'));
    await home.minik(['create', '--save-config', '-f', path]);
    expect(await home.minik(['apply', '-f', path])).toEqual(ok('configmap/a unchanged\n'));
  });

  test('with an immutable field changed is made anew by --force', async () => {
    const job = readFileSync(join(SEEDS, 'hello-world-job.yaml'), 'utf8');
    const path = file('job.yaml', job);
    await home.minik(['apply', '-f', path]);
    const before = await home.api.client.get(JOBS, { namespace: 'default', name: 'hello-world-job' });
    writeFileSync(path, job.replace('Hello', 'Goodbye'));
    expect((await home.minik(['apply', '-f', path])).err).toContain('field is immutable');
    expect(await home.minik(['apply', '--force', '-f', path])).toEqual(ok('job.batch/hello-world-job configured\n'));
    const after = await home.api.client.get(JOBS, { namespace: 'default', name: 'hello-world-job' });
    expect(after.metadata?.uid).not.toBe(before.metadata?.uid);
    expect(after.spec?.template.spec?.containers[0]?.command).toEqual(['echo', 'Goodbye, World!']);
  });
});

describe('a dry run', () => {
  test.each([
    ['client', ' (dry run)'],
    ['server', ' (server dry run)'],
  ])('on the %s changes nothing', async (where, suffix) => {
    const path = file('a.yaml', config('a', '{x: "1"}'));
    expect(await home.minik(['apply', '-f', path, `--dry-run=${where}`])).toEqual(ok(`configmap/a created${suffix}\n`));
    expect((await home.minik(['get', 'cm', 'a'])).code).toBe(1);
    await home.minik(['apply', '-f', path]);
    writeFileSync(path, config('a', '{x: "2"}'));
    expect(await home.minik(['apply', '-f', path, `--dry-run=${where}`])).toEqual(ok(`configmap/a configured${suffix}\n`));
    expect((await home.minik(['get', 'cm', 'a', '-o', 'jsonpath={.data.x}'])).out).toBe('1');
  });
});

describe('many', () => {
  test('files, directories, standard input and lists, in order', async () => {
    const directory = join(home.directory, 'd');
    mkdirSync(directory);
    writeFileSync(join(directory, '2.yaml'), config('two', '{}'));
    writeFileSync(join(directory, '1.json'), JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMapList', items: [{ metadata: { name: 'one' } }] }));
    const { out } = await home.minik(['apply', '-f', '-', '-f', directory], `${config('zero', '{}')}---\n${config('zero-b', '{}')}`);
    expect(out).toBe(['zero', 'zero-b', 'one', 'two'].map((name) => `configmap/${name} created\n`).join(''));
  });

  test('selected by label', async () => {
    const path = file('a.yaml', `${config('a', '{}', '  labels: {app: x}\n')}---\n${config('b', '{}')}`);
    expect(await home.minik(['apply', '-f', path, '-l', 'app=x'])).toEqual(ok('configmap/a created\n'));
    expect(await home.minik(['apply', '-f', path, '-l', 'app=y'])).toEqual({ code: 1, out: '', err: 'error: no objects passed to apply\n' });
  });

  test('in JSON are one List; names are lines', async () => {
    const path = file('a.yaml', `${config('a', '{}')}---\n${config('b', '{}')}`);
    expect((await home.minik(['apply', '-f', path, '-o', 'name'])).out).toBe('configmap/a\nconfigmap/b\n');
    const list = JSON.parse((await home.minik(['apply', '-f', path, '-o', 'json'])).out) as { kind: string; items: { metadata: { name: string } }[] };
    expect([list.kind, ...list.items.map(({ metadata }) => metadata.name)]).toEqual(['List', 'a', 'b']);
  });

  test('a namespace and what goes into it, from one file', async () => {
    const path = file('a.yaml', `apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n---\n${config('a', '{}', '  namespace: team\n')}`);
    expect(await home.minik(['apply', '-f', path])).toEqual(ok('namespace/team created\nconfigmap/a created\n'));
    expect((await home.minik(['apply', '-f', path, '-n', 'default'])).err).toContain(
      `error: the namespace from the provided object "team" does not match the namespace "default". You must pass '--namespace=team' to perform this operation.`,
    );
  });
});

describe('validation', () => {
  const UNKNOWN = 'unknown field "spec.colour"';
  const text = readFileSync(join(SEEDS, 'hello-world-job.yaml'), 'utf8').replace('spec:\n', 'spec:\n  colour: red\n');

  test.each([
    ['strict is an error', 'strict', 1, UNKNOWN],
    ['warn is a warning', 'warn', 0, `Warning: ${UNKNOWN}\n`],
    ['ignore is nothing', 'ignore', 0, ''],
  ])('%s', async (_, mode, code, err) => {
    const result = await home.minik(['apply', '-f', file('job.yaml', text), `--validate=${mode}`]);
    expect(result.code).toBe(code);
    if (code === 0) expect(result.err).toBe(err);
    else expect(result.err).toContain(err);
  });
});

describe('flags that are refused', () => {
  test.each([
    [['--server-side'], 'error: --server-side is not supported'],
    [['--prune'], 'error: --prune is not supported'],
    [['-k', 'dir'], 'error: only one of -f or -k can be specified'],
    [['--dry-run=maybe'], 'error: Invalid dry-run value (maybe). Must be "none", "server", or "client".'],
    [['--validate=maybe'], 'error: invalid - validate option "maybe"'],
    [['-o', 'wide'], 'error: unable to match a printer suitable for the output format "wide"'],
  ])('%j', async (flags, message) => {
    const { code, err } = await home.minik(['apply', '-f', file('a.yaml', config('a', '{}')), ...flags]);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});
