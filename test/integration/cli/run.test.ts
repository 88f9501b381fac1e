// minik run -i: the output of every attempt, in order, and the exit code, while a scripted kubelet moves the pods along.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ContainerState, Job, JobCondition, Pod } from '../../../src/api/generated/types.ts';
import { JOBS, PODS } from '../../../src/api/kinds.ts';
import { startCliHome, type CliHome, type CliResult } from '../../support/cli-home.ts';

let home: CliHome;
/** What the container of each id writes. */
let output: Record<string, string>;
/** Whose output has been asked for. */
let asked: string[];

beforeEach(async () => {
  output = {};
  asked = [];
  home = await startCliHome({
    podLogs: async ({ pod }) => {
      const id = pod.status?.containerStatuses?.[0]?.containerID ?? '';
      const text = output[id] ?? '';
      asked.push(id);
      return (async function* () {
        yield Buffer.from(text);
      })();
    },
  });
});
afterEach(() => home.close());

/** Asks until there is an answer: the command under test creates the object in its own time. */
async function eventually<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await read();
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

const getPod = (name: string): Promise<Pod> => home.api.client.get(PODS, { namespace: 'default', name });
const getJob = (name: string): Promise<Job> => home.api.client.get(JOBS, { namespace: 'default', name });

async function setStatus(name: string, phase: string, container: { id: string; state: ContainerState; lastState?: ContainerState }): Promise<void> {
  const pod = await getPod(name);
  const status = { name: 'x', image: 'i', imageID: '', ready: false, restartCount: 0, containerID: container.id, state: container.state, lastState: container.lastState };
  await home.api.client.updateStatus(PODS, { ...pod, status: { ...pod.status, phase, containerStatuses: [status] } });
}

async function makePodOf(job: Job, name: string): Promise<void> {
  await home.api.client.create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { 'batch.kubernetes.io/controller-uid': job.metadata!.uid! } },
    spec: { containers: [{ name: 'x', image: 'i' }], restartPolicy: 'OnFailure' },
  });
}

async function finishJob(name: string, conditions: readonly JobCondition[]): Promise<void> {
  const startTime = (await getJob(name)).metadata!.creationTimestamp;
  const times = conditions.some(({ type }) => type === 'Complete') ? { startTime, completionTime: startTime } : { startTime };
  await home.api.client.patch(JOBS, { namespace: 'default', name }, { type: 'merge', body: { status: { ...times, conditions } } }, { subresource: 'status' });
}

const running: ContainerState = { running: {} };
const ended = (exitCode: number): ContainerState => ({ terminated: { exitCode } });

describe('a Pod', () => {
  const start = (...flags: string[]): Promise<CliResult> => home.minik(['run', '-i', 'x', '--image=i', '--restart=Never', ...flags]);

  test('shows what it writes and ends with its exit code', async () => {
    output['docker://1'] = 'hello\n';
    const result = start();
    await eventually(() => getPod('x'));
    await setStatus('x', 'Running', { id: 'docker://1', state: running });
    await setStatus('x', 'Failed', { id: 'docker://1', state: ended(42) });
    expect(await result).toEqual({ code: 42, out: 'hello\n', err: 'pod/x created\n' });
  });

  test('says once why it waits', async () => {
    const result = start();
    await eventually(() => getPod('x'));
    const waiting = { waiting: { reason: 'ErrImagePull', message: 'no such image' } };
    await setStatus('x', 'Pending', { id: '', state: waiting });
    await setStatus('x', 'Failed', { id: '', state: waiting });
    const { code, err } = await result;
    expect(code).toBe(1);
    expect(err.split('waiting for pod/x: ErrImagePull: no such image\n').length).toBeLessThanOrEqual(2);
  });

  test('--rm deletes it afterwards; -q says nothing else', async () => {
    output['docker://1'] = 'hello\n';
    const result = start('--rm', '-q');
    await eventually(() => getPod('x'));
    await setStatus('x', 'Succeeded', { id: 'docker://1', state: ended(0) });
    expect(await result).toEqual({ code: 0, out: 'hello\n', err: '' });
    expect((await home.minik(['get', 'pod', 'x'])).code).toBe(1);
  });

  test('deleted under way is an error', async () => {
    const result = start();
    await eventually(() => getPod('x'));
    await home.minik(['delete', 'pod', 'x', '--force']);
    expect(await result).toEqual({ code: 1, out: '', err: 'pod/x created\nerror: pods "x" was deleted while it ran\n' });
  });

  test('Ctrl-C leaves it running, without an error', async () => {
    const stop = new AbortController();
    const result = home.minik(['run', '-i', 'x', '--image=i', '--restart=Never'], '', { signal: stop.signal });
    await eventually(() => getPod('x'));
    stop.abort();
    expect((await result).code).toBe(130);
    expect((await getPod('x')).metadata?.deletionTimestamp).toBeUndefined();
  });
});

describe('a Job', () => {
  const start = (): Promise<CliResult> => home.minik(['run', '-i', 'x', '--image=i', '--restart=OnFailure', '--command', '/kuard', '--', '--keygen-enable']);

  test('shows each attempt and ends with 0 when it is complete', async () => {
    Object.assign(output, { 'docker://1': 'one\n', 'docker://2': 'two\n' });
    const result = start();
    await makePodOf(await eventually(() => getJob('x')), 'x-abcde');
    await setStatus('x-abcde', 'Running', { id: 'docker://1', state: ended(1) });
    await eventually(async () => expect(asked).toEqual(['docker://1']));
    await setStatus('x-abcde', 'Succeeded', { id: 'docker://2', state: ended(0), lastState: ended(1) });
    await finishJob('x', [{ type: 'SuccessCriteriaMet', status: 'True' }, { type: 'Complete', status: 'True' }]);
    expect(await result).toEqual({ code: 0, out: 'one\ntwo\n', err: 'job.batch/x created\n' });
  });

  test('ends with the exit code of its container when it failed', async () => {
    output['docker://1'] = 'one\n';
    const result = start();
    await makePodOf(await eventually(() => getJob('x')), 'x-abcde');
    await setStatus('x-abcde', 'Failed', { id: 'docker://1', state: ended(3) });
    const why = { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
    await finishJob('x', [{ type: 'FailureTarget', status: 'True', ...why }, { type: 'Failed', status: 'True', ...why }]);
    expect(await result).toEqual({
      code: 3,
      out: 'one\n',
      err: 'job.batch/x created\njob.batch/x failed: BackoffLimitExceeded: Job has reached the specified backoff limit\n',
    });
  });
});
