// What the kubelet keeps of containers that go: every exit and every log, once, whatever is cut off or fails.
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../src/api/attempt/attempt.ts';
import { PODS } from '../../src/api/kinds.ts';
import { createAttemptReader } from '../../src/client/attempts.ts';
import { RuntimeError } from '../../src/kubelet/runtime/container-runtime.ts';
import { KubeletBench, NODE } from '../support/kubelet-bench.ts';
import { settle, soon } from '../support/virtual-clock.ts';

let bench: KubeletBench;
const namespace = 'default';

beforeEach(async () => {
  bench = await KubeletBench.start();
});

afterEach(async () => {
  await bench.close();
});

const reader = () => createAttemptReader(bench.api.client);
const attempts = (pod: string): Promise<readonly Attempt[]> => reader().list({ namespace, pod });
const logs = async (pod: string): Promise<string[]> => Promise.all((await attempts(pod)).map((attempt) => reader().log(attempt)));
const archived = (pod: string, count: number): Promise<readonly Attempt[]> =>
  soon(`${count} attempts of ${pod} are archived`, async () => {
    const kept = (await attempts(pod)).filter(({ isArchived }) => isArchived);
    return kept.length === count && kept;
  });
const remove = async (name: string): Promise<void> => {
  await bench.api.client.delete(PODS, { namespace, name });
  await bench.untilGone(name);
  await soon('its containers are gone', () => bench.runtime.containers.every(({ identity }) => identity.pod !== name));
};
/** Moves on by the back-off, and waits until so many runs were started. */
const startsAfter = async (seconds: number, count: number): Promise<void> => {
  await settle();
  await bench.clock.advance(seconds * 1_000);
  await soon(`${count} starts`, () => bench.runtime.starts.filter((start) => start.includes('/main/')).length === count);
};

describe('a container that goes', () => {
  test('is there as an attempt before, and archived with its log and exit after', async () => {
    await bench.createPod('one', 'echo hello; echo trouble >&2; sleep 5; exit 3');
    await bench.untilPhase('one', 'Running');
    expect(await attempts('one')).toMatchObject([{ pod: 'one', container: 'main', restart: 0, isDefault: true, isInit: false, image: 'busybox', startedAt: '2026-01-01T00:00:00.000Z', isArchived: false }]);
    expect((await attempts('one'))[0]).not.toHaveProperty('finishedAt');
    await bench.clock.advance(5_000);
    await bench.untilPhase('one', 'Failed');
    expect(await attempts('one')).toMatchObject([{ finishedAt: '2026-01-01T00:00:05.000Z', exitCode: 3, reason: 'Error', isArchived: false }]);
    expect(await logs('one')).toEqual(['hello\ntrouble\n']);
    await remove('one');
    expect(await attempts('one')).toMatchObject([{ exitCode: 3, reason: 'Error', isArchived: true, isTruncated: false }]);
    expect(await logs('one')).toEqual(['hello\ntrouble\n']);
    expect(bench.runtime.containers).toEqual([]);
  });

  test('is known by the Job, the index and the role that it had', async () => {
    const metadata = { name: 'pi-0-x', namespace, annotations: { 'batch.kubernetes.io/job-completion-index': '0' }, ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'pi', uid: 'job-1', controller: true }] };
    const container = (name: string, script: string) => ({ name, image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] });
    await bench.api.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: NODE, restartPolicy: 'Never', initContainers: [container('init', 'echo first')], containers: [container('a', 'echo a'), container('b', 'echo b')] } });
    await bench.untilPhase('pi-0-x', 'Succeeded');
    await remove('pi-0-x');
    const kept = await reader().list({ namespace, job: 'pi' });
    expect(kept.map(({ container: name, isInit, isDefault, job }) => ({ name, isInit, isDefault, job }))).toEqual([
      { name: 'init', isInit: true, isDefault: false, job: { name: 'pi', uid: 'job-1', index: 0 } },
      { name: 'a', isInit: false, isDefault: true, job: { name: 'pi', uid: 'job-1', index: 0 } },
      { name: 'b', isInit: false, isDefault: false, job: { name: 'pi', uid: 'job-1', index: 0 } },
    ]);
  });

  test('leaves its termination message too', async () => {
    await bench.createPod('message', 'echo why > /dev/termination-log; exit 1');
    await bench.createPod('later', 'echo why not > /dev/termination-log; sleep 5');
    await bench.untilPhase('message', 'Failed');
    await bench.untilPhase('later', 'Running');
    await remove('message');
    expect(await attempts('message')).toMatchObject([{ message: 'why\n' }]);
    await bench.api.client.delete(PODS, { namespace, name: 'later' }, { gracePeriodSeconds: 0 });
    expect(await archived('later', 1)).toMatchObject([{ message: 'why not\n', exitCode: 137 }]);
  });

  test('that could not be started leaves the words of the engine', async () => {
    await bench.createPodOf('absent', { containers: [{ name: 'main', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['no-such-program'] }] });
    await bench.untilPhase('absent', 'Failed');
    await remove('absent');
    const [attempt] = await attempts('absent');
    expect(attempt).toMatchObject({ reason: 'StartError', exitCode: 127, logBytes: 0 });
    expect(attempt!.message).toContain('no-such-program');
  });

  test('for a restart is archived once two newer ones are there', async () => {
    await bench.createPod('again', 'echo run; exit 1', { restartPolicy: 'OnFailure' });
    await startsAfter(0, 2);
    await startsAfter(10, 3);
    const [oldest] = await archived('again', 1);
    expect(oldest).toMatchObject({ restart: 0, exitCode: 1 });
    await startsAfter(20, 4);
    await archived('again', 2);
    expect((await attempts('again')).map((attempt) => attempt.restart)).toEqual([0, 1, 2, 3]);
    expect(await logs('again')).toEqual(['run\n', 'run\n', 'run\n', 'run\n']);
  });

  test('while it runs, with its Pod deleted by force, is ended first', async () => {
    await bench.createPod('forced', 'echo begun; sleep 100');
    await bench.untilPhase('forced', 'Running');
    await bench.api.client.delete(PODS, { namespace, name: 'forced' }, { gracePeriodSeconds: 0 });
    const [attempt] = await archived('forced', 1);
    expect(attempt).toMatchObject({ exitCode: 137, finishedAt: '2026-01-01T00:00:00.000Z' });
    expect(await logs('forced')).toEqual(['begun\n']);
    await soon('no container is left', () => bench.runtime.containers.length === 0);
  });
});

