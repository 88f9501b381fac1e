// Following a Job over a real API on a clock that stands still: its end is found whatever happens to Pods, Job and server.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Job, JobCondition, Pod, PodStatus } from '../../../../src/api/generated/types.ts';
import { JOBS, PODS } from '../../../../src/api/kinds.ts';
import { toTime } from '../../../../src/api/time.ts';
import { TransportError } from '../../../../src/client/client.ts';
import { createRestClient } from '../../../../src/client/rest-client.ts';
import type { Output } from '../../../../src/cli/context.ts';
import { RunDisplay } from '../../../../src/cli/job-run/display.ts';
import { followJob, type FollowOptions } from '../../../../src/cli/job-run/follow-job.ts';
import { exitCodeOf } from '../../../../src/cli/job-run/ending.ts';
import type { JobRun } from '../../../../src/cli/job-run/report.ts';
import { startApi, type TestApi } from '../../../support/api.ts';
import { soon, VirtualClock } from '../../../support/virtual-clock.ts';

let api: TestApi;
let clock: VirtualClock;
let said: string;
let isDown: boolean;
let leave: AbortController;
let wish: string | undefined;
const cut: (() => void)[] = [];

beforeEach(async () => {
  [said, isDown, leave, wish, clock] = ['', false, new AbortController(), undefined, new VirtualClock(Date.now())];
  api = await startApi({ podLogs: async ({ pod }) => chunks(`log of ${pod.metadata?.name}\n`) });
});
afterEach(async () => {
  leave.abort();
  cut.length = 0;
  await api.close();
});

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** Goes down with everything that is under way when `isDown` is set and `cut` is called. */
const client = () =>
  createRestClient({
    transport: async (request) => {
      const broken = new AbortController();
      cut.push(() => broken.abort());
      if (isDown) throw new TransportError('connect ECONNREFUSED', 'ECONNREFUSED');
      const reply = await api.handle({ ...request, signal: AbortSignal.any([request.signal, broken.signal]), user: 'test' });
      return reply.body.type === 'events' ? { ...reply, body: { type: 'events', events: untilCut(reply.body.events, request.signal) } } : reply;
    },
  });

async function* untilCut<T>(events: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  yield* events;
  if (!signal.aborted && isDown) throw new TransportError('read ECONNRESET', 'ECONNRESET');
}

function goDown(): void {
  isDown = true;
  for (const end of cut.splice(0)) end();
}

const screen: Output = { write: async (text) => void (said += text.toString()), isTerminal: false, columns: 80, colour: false };

async function makeJob(spec: Partial<Job['spec']> = {}): Promise<Job> {
  const template = { spec: { containers: [{ name: 'main', image: 'i' }], restartPolicy: 'Never' } };
  return api.client.create(JOBS, { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'x', namespace: 'default' }, spec: { template, ...spec } });
}

function follow(job: Job, changes: Partial<FollowOptions> = {}): Promise<JobRun> {
  const display = new RunDisplay({ logs: screen, messages: screen, clock });
  return followJob(job, { client: client(), clock, display, logs: true, prefix: false, timeoutMs: 0, startTimeoutMs: 30_000, signal: leave.signal, interruption: () => wish, onEnd: () => {}, ...changes });
}

async function makePod(job: Job, status: PodStatus): Promise<void> {
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x-1', namespace: 'default', labels: job.spec?.template.metadata?.labels }, spec: job.spec!.template.spec! };
  await api.client.updateStatus(PODS, { ...(await api.client.create(PODS, pod)), status });
}

async function endJob(type: 'Complete' | 'Failed', why: Partial<JobCondition> = {}): Promise<void> {
  const interim = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const conditions = [{ type: interim, status: 'True', ...why }, { type, status: 'True', ...why }];
  const { status } = await api.client.get(JOBS, { namespace: 'default', name: 'x' });
  const startTime = status?.startTime ?? toTime(clock.now());
  await api.client.patch(JOBS, { namespace: 'default', name: 'x' }, { type: 'merge', body: { status: { startTime, ...(type === 'Complete' ? { completionTime: startTime } : {}), conditions } } }, { subresource: 'status' });
}

const container = (state: object, more: object = {}): PodStatus => ({ containerStatuses: [{ name: 'main', image: 'i', imageID: '', ready: false, restartCount: 0, state, ...more }] });
const exited = (exitCode: number): PodStatus => ({ phase: exitCode === 0 ? 'Succeeded' : 'Failed', ...container({ terminated: { exitCode, finishedAt: toTime(clock.now()), containerID: 'c' } }, { containerID: 'c' }) });
const seen = (text: string | RegExp): Promise<unknown> => soon(`said ${text}, not ${said}`, () => (typeof text === 'string' ? said.includes(text) : text.test(said)));
const codeOf = ({ ending }: JobRun): number => exitCodeOf(ending);

