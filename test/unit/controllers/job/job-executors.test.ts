// What the executors of Jobs make of the server's answers: what is told, what is tried again, what is let pass.
import { expect, test } from '@jest/globals';
import type { Job, Pod } from '../../../../src/api/generated/types.ts';
import { PODS } from '../../../../src/api/kinds.ts';
import { alreadyExistsError, notFoundError, StatusError } from '../../../../src/api/status-error.ts';
import type { Client } from '../../../../src/client/client.ts';
import type { Informer } from '../../../../src/client/informer-contract.ts';
import type { JobAction } from '../../../../src/controllers/job/job-action.ts';
import { jobExecutors } from '../../../../src/controllers/job/job-executors.ts';
import { execute } from '../../../../src/controllers/runtime/executor.ts';
import { aJob, aPod } from '../../../support/builders.ts';

const job = aJob();
const pod = aPod(job, { name: 'pi-a' });
const foreign = aPod(aJob({ metadata: { uid: 'another' } }), { name: 'pi-a' });
const full = new StatusError({ code: 403, reason: 'Forbidden', message: 'pods "pi-a" is forbidden: exceeded quota: q' });
const broken = new StatusError({ code: 500, reason: 'InternalError', message: 'the disk is full' });
const gone = notFoundError(PODS, 'pi-a');

type Answers = Partial<Record<'create' | 'get' | 'delete' | 'patch' | 'updateStatus', unknown>>;

async function run(actions: readonly JobAction[], answers: Answers) {
  const events: string[] = [];
  const observed: unknown[] = [];
  const calls: string[] = [];
  const answer = (verb: keyof Answers) => async (): Promise<unknown> => {
    calls.push(verb);
    if (answers[verb] instanceof Error) throw answers[verb];
    return answers[verb] ?? {};
  };
  const informer = { observe: (object: unknown) => void observed.push(object) };
  const failure = await execute(actions, jobExecutors, {
    job,
    client: { create: answer('create'), get: answer('get'), delete: answer('delete'), patch: answer('patch'), updateStatus: answer('updateStatus') } as unknown as Client,
    jobs: informer as unknown as Informer<Job>,
    pods: informer as unknown as Informer<Pod>,
    recorder: { event: (_about, { type, reason, message }) => void events.push(`${type} ${reason}: ${message}`) },
  }).then(() => undefined, (error: Error) => error.message);
  return { events, observed, calls, failure };
}

const create: JobAction = { type: 'create-pods', pods: [pod] };
const remove = (uncounted: boolean): JobAction => ({ type: 'delete-pods', pods: [pod], uncounted });

test.each<[title: string, actions: readonly JobAction[], answers: Answers, expected: object]>([
  ['a Pod that is made is seen at once and told of', [create], { create: pod }, { events: ['Normal SuccessfulCreate: Created pod: pi-a'], observed: [pod] }],
  ['a Pod that may not be made is told of in the server\'s words, and tried again', [create], { create: full }, { events: ['Warning FailedCreate: Error creating: pods "pi-a" is forbidden: exceeded quota: q'], failure: full.message }],
  ['a Pod that a lost reply had made is met, and not told of twice', [create], { create: alreadyExistsError(PODS, 'pi-a'), get: pod }, { events: [], observed: [pod], failure: undefined }],
  ['a name that another Job\'s Pod has is told of', [create], { create: alreadyExistsError(PODS, 'pi-a'), get: foreign }, { events: ['Warning FailedCreate: Error creating: pods "pi-a" already exists'], observed: [] }],
  ['a Pod that is deleted is told of', [remove(false)], { delete: pod }, { calls: ['delete'], events: ['Normal SuccessfulDelete: Deleted pod: pi-a'], observed: [pod] }],
  ['one that must not count loses its finalizer first', [remove(true)], { patch: pod, delete: pod }, { calls: ['patch', 'delete'] }],
  ['a Pod that is gone already needs no deletion', [remove(false)], { delete: gone }, { events: [], failure: undefined }],
  ['a Pod that cannot be deleted is told of, and tried again', [remove(false)], { delete: broken }, { events: ['Warning FailedDelete: Error deleting: the disk is full'], failure: 'the disk is full' }],
  ['a finalizer of a Pod that is gone is no matter', [{ type: 'strip-finalizers', pods: [pod] }], { patch: gone }, { failure: undefined, observed: [] }],
])('%s', async (_title, actions, answers, expected) => {
  expect(await run(actions, answers)).toMatchObject(expected);
});

test('what failed keeps what follows from being done', async () => {
  const { calls } = await run([remove(false), { type: 'write-status', status: {} }], { delete: broken });
  expect(calls).toEqual(['delete']);
});

test('a fault that hits every Pod is met once, not for each of them', async () => {
  const { calls, failure } = await run([{ type: 'create-pods', pods: Array.from({ length: 100 }, (_, at) => aPod(job, { name: `pi-${at}` })) }], { create: full });
  expect(calls).toEqual(['create']);
  expect(failure).toBe(full.message);
});