describe('the archive', () => {
  test('is for the eyes of its owner alone', async () => {
    await bench.createPod('secret', 'echo password');
    await bench.untilPhase('secret', 'Succeeded');
    await remove('secret');
    const modes = ['', ...readdirSync(bench.attemptsDir, { recursive: true, encoding: 'utf8' })].map((path) => statSync(join(bench.attemptsDir, path))).map((stat) => [stat.isDirectory(), stat.mode & 0o777]);
    expect(modes.slice(1)).toEqual(modes.slice(1).map(([isFolder]) => [isFolder, isFolder === true ? 0o700 : 0o600]));
    expect(modes).toHaveLength(5);
  });

  test('keeps the end of a log that is too long, from the beginning of a line', async () => {
    await bench.stopKubelet();
    bench.attemptLimits = { ...bench.attemptLimits, logBytes: 80 };
    bench.startKubelet();
    await bench.createPod('long', Array.from({ length: 9 }, (_, line) => `echo line-${line}`).join(';'));
    await bench.untilPhase('long', 'Succeeded');
    await remove('long');
    expect(await attempts('long')).toMatchObject([{ isTruncated: true, logBytes: 64 }]);
    expect(await logs('long')).toEqual(['line-7\nline-8\n']);
  });

  test('holds to its limit by letting the oldest go', async () => {
    await bench.stopKubelet();
    bench.attemptLimits = { ...bench.attemptLimits, totalBytes: 3 * 8_192 };
    bench.startKubelet();
    for (const name of ['a', 'b', 'c', 'd']) {
      await bench.createPod(name, `echo ${name}`);
      await bench.untilPhase(name, 'Succeeded');
      await bench.clock.advance(1_000);
      await remove(name);
    }
    await soon('the oldest are gone', async () => (await reader().list({ namespace })).length === 2);
    expect((await reader().list({ namespace })).map(({ pod }) => pod)).toEqual(['c', 'd']);
    await soon('their files too', () => readdirSync(join(bench.attemptsDir, namespace)).length === 2);
  });

  test('forgets at the start what is too old', async () => {
    await bench.createPod('old', 'echo old');
    await bench.untilPhase('old', 'Succeeded');
    await remove('old');
    await bench.stopKubelet();
    await bench.clock.advance(31 * 24 * 3_600_000);
    bench.startKubelet();
    await soon('it is gone', async () => (await attempts('old').catch(() => [1])).length === 0);
  });

  test('goes without a log that the engine does not give, and says so', async () => {
    await bench.createPod('mute', 'echo lost; exit 4');
    await bench.untilPhase('mute', 'Failed');
    bench.runtime.failNext('logs', new RuntimeError('Rejected', 'configured logging driver does not support reading'));
    await remove('mute');
    expect(await attempts('mute')).toMatchObject([{ exitCode: 4, logBytes: 0, logProblem: 'configured logging driver does not support reading' }]);
    await soon('the event', async () => (await bench.events('mute')).some((event) => event.startsWith('Warning FailedArchive The log of container main (restart 0) could not be archived and is lost: configured logging')));
  });

  test('tries again when the engine did not answer', async () => {
    await bench.createPod('slow', 'echo kept');
    await bench.untilPhase('slow', 'Succeeded');
    bench.runtime.failNext('logs', 'lost');
    await bench.api.client.delete(PODS, { namespace, name: 'slow' });
    await soon('it is gone', async () => {
      await bench.clock.advance(500);
      return bench.runtime.containers.length === 0;
    });
    expect(await logs('slow')).toEqual(['kept\n']);
  });

  test('that cannot be written holds no container for ever', async () => {
    await bench.createPod('full', 'echo lost');
    await bench.untilPhase('full', 'Succeeded');
    // A file where the folder of the namespace should be.
    writeFileSync(join(bench.attemptsDir, namespace), '');
    await bench.api.client.delete(PODS, { namespace, name: 'full' });
    await soon('it is gone', async () => {
      await bench.clock.advance(1_000);
      return bench.runtime.containers.length === 0;
    });
    await soon('the event', async () => (await bench.events('full')).some((event) => event.includes('FailedArchive')));
  });
});