describe('a Job that ends', () => {
  test.each([
    ['is complete', 'Complete', 0, 0],
    ['failed by its container', 'Failed', 3, 3],
  ] as const)('and %s', async (_name, type, exitCode, code) => {
    const job = await makeJob();
    const run = follow(job);
    await makePod(job, exited(exitCode));
    await endJob(type);
    expect(codeOf(await run)).toBe(code);
    expect(said).toContain('log of x-1\n');
  });

  test('before it is followed at all', async () => {
    const job = await makeJob();
    await makePod(job, exited(7));
    await endJob('Failed', { reason: 'BackoffLimitExceeded', message: 'm' });
    expect(codeOf(await follow(job))).toBe(7);
    expect(said).toContain('log of x-1\n');
  });

  test('and is deleted in the same moment', async () => {
    const job = await makeJob();
    const run = follow(job);
    await seen('0/1 succeeded');
    await endJob('Complete');
    await api.client.delete(JOBS, { namespace: 'default', name: 'x' }, { propagationPolicy: 'Background' });
    expect(codeOf(await run)).toBe(0);
  });
});

describe('a Job that does not end', () => {
  test('because somebody deleted it', async () => {
    const run = follow(await makeJob());
    await seen('0/1 succeeded');
    await api.client.delete(JOBS, { namespace: 'default', name: 'x' }, { propagationPolicy: 'Background' });
    expect((await run).ending).toEqual({ type: 'Gone' });
  });

  test('because it was deleted and made anew', async () => {
    const job = await makeJob();
    await api.client.delete(JOBS, { namespace: 'default', name: 'x' }, { propagationPolicy: 'Background' });
    await makeJob();
    expect((await follow(job)).ending).toEqual({ type: 'Gone' });
  });

  test('because the one who follows it deleted it', async () => {
    const run = follow(await makeJob());
    await seen('0/1 succeeded');
    wish = 'the Job was deleted';
    await api.client.delete(JOBS, { namespace: 'default', name: 'x' }, { propagationPolicy: 'Background' });
    expect((await run).ending).toEqual({ type: 'Interrupted', message: 'the Job was deleted' });
  });

  test('because it is left alone', async () => {
    const run = follow(await makeJob());
    await seen('0/1 succeeded');
    leave.abort();
    expect((await run).ending.type).toBe('Interrupted');
  });

  test('because its image cannot be pulled: not before the time that a start may take', async () => {
    const job = await makeJob();
    const run = follow(job);
    await makePod(job, { phase: 'Pending', ...container({ waiting: { reason: 'ErrImagePull', message: 'no such image' } }) });
    await seen('job.batch/x: waiting for container main of pod x-1: ErrImagePull: no such image\n');
    await clock.advance(29_000);
    await endsNot(run);
    await clock.advance(1_000);
    expect((await run).ending).toEqual({ type: 'NotStarted', trouble: { pod: 'x-1', container: 'main', reason: 'ErrImagePull', message: 'no such image' } });
  });

  test('in time: it fails by its deadline, and what that was before is kept', async () => {
    const job = await makeJob({ activeDeadlineSeconds: 600 });
    await api.client.patch(JOBS, { namespace: 'default', name: 'x' }, { type: 'merge', body: { status: { startTime: toTime(clock.now()) } } }, { subresource: 'status' });
    const run = follow(job, { timeoutMs: 20_000 });
    await seen('0/1 succeeded');
    await clock.advance(20_000);
    const stopped = await soon('the deadline', async () => {
      const now = await api.client.get(JOBS, { namespace: 'default', name: 'x' });
      return now.spec?.activeDeadlineSeconds === 600 ? undefined : now;
    });
    expect([stopped.spec?.activeDeadlineSeconds, stopped.metadata?.annotations]).toEqual([20, { 'minik.dev/deadline-before-timeout': '600' }]);
    await endJob('Failed', { reason: 'DeadlineExceeded', message: 'm' });
    expect((await run).ending).toEqual({ type: 'TimedOut', message: 'not finished within 20s (--timeout)' });
  });

  test('in time, and has not even begun: it is left as it is', async () => {
    const run = follow(await makeJob({ suspend: true }), { timeoutMs: 5_000 });
    await seen('job.batch/x: it is suspended: minik resume job/x lets it go on\n');
    await clock.advance(5_000);
    expect(codeOf(await run)).toBe(124);
    expect((await api.client.get(JOBS, { namespace: 'default', name: 'x' })).spec?.activeDeadlineSeconds).toBeUndefined();
  });
});

describe('a server that goes away', () => {
  test('and comes back: the end that came meanwhile is found', async () => {
    const job = await makeJob();
    const run = follow(job);
    await seen('0/1 succeeded');
    goDown();
    await seen('the server does not answer, trying again: ');
    await makePod(job, exited(4));
    await endJob('Failed', { reason: 'BackoffLimitExceeded', message: 'm' });
    isDown = false;
    await clock.advance(1_000);
    await seen('the server answers again');
    expect(codeOf(await run)).toBe(4);
  });

  test('and stays away: after a minute it is given up', async () => {
    const run = follow(await makeJob());
    await seen('0/1 succeeded');
    goDown();
    await seen('the server does not answer, trying again: ');
    await clock.advance(59_000);
    await endsNot(run);
    await clock.advance(2_000);
    expect((await run).ending).toMatchObject({ type: 'Refused', message: expect.stringMatching(/^the server did not answer for 60 s: /) });
  });
});

/** Everything that could end it has been given its turn by the clock. */
async function endsNot(run: Promise<JobRun>): Promise<void> {
  expect(await Promise.race([run.then(() => 'ended'), new Promise((resolve) => setImmediate(() => resolve('goes on')))])).toBe('goes on');
}
