// create, delete, patch, replace, label and annotate against a real API: kubectl's texts, exit codes, and what is stored after.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CONFIG_MAPS, JOBS } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome, type CliResult } from '../../support/cli-home.ts';

let home: CliHome;
beforeEach(async () => {
  home = await startCliHome();
});
afterEach(() => home.close());

const minik = (line: string, stdin?: string): Promise<CliResult> => home.minik(line.split(' '), stdin);
const ok = (out: string, err = ''): CliResult => ({ code: 0, out, err });
const failed = (err: string, out = ''): CliResult => ({ code: 1, out, err });
const file = (name: string, text: string): string => {
  const path = join(home.directory, name);
  writeFileSync(path, text);
  return path;
};
const stored = (name: string) => home.api.client.get(CONFIG_MAPS, { namespace: 'default', name });
const config = (name: string, value = '1'): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, labels: {app: x}}\ndata: {a: "${value}"}\n`;

describe('create', () => {
  test('from flags, and again', async () => {
    expect(await minik('create job j --image=busybox -- echo hi')).toEqual(ok('job.batch/j created\n'));
    expect(await minik('create job j --image=busybox')).toEqual(failed('error: failed to create job: jobs.batch "j" already exists\n'));
    expect((await home.api.client.get(JOBS, { namespace: 'default', name: 'j' })).spec?.template.spec?.containers[0]).toMatchObject({ name: 'j', command: ['echo', 'hi'] });
  });

  test('a namespace, and what goes into it', async () => {
    expect(await minik('create ns team')).toEqual(ok('namespace/team created\n'));
    expect(await minik('create ns team')).toEqual(failed('Error from server (AlreadyExists): namespaces "team" already exists\n'));
    expect(await minik('create sa robot -n team')).toEqual(ok('serviceaccount/robot created\n'));
    expect(await minik('create secret generic s --from-literal=a=b -n team')).toEqual(ok('secret/s created\n'));
  });

  test('from manifests: generateName, several, a dry run', async () => {
    const path = file('g.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: g-}\n');
    expect((await minik(`create -f ${path}`)).out).toMatch(/^configmap\/g-[bcdfghjklmnpqrstvwxz2456789]{5} created\n$/);
    expect(await minik(`create -f ${path} --dry-run=client`)).toEqual(ok('configmap/<unknown> created (dry run)\n'));
    expect(await minik('create -f -', `${config('a')}---\n${config('b')}`)).toEqual(ok('configmap/a created\nconfigmap/b created\n'));
    expect(await minik('create -f - --dry-run=server', config('c'))).toEqual(ok('configmap/c created (server dry run)\n'));
    await expect(stored('c')).rejects.toThrow('not found');
  });

  test('nothing', async () => {
    expect(await minik('create -f -', '# empty\n')).toEqual(failed('error: no objects passed to create\n'));
  });
});

describe('delete', () => {
  beforeEach(() => minik('create -f -', `${config('a')}---\n${config('b')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n`));

  test('by name, several, one of them missing', async () => {
    expect(await minik('delete cm a nope b')).toEqual(
      failed('Error from server (NotFound): configmaps "nope" not found\n', 'configmap "a" deleted from default namespace\nconfigmap "b" deleted from default namespace\n'),
    );
  });

  test('by type and name', async () => {
    expect(await minik('delete cm/a configmap/b -o name')).toEqual(ok('configmap/a\nconfigmap/b\n'));
  });

  test('what is missing, and that is no matter', async () => {
    expect(await minik('delete cm nope --ignore-not-found')).toEqual(ok(''));
  });

  test('by label, and by all', async () => {
    expect(await minik('delete cm -l app=x')).toEqual(ok('configmap "a" deleted from default namespace\nconfigmap "b" deleted from default namespace\n'));
    expect(await minik('delete cm -l app=x')).toEqual(ok('No resources found\n'));
    expect(await minik('delete jobs --all')).toEqual(ok('No resources found\n'));
  });

  test('by manifest', async () => {
    const path = file('a.yaml', `${config('a')}---\n${config('gone')}`);
    expect(await minik(`delete -f ${path}`)).toEqual(
      failed(`Error from server (NotFound): error when deleting "${path}": configmaps "gone" not found\n`, 'configmap "a" deleted from default namespace\n'),
    );
  });

  test('a dry run deletes nothing', async () => {
    expect(await minik('delete cm a --dry-run=client')).toEqual(ok('configmap "a" deleted from default namespace (dry run)\n'));
    expect(await minik('delete cm a --dry-run=server')).toEqual(ok('configmap "a" deleted from default namespace (server dry run)\n'));
    expect((await stored('a')).metadata?.name).toBe('a');
  });

  test('by force', async () => {
    const { out, err } = await minik('delete cm a --force');
    expect(out).toBe('configmap "a" force deleted from default namespace\n');
    expect(err).toMatch(/^Warning: Immediate deletion does not wait for confirmation/);
  });

  test('asked first', async () => {
    const question = 'You are about to delete the following 1 resource(s):\nconfigmap/a\nDo you want to continue? (y/N): ';
    expect(await minik('delete cm a -i', 'n\n')).toEqual(ok(`${question}deletion is cancelled\n`));
    expect(await minik('delete cm a -i', '')).toEqual(ok(`${question}deletion is cancelled\n`));
    expect(await minik('delete cm a -i', 'y\n')).toEqual(ok(`${question}configmap "a" deleted from default namespace\n`));
  });

  test('waits for finalizers, no longer than it was told to', async () => {
    await minik(`patch cm a -p {"metadata":{"finalizers":["example.com/hold"]}}`);
    expect(await minik('delete cm a --timeout=50ms')).toEqual(
      failed('error: timed out waiting for the condition on configmaps/a\n', 'configmap "a" deleted from default namespace\n'),
    );
    const waiting = minik('delete cm a');
    await minik('patch cm a --type=merge -p {"metadata":{"finalizers":null}}');
    expect(await waiting).toEqual(ok('configmap "a" deleted from default namespace\n'));
    await expect(stored('a')).rejects.toThrow('not found');
  });

  test.each([
    ['delete', 'You must provide one or more resources by argument or filename.'],
    ['delete jobs', 'resource(s) were provided, but no name was specified'],
    ['delete jobs a --all', 'name cannot be provided when a selector is specified'],
    ['delete jobs a -A', 'a resource cannot be retrieved by name across all namespaces'],
    ['delete jobs --all -l a=b', "setting 'all' parameter but found a non empty selector. "],
    ['delete things a', `the server doesn't have a resource type "things"`],
    ['delete job a -o yaml', "unexpected -o output mode: yaml. We only support '-o name'"],
    ['delete -f x.yaml job', 'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well'],
  ])('refuses %s', async (line, message) => {
    const { code, err } = await minik(line);
    expect([code, err.split('\n')[0]]).toEqual([1, `error: ${message}`]);
  });
});

