// The two reports of followed Jobs: JSON for scripts, JUnit XML for build servers.
import { describe, expect, test } from '@jest/globals';
import type { Job } from '../../../../src/api/generated/types.ts';
import type { Ending } from '../../../../src/cli/job-run/ending.ts';
import { junitText } from '../../../../src/cli/job-run/junit.ts';
import type { ContainerAttempt, PodRun } from '../../../../src/cli/job-run/pod-run.ts';
import { exitCodeOfRuns, runReport, type JobRun } from '../../../../src/cli/job-run/report.ts';
import { xmlAttribute, xmlElement, xmlText } from '../../../../src/cli/job-run/xml-text.ts';
import { aJob } from '../../../support/builders.ts';

const BEGAN = Date.parse('2026-01-01T00:00:00Z');
const attempt = (exitCode: number, changes: Partial<ContainerAttempt> = {}): ContainerAttempt => ({
  container: 'main',
  role: 'app',
  restart: 0,
  containerID: 'c',
  startedAt: '2026-01-01T00:00:01Z',
  finishedAt: '2026-01-01T00:00:03Z',
  exitCode,
  reason: exitCode === 0 ? 'Completed' : 'Error',
  stopped: false,
  ...changes,
});
const pod = (name: string, phase: string, changes: Partial<PodRun> = {}): PodRun => ({ name, uid: name, phase, deleted: false, createdAt: '2026-01-01T00:00:00Z', attempts: [attempt(phase === 'Failed' ? 3 : 0)], ...changes });
const FAILED: Ending = { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'limit', culprit: { pod: 'b', container: 'main', exitCode: 3 } };
const run = (changes: Partial<JobRun> = {}, job: Job = aJob({ status: { startTime: '2026-01-01T00:00:00Z' } })): JobRun => ({
  name: 'pi',
  namespace: 'default',
  job,
  pods: [],
  ending: { type: 'Complete' },
  began: BEGAN,
  ended: BEGAN + 4_500,
  lastLines: new Map(),
  ...changes,
});
const whole = (...runs: JobRun[]) => ({ runs, began: BEGAN, ended: BEGAN + 5_000, exitCode: exitCodeOfRuns(runs) });
const indexed = aJob({ spec: { completionMode: 'Indexed', completions: 2 }, status: { startTime: '2026-01-01T00:00:00Z' } });

/** "name: verdict message" of each testcase. */
function cases(one: JobRun): string[] {
  const found = [...junitText(whole(one)).matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs)];
  return found.map(([, name, content = '']) => {
    const verdict = /<(failure|error|skipped)(?: type="([^"]*)")? message="([^"]*)"/.exec(content);
    return verdict === null ? `${name}: passed` : `${name}: ${verdict[1]} ${verdict[3]}`;
  });
}

describe('the testcases of a Job', () => {
  test.each<[string, JobRun, readonly string[]]>([
    ['are its Pods', run({ pods: [pod('a', 'Succeeded'), pod('b', 'Succeeded')] }), ['a: passed', 'b: passed']],
    ['have one that failed', run({ ending: FAILED, pods: [pod('a', 'Succeeded'), pod('b', 'Failed')] }), ['a: passed', 'b: failure container main of pod b exited with 3']],
    ['skip one that was replaced', run({ pods: [pod('a', 'Failed'), pod('b', 'Succeeded')] }), ['a: skipped container main of pod a exited with 3; another Pod did its work', 'b: passed']],
    [
      'skip one that was stopped',
      run({ ending: FAILED, pods: [pod('a', 'Running', { deleted: true, attempts: [attempt(143, { stopped: true })] }), pod('b', 'Failed')] }),
      ['a: skipped stopped: the Job needed it no longer', 'b: failure container main of pod b exited with 3'],
    ],
    [
      'say what became of a Pod that no container tells of',
      run({ ending: FAILED, pods: [pod('a', 'Failed', { reason: 'Evicted', message: 'low on disk', attempts: [] })] }),
      ['a: failure pod a failed: Evicted: low on disk'],
    ],
    ['have the Job itself when no Pod says why it failed', run({ ending: { type: 'Failed', reason: 'DeadlineExceeded', message: 'm' }, pods: [] }), ['pi: error failed: DeadlineExceeded: m']],
    ['have the Job itself when it was never there', run({ ending: { type: 'Refused', message: 'm' }, job: undefined }), ['pi: error could not run: m']],
    ['have the Job itself when it had nothing to do', run(), ['pi: passed']],
    ['are the indexes of an Indexed Job', run({ pods: [pod('b', 'Succeeded', { index: 1 }), pod('a', 'Succeeded', { index: 0 })] }, indexed), ['index 0: passed', 'index 1: passed']],
    [
      'take the tries of an index together',
      run({ ending: FAILED, pods: [pod('a', 'Failed', { index: 0 }), pod('b', 'Failed', { index: 0 }), pod('c', 'Failed', { index: 1 }), pod('d', 'Succeeded', { index: 1 })] }, indexed),
      ['index 0: failure container main of pod b exited with 3 (try 2 of this index)', 'index 1: passed'],
    ],
  ])('%s', (_name, one, expected) => {
    expect(cases(one)).toEqual(expected);
  });
});

