import { describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../../../src/api/attempt/attempt.ts';
import { runsOf } from '../../../../src/cli/runs/container-run.ts';
import { pendingRetries } from '../../../../src/cli/why/job-retry.ts';
import { configNeeds } from '../../../../src/cli/why/needed-config.ts';
import { planQuotes } from '../../../../src/cli/why/plan-quotes.ts';
import { wrapText } from '../../../../src/cli/why/wrap-text.ts';
import { aJob } from '../../../support/builders.ts';
import { ago, ended, failed, main, NOW, podFacts } from '../../../support/why-facts.ts';

const ATTEMPT: Attempt = { namespace: 'default', pod: 'pi-aaaaa', podUid: 'uid-pi-aaaaa', container: 'main', restart: 0, isInit: false, isDefault: true, image: 'busybox', logBytes: 0, isTruncated: false, isArchived: true };
const looping = podFacts({ status: { phase: 'Running', ...main({ restartCount: 2, state: { running: { startedAt: ago(5) } }, lastState: { terminated: ended(7) } }) } }).pod;

describe('the runs of containers', () => {
  test('are none of a Pod that has not started', () => {
    expect(runsOf([podFacts({}).pod], [])).toEqual([]);
  });

  test('are the one that runs and the one before it', () => {
    expect(runsOf([looping], []).map(({ restart, exitCode }) => [restart, exitCode])).toEqual([[1, 7], [2, undefined]]);
  });

  test('while a restart is waited for, have the last as the one that counts', () => {
    const { pod } = podFacts({ status: { phase: 'Running', ...main({ restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: ended(7) } }) } });
    expect(runsOf([pod], []).map(({ restart }) => restart)).toEqual([2]);
  });

  test('that only the archive has come before those that the Pod still tells of', () => {
    const runs = runsOf([looping], [{ ...ATTEMPT, startedAt: new Date(NOW - 60_000).toISOString(), finishedAt: new Date(NOW - 50_000).toISOString(), exitCode: 7 }, { ...ATTEMPT, restart: 1, startedAt: new Date(NOW - 19_600).toISOString(), exitCode: 7, isArchived: false }]);
    expect(runs.map(({ restart, isArchived }) => [restart, isArchived])).toEqual([[0, true], [1, false], [2, false]]);
    expect(runs[1]?.startedAt).toBe(NOW - 19_600);
  });

  test('of an Indexed Job carry their index', () => {
    expect(runsOf([], [{ ...ATTEMPT, job: { name: 'pi', uid: 'u', index: 3 } }])[0]).toMatchObject({ index: 3, role: 'app' });
  });
});

describe('the next try of a Job', () => {
  const failures = (...times: readonly number[]) => times.map((seconds, at) => podFacts({ name: `pi-${at}`, metadata: { uid: `u${at}` }, status: failed(1, { finishedAt: ago(seconds) }) }).pod);
  const success = (seconds: number) => podFacts({ name: 'pi-ok', metadata: { uid: 'ok' }, status: { phase: 'Succeeded', ...main({ state: { terminated: ended(0, { finishedAt: ago(seconds) }) } }) } }).pod;
  const indexed = (index: number, count: number, seconds: number) =>
    podFacts({ name: `pi-${index}`, metadata: { uid: `i${index}`, annotations: { 'batch.kubernetes.io/job-completion-index': String(index), 'batch.kubernetes.io/job-index-failure-count': String(count) } }, status: failed(1, { finishedAt: ago(seconds) }) }).pod;

  test.each([
    { title: 'is not waited for without failures', pods: [], due: [] },
    { title: 'comes 10 s after the first failure', pods: failures(4), due: [6] },
    { title: 'comes 20 s after the second', pods: failures(30, 4), due: [16] },
    { title: 'is not waited for when the time is over', pods: failures(11), due: [] },
    { title: 'forgets failures before a success', pods: [...failures(30, 4), success(10)], due: [6] },
    { title: 'is not waited for when a success came last', pods: [...failures(4), success(2)], due: [] },
    { title: 'is at most ten minutes away', pods: failures(...Array.from({ length: 12 }, () => 1)), due: [599] },
  ])('$title', ({ pods, due }) => {
    expect(pendingRetries(aJob(), pods, NOW).map(({ dueAt }) => (dueAt - NOW) / 1_000)).toEqual(due);
  });

  test('is each index\'s own with backoffLimitPerIndex', () => {
    const job = aJob({ spec: { completionMode: 'Indexed', completions: 3, backoffLimitPerIndex: 3 } });
    expect(pendingRetries(job, [indexed(0, 0, 4), indexed(1, 1, 5), indexed(2, 0, 60)], NOW).map(({ index, dueAt }) => [index, (dueAt - NOW) / 1_000])).toEqual([[0, 6], [1, 15]]);
  });
});

describe('the configuration that a Pod needs', () => {
  test('is found in env, envFrom, volumes and projections; what is optional is not needed', () => {
    const needs = configNeeds({
      initContainers: [{ name: 'a', image: '', envFrom: [{ secretRef: { name: 's1' } }, { configMapRef: { name: 'no', optional: true } }] }],
      containers: [{ name: 'b', image: '', env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'c1', key: 'k' } } }, { name: 'Y', value: '1' }] }],
      volumes: [{ name: 'v', secret: { secretName: 's2' } }, { name: 'w', configMap: { name: 'c2', items: [{ key: 'one', path: 'p' }] } }, { name: 'p', projected: { sources: [{ configMap: { name: 'c3' } }] } }],
    });
    expect(needs).toEqual([
      { kind: 'Secret', name: 's1', usedBy: 'envFrom of container a' },
      { kind: 'ConfigMap', name: 'c1', key: 'k', usedBy: 'env X of container b' },
      { kind: 'Secret', name: 's2', usedBy: 'volume v' },
      { kind: 'ConfigMap', name: 'c2', key: 'one', usedBy: 'volume w' },
      { kind: 'ConfigMap', name: 'c3', usedBy: 'volume p' },
    ]);
  });
});

describe('the logs that are read', () => {
  const runs = (count: number, exitCode: number) => Array.from({ length: count }, (_, at) => runsOf([podFacts({ name: `pi-${at}`, metadata: { uid: `u${at}` }, status: failed(exitCode) }).pod], [])).flat();

  test('are few, however many Pods failed', () => {
    expect(planQuotes(runs(100, 1)).map(({ pod }) => pod)).toEqual(['pi-99', 'pi-96', 'pi-97', 'pi-98']);
  });

  test('are the last one where nothing failed', () => {
    expect(planQuotes(runs(3, 0)).map(({ pod }) => pod)).toEqual(['pi-2']);
  });
});

describe('a long sentence', () => {
  test('is broken at spaces, and goes on further in', () => {
    expect(wrapText('one two three four five six', { columns: 22, indent: '  ' })).toBe('  one two three four\n    five six');
  });

  test('keeps a word that is too long whole', () => {
    expect(wrapText(`a ${'x'.repeat(40)} b`, { columns: 20, indent: '' })).toBe(`a\n  ${'x'.repeat(40)}\n  b`);
  });
});