describe('a kubelet that was killed', () => {
  test('between archiving and removing neither loses nor doubles an attempt', async () => {
    await bench.createPod('cut', 'echo once; exit 1');
    await bench.untilPhase('cut', 'Failed');
    bench.runtime.failNext('remove', 'hang');
    await bench.api.client.delete(PODS, { namespace, name: 'cut' });
    await archived('cut', 1);
    await bench.crashKubelet();
    bench.startKubelet();
    await soon('it is gone', () => bench.runtime.containers.length === 0);
    expect(await attempts('cut')).toHaveLength(1);
    expect(await logs('cut')).toEqual(['once\n']);
  });

  test('clears away what was half written, and writes it again', async () => {
    await bench.createPod('half', 'echo whole');
    const pod = await bench.untilPhase('half', 'Succeeded');
    await bench.stopKubelet();
    const folder = join(bench.attemptsDir, namespace, pod.metadata?.uid ?? '');
    mkdirSync(folder, { recursive: true });
    for (const name of ['main-0.log', 'main-0.json.tmp', 'main-0.log.tmp']) writeFileSync(join(folder, name), 'half');
    bench.startKubelet();
    await bench.kubelet.ready;
    await remove('half');
    expect(await logs('half')).toEqual(['whole\n']);
    expect(readdirSync(folder).sort()).toEqual(['main-0.json', 'main-0.log']);
  });

  test('archives what ended, and whose Pods went, while it was away', async () => {
    await bench.createPod('away', 'echo late; sleep 5; exit 2', { restartPolicy: 'Never' });
    await bench.untilPhase('away', 'Running');
    await bench.stopKubelet();
    await bench.clock.advance(5_000);
    await bench.api.client.delete(PODS, { namespace, name: 'away' }, { gracePeriodSeconds: 0 });
    bench.startKubelet();
    expect(await archived('away', 1)).toMatchObject([{ exitCode: 2, finishedAt: '2026-01-01T00:00:05.000Z', isDefault: true }]);
    expect(await logs('away')).toEqual(['late\n']);
  });
});

describe('a container that somebody else removed', () => {
  test('is kept as its last known state, and why it has no log', async () => {
    await bench.createPod('robbed', 'echo gone; exit 5');
    await bench.untilPhase('robbed', 'Failed');
    bench.runtime.removeFromOutside(bench.runtime.containers[0]!.id);
    expect(await archived('robbed', 1)).toMatchObject([{ exitCode: 5, reason: 'Error', logBytes: 0, logProblem: 'its container was not removed by minik, and its log went with it' }]);
    expect(await logs('robbed')).toEqual(['']);
    await remove('robbed');
    expect(await attempts('robbed')).toHaveLength(1);
  });

  test('while the kubelet was away is known from the status of its Pod', async () => {
    await bench.createPod('absent', 'echo gone; exit 5');
    await bench.untilPhase('absent', 'Failed');
    await bench.createPod('running', 'sleep 100', { restartPolicy: 'OnFailure' });
    await bench.untilPhase('running', 'Running');
    await bench.stopKubelet();
    for (const { id } of bench.runtime.containers) bench.runtime.removeFromOutside(id);
    bench.startKubelet();
    expect(await archived('absent', 1)).toMatchObject([{ restart: 0, exitCode: 5, reason: 'Error', logBytes: 0 }]);
    expect(await archived('running', 1)).toMatchObject([{ restart: 0, exitCode: 137, reason: 'ContainerStatusUnknown', logBytes: 0 }]);
  });
});

test('an archive that cannot be read does not hold up the Pods', async () => {
  await bench.stopKubelet();
  mkdirSync(join(bench.attemptsDir, namespace, 'uid'), { recursive: true });
  writeFileSync(join(bench.attemptsDir, namespace, 'uid', 'main-0.json'), '{"namespace":');
  chmodSync(bench.attemptsDir, 0o700);
  bench.startKubelet();
  await bench.createPod('well', 'echo well');
  await bench.untilPhase('well', 'Succeeded');
  await remove('well');
  await settle();
  expect(await logs('well')).toEqual(['well\n']);
});
