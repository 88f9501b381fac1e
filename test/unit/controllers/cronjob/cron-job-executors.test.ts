// What the executors make of the server's answers: what is told, what is tried again, what is let pass.
import { expect, test } from '@jest/globals';
import type { CronJob, Job } from '../../../../src/api/generated/types.ts';
import { JOBS } from '../../../../src/api/kinds.ts';
import { alreadyExistsError, notFoundError, StatusError } from '../../../../src/api/status-error.ts';
import type { Client } from '../../../../src/client/client.ts';
import type { Informer } from '../../../../src/client/informer-contract.ts';
import type { CronJobAction } from '../../../../src/controllers/cronjob/cron-job-action.ts';
import { cronJobExecutors, type CronJobContext } from '../../../../src/controllers/cronjob/cron-job-executors.ts';
import { execute } from '../../../../src/controllers/runtime/executor.ts';
import { aCronJob, aRun, NOW } from '../../../support/builders.ts';

const cronJob = aCronJob();
const job = aRun(cronJob, NOW);
const create: CronJobAction = { type: 'create-job', job };
const remove: CronJobAction = { type: 'delete-job', job };
const broken = new StatusError({ code: 500, reason: 'InternalError', message: 'the disk is full' });
const terminating = new StatusError({ code: 403, reason: 'Forbidden', message: 'no', details: { causes: [{ reason: 'NamespaceTerminating', message: '', field: '' }] } });
const taken = alreadyExistsError(JOBS, 'x');
const foreign: Job = { ...job, metadata: { ...job.metadata, ownerReferences: [] } };

/** What each verb answers: an error, or a value. */
type Answers = Partial<Record<'create' | 'get' | 'delete' | 'updateStatus', unknown>>;

async function run(actions: readonly CronJobAction[], answers: Answers, known: readonly Job[] = [job]) {
  const events: string[] = [];
  const observed: unknown[] = [];
  const answer = (verb: keyof Answers) => async (): Promise<unknown> => {
    if (answers[verb] instanceof Error) throw answers[verb];
    return answers[verb];
  };
  const informer = { observe: (object: unknown) => void observed.push(object), get: (key: string) => known.find(({ metadata }) => `default/${metadata?.name}` === key) };
  const context: CronJobContext = {
    cronJob,
    client: { create: answer('create'), get: answer('get'), delete: answer('delete'), updateStatus: answer('updateStatus') } as unknown as Client,
    cronJobs: informer as unknown as Informer<CronJob>,
    jobs: informer as unknown as Informer<Job>,
    recorder: { event: (_about, { type, reason, message }) => void events.push(`${type} ${reason}: ${message}`) },
    gone: new Set(),
  };
  const failure = await execute(actions, cronJobExecutors, context).then(() => undefined, (error: Error) => error.message);
  return { events, observed, failure, gone: [...context.gone], cronJob: context.cronJob };
}

test.each<[title: string, actions: readonly CronJobAction[], answers: Answers, expected: object]>([
  ['a Job that is made is seen at once', [create], { create: job }, { events: [], observed: [job] }],
  ['a Job that cannot be made is told of, and tried again', [create], { create: broken }, { events: ['Warning FailedCreate: Error creating job: the disk is full'], failure: 'the disk is full' }],
  ['in a namespace that goes nothing is made, told or tried', [create], { create: terminating }, { events: [], failure: undefined }],
  ['a Job that was made before is met again', [create], { create: taken, get: job }, { events: [], observed: [job], failure: undefined }],
  ['a name that another Job has is told of', [create], { create: taken, get: foreign }, { events: [`Warning FailedCreate: Error creating job: another job has the name ${job.metadata?.name}`], observed: [], failure: undefined }],
  ['a Job that cannot be looked at is told of, and tried again', [create], { create: taken, get: broken }, { events: ['Warning FailedGet: Get job: the disk is full'], failure: 'the disk is full' }],
  ['a Job that is deleted is gone, whatever is still shown', [remove], { delete: { kind: 'Status' } }, { gone: [job.metadata?.uid], events: [] }],
  ['a Job that is held back is seen as it is', [remove], { delete: job }, { gone: [], observed: [job] }],
  ['a Job that is gone already is gone', [remove], { delete: notFoundError(JOBS, 'x') }, { gone: [job.metadata?.uid], failure: undefined }],
  ['a Job that cannot be deleted is told of, and tried again', [remove], { delete: broken }, { events: ['Warning FailedDelete: Deleted job: the disk is full'], failure: 'the disk is full', gone: [] }],
])('%s', async (_title, actions, answers, expected) => {
  expect(await run(actions, answers)).toMatchObject(expected);
});

test('what failed keeps what follows from being done', async () => {
  const told: CronJobAction = { type: 'record-event', event: { type: 'Normal', reason: 'SuccessfulDelete', message: 'x' } };
  expect((await run([remove, told], { delete: broken })).events).toEqual(['Warning FailedDelete: Deleted job: the disk is full']);
});

test('a Job of which the informer has let go is not remembered', async () => {
  expect((await run([remove], { delete: { kind: 'Status' } }, [])).gone).toEqual([]);
});

test('the second status of a plan is written on the first', async () => {
  const written = { ...cronJob, metadata: { ...cronJob.metadata, resourceVersion: '2' } };
  const result = await run([{ type: 'write-status', status: {} }], { updateStatus: written });
  expect(result).toMatchObject({ cronJob: written, observed: [written] });
});