test('JUnit: counts, times and the last lines, escaped', () => {
  const failed = run({ ending: FAILED, pods: [pod('b', 'Failed')], lastLines: new Map([['b/main/c', ['a < b & "c"', '\u001b[31mred\u001b[0m \u0007']]]) });
  expect(junitText(whole(run({ pods: [pod('a', 'Succeeded')] }), failed))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="minik run-job" tests="2" failures="1" errors="0" skipped="0" time="5.000">
  <testsuite name="pi" package="default" tests="1" failures="0" errors="0" skipped="0" time="4.000" timestamp="2026-01-01T00:00:00">
    <properties><property name="result" value="Complete"/><property name="exitCode" value="0"/><property name="message" value="complete"/></properties>
    <testcase name="a" classname="default.pi" time="2.000"/>
  </testsuite>
  <testsuite name="pi" package="default" tests="1" failures="1" errors="0" skipped="0" time="4.000" timestamp="2026-01-01T00:00:00">
    <properties><property name="result" value="Failed"/><property name="exitCode" value="3"/><property name="message" value="failed: BackoffLimitExceeded: limit; container main of pod b exited with 3"/></properties>
    <testcase name="b" classname="default.pi" time="2.000"><failure type="Error" message="container main of pod b exited with 3">--- pod b, container main, start 1, exit code 3
a &lt; b &amp; "c"
red \ufffd
</failure></testcase>
  </testsuite>
</testsuites>
`);
});

test('JSON: the whole story of a Job', () => {
  const status = { startTime: '2026-01-01T00:00:00Z', succeeded: 1, failed: 1 };
  const one = run({ ending: FAILED, pods: [pod('b', 'Failed', { index: 0 })], lastLines: new Map([['b/main/c', ['oh']]]) }, aJob({ spec: { completions: 2 }, status }));
  expect(runReport(whole(one))).toEqual({
    apiVersion: 'minik.dev/v1',
    kind: 'JobRunReport',
    exitCode: 3,
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:00:05Z',
    seconds: 5,
    jobs: [
      {
        name: 'pi',
        namespace: 'default',
        uid: 'job-uid',
        result: 'Failed',
        exitCode: 3,
        reason: 'BackoffLimitExceeded',
        message: 'failed: BackoffLimitExceeded: limit; container main of pod b exited with 3',
        failedContainer: { pod: 'b', container: 'main', exitCode: 3 },
        startedAt: '2026-01-01T00:00:00Z',
        finishedAt: '2026-01-01T00:00:04Z',
        seconds: 4,
        succeeded: 1,
        failed: 1,
        completions: 2,
        pods: [
          {
            name: 'b',
            uid: 'b',
            index: 0,
            phase: 'Failed',
            deleted: false,
            attempts: [
              { container: 'main', role: 'app', restart: 0, startedAt: '2026-01-01T00:00:01Z', finishedAt: '2026-01-01T00:00:03Z', exitCode: 3, reason: 'Error', stopped: false, seconds: 2, lastLines: ['oh'] },
            ],
          },
        ],
      },
    ],
  });
});

describe('the exit code of several Jobs', () => {
  const late = run({ ending: FAILED, ended: BEGAN + 9_000 });
  const early = run({ ending: { type: 'Gone' }, ended: BEGAN + 1_000 });
  test.each([
    ['0 for none', [], 0],
    ['0 when all are complete', [run(), run()], 0],
    ['that of the only one that failed', [run(), late], 3],
    ['that of the one that failed first', [late, early], 125],
    ['that of the first in the file when they failed together', [run({ ending: FAILED }), run({ ending: { type: 'Gone' } })], 3],
  ])('is %s', (_name, runs, code) => {
    expect(exitCodeOfRuns(runs)).toBe(code);
  });
});

describe('XML', () => {
  test.each([
    ['plain', 'plain', 'plain'],
    ['<a href="x">&', '&lt;a href="x"&gt;&amp;', '&lt;a href=&quot;x&quot;&gt;&amp;'],
    ['a\tb\nc', 'a\tb\nc', 'a&#9;b&#10;c'],
    ['bar\r', 'bar&#13;', 'bar&#13;'],
    ['\u001b[1;31mred\u001b[0m\u001b]0;title\u0007', 'red', 'red'],
    ['\u0000\u0008\u000b\u001f\ufffe\uffff', '\ufffd'.repeat(6), '\ufffd'.repeat(6)],
    ['half \ud83d of 😀', 'half \ufffd of 😀', 'half \ufffd of 😀'],
    [']]>', ']]&gt;', ']]&gt;'],
  ])('%j', (text, inText, inAttribute) => {
    expect([xmlText(text), xmlAttribute(text)]).toEqual([inText, inAttribute]);
  });

  test('elements leave out what is undefined', () => {
    expect([xmlElement('a', { b: 1, c: undefined }), xmlElement('a', {}, ['x', 'y'])]).toEqual(['<a b="1"/>', '<a>xy</a>']);
  });
});
