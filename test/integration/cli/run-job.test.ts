// What run-job, trigger and rerun refuse, and what trigger makes, against a real API without controllers.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Job } from '../../../src/api/generated/types.ts';
import { CONFIG_MAPS, JOBS } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome, type CliResult } from '../../support/cli-home.ts';

let home: CliHome;
const minik = (line: string, stdin?: string): Promise<CliResult> => home.minik(line.split(' '), stdin);
const getJob = (name: string): Promise<Job> => home.api.client.get(JOBS, { namespace: 'default', name });
const firstLine = ({ code, err }: CliResult): [number, string] => [code, err.split('\n')[0]!];

beforeEach(async () => {
  home = await startCliHome();
  await minik('create job busy --image=i');
  await minik('create cronjob tick --image=i --schedule=@daily -- sh');
  await minik('create cm c');
});
afterEach(() => home.close());

describe('refused', () => {
  test.each([
    ['run-job', 125, 'what to run must be given: -f job.yaml, cronjob/NAME or job/NAME'],
    ['run-job job/x -f -', 125, 'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well'],
    ['run-job job/busy --recreate', 125, '--recreate needs -f: minik rerun job/NAME runs a Job again as it is'],
    ['run-job job/busy -o yaml', 125, "unexpected -o output mode: yaml. We only support '-o json'"],
    ['run-job job/busy --timeout=-1s', 125, '--timeout must not be negative'],
    ['run-job job/busy --timeout=5', 125, 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'],
    ['run-job cm/c', 125, 'configmap/c cannot be run: only jobs and cronjobs can'],
    ['run-job jobs', 125, 'resource(s) were provided, but no name was specified'],
    ['run-job -f -', 125, 'nothing was run: there is no Job in the manifests'],
    ['trigger', 1, 'which CronJob to run must be given as cronjob/NAME'],
    ['trigger tick', 1, 'which CronJob to run must be given as cronjob/NAME'],
    ['trigger job/busy', 1, 'job/busy cannot be triggered: only cronjobs can; minik rerun job/busy runs a Job again'],
    ['trigger cronjob/tick --timeout=5s', 1, '--timeout and --start-timeout need --wait or --logs'],
    ['trigger cronjob/tick --wait --dry-run=client', 1, '--wait and --logs cannot be combined with --dry-run or -o'],
    ['trigger cronjob/tick --env A', 1, 'invalid --env "A": it must be NAME=VALUE'],
    ['trigger cronjob/tick -c other --env A=1', 1, '--container other: there is no such container, only tick'],
    ['rerun', 1, 'which Job to run again must be given as job/NAME'],
    ['rerun cronjob/tick', 1, 'cronjob/tick cannot be run again: minik trigger cronjob/tick runs it now'],
    ['rerun cm/c', 1, 'configmap/c cannot be run again: only jobs can'],
    ['rerun job/busy', 1, 'job.batch/busy has not finished (0 active): --force stops it and runs it again, --as NAME runs a copy beside it'],
    ['rerun job/busy --as busy', 1, '--as busy is the name of the Job itself: leave --as out to run it again'],
    ['rerun job/busy job/other --as x', 1, '--as names one copy: only one Job can be given with it'],
  ])('%s', async (line, code, message) => {
    expect(firstLine(await minik(line))).toEqual([code, `error: ${message}`]);
  });

  test.each([
    ['run-job job/none', 125, 'Error from server (NotFound): jobs.batch "none" not found'],
    ['run-job cronjob/none', 125, 'Error from server (NotFound): cronjobs.batch "none" not found'],
    ['trigger cronjob/none', 1, 'Error from server (NotFound): cronjobs.batch "none" not found'],
    ['trigger cronjob/none --wait', 125, 'Error from server (NotFound): cronjobs.batch "none" not found'],
    ['rerun job/none', 1, 'Error from server (NotFound): jobs.batch "none" not found'],
  ])('%s: there is none', async (line, code, message) => {
    expect(firstLine(await minik(line))).toEqual([code, message]);
  });

  test('a report into a folder that is not there, before anything runs', async () => {
    const { code, err } = await minik('run-job cronjob/tick --junit /nonexistent/x.xml');
    expect([code, err]).toEqual([125, expect.stringMatching(/^error: --junit: ENOENT/)]);
    expect((await home.api.client.list(JOBS)).items).toHaveLength(1);
  });

  test('a schedule in a manifest: it says what to do', async () => {
    const cronJob = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'c' }, spec: {} };
    expect(firstLine(await minik('run-job -f -', JSON.stringify(cronJob)))).toEqual([
      125,
      'error: nothing was run: cronjob.batch/c in "STDIN" is a schedule, not a Job: apply it, then run it with minik run-job cronjob/c',
    ]);
  });
});

test('what else is in the manifests is applied first, and a Job that is refused is told with its place', async () => {
  const job = 'apiVersion: batch/v1\nkind: Job\nmetadata: {name: bad}\nspec: {template: {spec: {containers: [{name: a, image: i}], restartPolicy: Always}}}\n';
  const { code, err } = await minik('run-job -f -', `${job}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: first}\n`);
  expect(code).toBe(125);
  expect(err).toMatch(/^configmap\/first created\nThe Job "bad" is invalid: spec.template.spec.restartPolicy: Required value/);
  expect((await home.api.client.get(CONFIG_MAPS, { namespace: 'default', name: 'first' })).metadata?.name).toBe('first');
});

describe('trigger', () => {
  test('makes the Job that the CronJob would, with what was overridden', async () => {
    expect(await minik('trigger cronjob/tick --name now --env A=1 -- -c date')).toEqual({ code: 0, out: 'job.batch/now created\n', err: '' });
    const { metadata, spec } = await getJob('now');
    expect(metadata).toMatchObject({ annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' }, ownerReferences: [{ kind: 'CronJob', name: 'tick', controller: true }] });
    expect(metadata?.ownerReferences?.[0]).not.toHaveProperty('blockOwnerDeletion');
    expect(spec?.template.spec?.containers[0]).toMatchObject({ command: ['sh'], args: ['-c', 'date'], env: [{ name: 'A', value: '1' }] });
    expect(await minik('trigger cronjob/tick --name now')).toMatchObject({ code: 1, err: 'Error from server (AlreadyExists): jobs.batch "now" already exists\n' });
  });

  test('makes nothing in dry runs', async () => {
    expect((await minik('trigger cj/tick --dry-run=client')).out).toMatch(/^job\.batch\/tick-manual-\w{5} created \(dry run\)\n$/);
    expect((await minik('trigger cj/tick --dry-run=server -o jsonpath={.spec.suspend}')).out).toBe('false');
    expect((await home.api.client.list(JOBS)).items).toHaveLength(1);
  });
});

test('rerun --as makes a copy beside the Job', async () => {
  expect(await minik('rerun job/busy --as copy')).toEqual({ code: 0, out: 'job.batch/copy created\n', err: '' });
  const [job, copy] = [await getJob('busy'), await getJob('copy')];
  expect(copy.metadata?.uid).not.toBe(job.metadata?.uid);
  expect(copy.spec?.template.metadata?.labels).toMatchObject({ 'job-name': 'copy', 'controller-uid': copy.metadata?.uid });
  expect(copy.spec?.template.spec).toEqual(job.spec?.template.spec);
});