describe('patch', () => {
  beforeEach(() => minik('create -f -', config('a')));

  test.each([
    ['strategic', '{"data":{"b":"2"}}'],
    ['merge', '{data: {b: "2"}}'],
    ['json', '[{"op":"add","path":"/data/b","value":"2"}]'],
  ])('%s, twice', async (type, patch) => {
    expect(await home.minik(['patch', 'cm', 'a', `--type=${type}`, '-p', patch])).toEqual(ok('configmap/a patched\n'));
    expect(await home.minik(['patch', 'cm/a', `--type=${type}`, '-p', patch])).toEqual(ok('configmap/a patched (no change)\n'));
    expect((await stored('a')).data).toEqual({ a: '1', b: '2' });
  });

  test('from a file', async () => {
    expect(await minik(`patch cm a --patch-file ${file('p.yaml', 'data:\n  b: "2"\n')}`)).toEqual(ok('configmap/a patched\n'));
  });

  test('dry runs change nothing', async () => {
    expect(await minik('patch cm a -p {"data":{"b":"2"}} --dry-run=client -o jsonpath={.data}')).toEqual(ok('{"a":"1","b":"2"}'));
    expect(await minik('patch cm a -p {"data":{"b":"2"}} --dry-run=server')).toEqual(ok('configmap/a patched (server dry run)\n'));
    expect((await stored('a')).data).toEqual({ a: '1' });
  });

  test('suspends a Job, as the notes do a CronJob', async () => {
    await minik('create job j --image=busybox');
    expect(await home.minik(['patch', 'job', 'j', '-p', '{"spec": {"suspend": true}}'])).toEqual(ok('job.batch/j patched\n'));
    expect((await home.api.client.get(JOBS, { namespace: 'default', name: 'j' })).spec?.suspend).toBe(true);
  });

  test.each([
    ['patch cm a', 'must specify --patch or --patch-file containing the contents of the patch'],
    ['patch cm a -p {} --type=x', '--type must be one of [json merge strategic], not "x"'],
    ['patch cm a -p {} --patch-file=x', 'cannot specify --patch and --patch-file together'],
    ['patch cm a --patch-file=/nonexistent', 'unable to read patch file: open /nonexistent: no such file or directory'],
    ['patch cm a -p [1]', 'unable to parse "[1]": a strategic patch is an object: {"spec":{"suspend":true}}'],
    ['patch cm -p {}', 'resource(s) were provided, but no name was specified'],
  ])('refuses %s', async (line, message) => {
    expect(await minik(line)).toEqual(failed(`error: ${message}\n`));
  });
});

