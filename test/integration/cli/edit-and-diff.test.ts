// minik diff and minik edit against a real API, with programs in the place of a person.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CONFIG_MAPS } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome, type CliResult } from '../../support/cli-home.ts';

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
const config = (value: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: "${value}"}\n`;

describe('diff', () => {
  const changes = (out: string): string[] => out.split('\n').filter((line) => /^[-+] /.test(line));

  test('nothing to do', async () => {
    const path = file('a.yaml', config('1'));
    await home.minik(['apply', '-f', path]);
    expect(await home.minik(['diff', '-f', path])).toEqual({ code: 0, out: '', err: '' });
  });

  test('a change: what apply would change, and nothing is changed', async () => {
    const path = file('a.yaml', config('1'));
    await home.minik(['apply', '-f', path]);
    writeFileSync(path, config('2'));
    const { code, out } = await home.minik(['diff', '-f', path]);
    expect([code, changes(out)]).toEqual([1, ['-  a: "1"', '+  a: "2"']]);
    expect((await home.api.client.get(CONFIG_MAPS, { namespace: 'default', name: 'a' })).data).toEqual({ a: '1' });
  });

  test('a new object', async () => {
    const { code, out } = await home.minik(['diff', '-f', file('a.yaml', config('1'))]);
    expect([code, changes(out).every((line) => line.startsWith('+'))]).toEqual([1, true]);
    expect(out).toContain('MERGED/v1.ConfigMap.default.a');
  });

  test('secrets stay secret', async () => {
    const secret = (value: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: ${value}, b: hidden}\n`;
    const path = file('s.yaml', secret('before-it'));
    await home.minik(['apply', '-f', path]);
    writeFileSync(path, secret('after-it'));
    const { code, out } = await home.minik(['diff', '-f', path]);
    expect(code).toBe(1);
    expect(changes(out)).toEqual(expect.arrayContaining(["-  a: '*** (before)'", "+  a: '*** (after)'"]));
    for (const value of ['before-it', 'after-it', 'hidden']) {
      expect(out).not.toContain(value);
      expect(out).not.toContain(Buffer.from(value).toString('base64'));
    }
  });

  test('an error is 2', async () => {
    expect((await home.minik(['diff', '-f', file('a.yaml', 'apiVersion: v1\nkind: Foo\n')])).code).toBe(2);
  });
});

describe('edit', () => {
  beforeEach(() => home.minik(['create', '-f', '-'], config('1')));
  const edit = (...lines: readonly string[]): Promise<CliResult> => {
    const script = file('editor.sh', `#!/bin/sh\n${lines.join('\n')}\n`);
    return home.minik(['edit', 'cm', 'a'], '', { env: { KUBE_EDITOR: `sh ${script}` } });
  };
  const count = (name: string): string => `n=$(cat ${join(home.directory, name)} 2>/dev/null || echo 0); echo $((n + 1)) > ${join(home.directory, name)}`;

  test('a change is saved', async () => {
    expect(await edit(`sed -i 's/a: "1"/a: "2"/' "$1"`)).toEqual({ code: 0, out: 'configmap/a edited\n', err: '' });
    expect((await home.api.client.get(CONFIG_MAPS, { namespace: 'default', name: 'a' })).data).toEqual({ a: '2' });
  });

  test.each([
    ['no change', 'true', 'Edit cancelled, no changes made.\n'],
    ['an empty file', ': > "$1"', 'Edit cancelled, saved file was empty.\n'],
  ])('%s cancels', async (_, line, err) => {
    expect(await edit(line)).toEqual({ code: 0, out: '', err });
  });

  test('an editor that fails', async () => {
    expect((await edit('exit 1')).err).toMatch(/^error: there was a problem with the editor "sh /);
  });

  test.each([
    ['what does not parse', `sed -i 's/^data:/data: {/' "$1"`, '# error parsing the edited file'],
    ['what the server refuses', `sed -i 's/a: "1"/"!": "1"/' "$1"`, '# * data[!]: Invalid value'],
    ['another name', `sed -i 's/name: a/name: b/' "$1"`, '# apiVersion, kind, name and namespace cannot be changed'],
  ])('%s is opened again with the reason; unchanged then, it is given up', async (_, line, reason) => {
    const [times, seen] = ['times', 'seen'].map((name) => join(home.directory, name));
    const result = await edit(count('times'), `if [ "$(cat ${times})" = 1 ]; then ${line}; else cp "$1" ${seen}; fi`);
    expect(result).toEqual({ code: 1, out: '', err: 'error: Edit cancelled, no valid changes were saved.\n' });
    expect(readFileSync(times!, 'utf8')).toBe('2\n');
    expect(readFileSync(seen!, 'utf8')).toContain(reason);
    expect((await home.api.client.get(CONFIG_MAPS, { namespace: 'default', name: 'a' })).data).toEqual({ a: '1' });
  });
});
