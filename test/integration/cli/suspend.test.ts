// suspend, resume and patch --suspend against a real API: what is stored after, what is said, what is refused.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JOBS } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome, type CliResult } from '../../support/cli-home.ts';

let home: CliHome;
const minik = (line: string, stdin?: string): Promise<CliResult> => home.minik(line.split(' '), stdin);
const ok = (out: string, err = ''): CliResult => ({ code: 0, out, err });
const failed = (err: string, out = ''): CliResult => ({ code: 1, out, err });
const suspended = async (name: string): Promise<boolean | undefined> => (await home.api.client.get(JOBS, { namespace: 'default', name })).spec?.suspend;

beforeEach(async () => {
  home = await startCliHome();
  for (const name of ['a', 'b']) await minik(`create job ${name} --image=i`);
  await minik('label job b app=x');
});
afterEach(() => home.close());

describe('suspend and resume', () => {
  test('change several, and say which were that way before', async () => {
    expect(await minik('suspend job/a')).toEqual(ok('job.batch/a suspended\n'));
    expect(await minik('suspend job a b')).toEqual(ok('job.batch/a suspended (no change)\njob.batch/b suspended\n'));
    expect([await suspended('a'), await suspended('b')]).toEqual([true, true]);
    expect(await minik('resume jobs --all')).toEqual(ok('job.batch/a resumed\njob.batch/b resumed\n'));
    expect([await suspended('a'), await suspended('b')]).toEqual([false, false]);
    expect(await minik('resume job/a')).toEqual(ok('job.batch/a resumed (no change)\n'));
  });

  test('by label', async () => {
    expect(await minik('suspend jobs -l app=x')).toEqual(ok('job.batch/b suspended\n'));
    expect(await suspended('a')).toBe(false);
    expect(await minik('suspend jobs -l app=y')).toEqual(ok('', 'No resources found\n'));
  });

  test('one that is missing does not stop the others', async () => {
    expect(await minik('suspend job a none b')).toEqual(failed('Error from server (NotFound): jobs.batch "none" not found\n', 'job.batch/a suspended\njob.batch/b suspended\n'));
  });

  test('dry runs change nothing', async () => {
    expect(await minik('suspend job/a --dry-run=client -o jsonpath={.spec.suspend}')).toEqual(ok('true'));
    expect(await minik('suspend job/a --dry-run=server')).toEqual(ok('job.batch/a suspended (server dry run)\n'));
    expect(await suspended('a')).toBe(false);
  });

  test.each([
    ['suspend', 'You must provide one or more resources by argument or filename.'],
    ['suspend jobs', 'resource(s) were provided, but no name was specified'],
    ['suspend pod/a', 'pod/a cannot be suspended: only jobs and cronjobs can'],
    ['resume job/a cm/b', 'configmap/b cannot be resumed: only jobs and cronjobs can'],
  ])('%s is refused', async (line, message) => {
    const { code, err } = await minik(line);
    expect({ code, err: err.split('\n')[0] }).toEqual({ code: 1, err: `error: ${message}` });
  });
});

describe('patch --suspend', () => {
  test('and back', async () => {
    expect(await minik('patch job a --suspend')).toEqual(ok('job.batch/a patched\n'));
    expect(await suspended('a')).toBe(true);
    expect(await minik('patch job a --suspend=true')).toEqual(ok('job.batch/a patched (no change)\n'));
    expect(await minik('patch job a --suspend=false')).toEqual(ok('job.batch/a patched\n'));
    expect(await suspended('a')).toBe(false);
  });

  test.each([
    ['patch job a --suspend -p {}', 'cannot specify --suspend and --patch together: write spec.suspend into the patch, or patch twice'],
    ['patch job a --suspend=false --patch-file x', 'cannot specify --suspend and --patch-file together: write spec.suspend into the patch, or patch twice'],
    ['patch job a --suspend --subresource status', 'cannot specify --suspend and --subresource together: write spec.suspend into the patch, or patch twice'],
    ['patch ns default --suspend', '--suspend is only for jobs and cronjobs, not for namespaces'],
    ['patch job a --suspend=perhaps', 'invalid argument "perhaps" for "--suspend" flag: strconv.ParseBool: parsing "perhaps": invalid syntax'],
  ])('%s is refused', async (line, message) => {
    const { code, err } = await minik(line);
    expect({ code, err: err.split('\n')[0] }).toEqual({ code: 1, err: `error: ${message}` });
    expect(await suspended('a')).toBe(false);
  });
});