describe('replace', () => {
  test('what exists, what does not, and by force', async () => {
    const path = file('a.yaml', config('a', '2'));
    expect(await minik(`replace -f ${path}`)).toEqual(failed(`Error from server (NotFound): error when replacing "${path}": configmaps "a" not found\n`));
    await minik('create -f -', config('a'));
    expect(await minik(`replace -f ${path} --dry-run=server`)).toEqual(ok('configmap/a replaced (server dry run)\n'));
    expect(await minik(`replace -f ${path}`)).toEqual(ok('configmap/a replaced\n'));
    const { metadata, data } = await stored('a');
    expect(data).toEqual({ a: '2' });
    expect(await minik(`replace --force -f ${path}`)).toEqual(ok('configmap "a" deleted from default namespace\nconfigmap/a replaced\n'));
    expect((await stored('a')).metadata?.uid).not.toBe(metadata?.uid);
    expect(await minik(`replace --force --dry-run=client -f ${path}`)).toEqual(failed('error: --dry-run can not be used when --force is set\n'));
  });
});

describe('label and annotate', () => {
  beforeEach(() => minik('create -f -', `${config('a')}---\n${config('b')}`));

  test.each([
    ['label cm a t=1', 'configmap/a labeled\n'],
    ['label cm a app=x', 'configmap/a not labeled\n'],
    ['label cm a app-', 'configmap/a unlabeled\n'],
    ['label cm a nope-', 'label "nope" not found.\nconfigmap/a not labeled\n'],
    ['label cm a app=y --overwrite', 'configmap/a labeled\n'],
    ['label cm --all t=1', 'configmap/a labeled\nconfigmap/b labeled\n'],
    ['label cm -l app=x t=1 --dry-run=client', 'configmap/a labeled (dry run)\nconfigmap/b labeled (dry run)\n'],
    ['label cm a t=1 -o name', 'configmap/a\n'],
    ['label cm a t=1 --list', 'app=x\nt=1\n'],
    ['label cm a b --list', 'Listing labels for ConfigMap/a:\n app=x\nListing labels for ConfigMap/b:\n app=x\n'],
    ['annotate cm a t=1', 'configmap/a annotated\n'],
    ['annotate cm a t-', 'configmap/a annotated\n'],
  ])('%s', async (line, out) => {
    expect(await minik(line)).toEqual(ok(out));
  });

  test('another value needs --overwrite', async () => {
    expect(await minik('label cm a b app=y')).toEqual(
      failed("error: 'app' already has a value (x), and --overwrite is false\n".repeat(2)),
    );
    await minik('annotate cm a q=1 w=2');
    expect(await minik('annotate cm a q=2 w=3')).toEqual(
      failed("error: --overwrite is false but found the following declared annotation(s): 'q' already has a value (1); 'w' already has a value (2)\n"),
    );
    expect((await stored('a')).metadata).toMatchObject({ labels: { app: 'x' }, annotations: { q: '1', w: '2' } });
  });
});

describe('run', () => {
  test('makes a Job or a Pod', async () => {
    expect(await minik('run x --image=busybox --restart=OnFailure -- true')).toEqual(ok('job.batch/x created\n'));
    expect(await minik('run x --image=busybox --restart=Never -- true')).toEqual(ok('pod/x created\n'));
    expect(await minik('run x --image=busybox --restart=Never -- true')).toEqual(failed('Error from server (AlreadyExists): pods "x" already exists\n'));
  });
});
