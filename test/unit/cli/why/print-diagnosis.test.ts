import { describe, expect, test } from '@jest/globals';
import { diagnosisObject } from '../../../../src/cli/why/diagnosis-json.ts';
import type { Diagnosis } from '../../../../src/cli/why/diagnosis.ts';
import { diagnosisText } from '../../../../src/cli/why/print-diagnosis.ts';
import { NOW } from '../../../support/why-facts.ts';

const run = { podUid: 'u', container: 'main', role: 'app', restart: 0, exitCode: 3, reason: 'Error', message: '', isArchived: false } as const;
const DIAGNOSIS: Diagnosis = {
  rule: 'backoff-limit',
  health: 'trouble',
  verdict: 'job/pi failed: its last container exited with 3',
  evidence: [
    { type: 'log', title: 'the log of pi-b/main ends with', lines: ['fatal'], isArchived: true },
    { type: 'attempts', title: 'attempts', attempts: [{ run: { ...run, pod: 'pi-a', startedAt: NOW - 30_000, finishedAt: NOW - 28_000 } }, { run: { ...run, pod: 'pi-b', startedAt: NOW - 18_400, finishedAt: NOW - 17_000 }, waitedMs: 9_600 }] },
    { type: 'fact', text: 'a first fact' },
    { type: 'event', about: 'job/pi', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit', count: 2 },
  ],
  suggestions: ['minik logs job/pi', 'minik logs job/pi', 'raise something that has to be raised, or lower something else that is much too high'],
};

const clock = (ms: number): string => new Date(ms).toTimeString().slice(0, 8);

describe('a diagnosis', () => {
  test('is printed as one verdict, its evidence, and what to try', () => {
    expect(diagnosisText(DIAGNOSIS, { colour: false, columns: 60 })).toBe(`✗ job/pi failed: its last container exited with 3

  the log of pi-b/main ends with (kept)
  │ fatal

  attempts
    1  pi-a  ${clock(NOW - 30_000)}  ran 2s  exit 3
    2  pi-b  ${clock(NOW - 18_400)}  ran 1s  exit 3  10s after the one before

  a first fact
  event BackoffLimitExceeded (2 times): Job has reached the
    specified backoff limit

  try
    minik logs job/pi
    raise something that has to be raised, or lower
      something else that is much too high
`);
  });

  test('has colours only where they are wanted', () => {
    expect(diagnosisText(DIAGNOSIS, { colour: true, columns: 60 })).toMatch(/^\u001b\[31m✗/);
  });

  test('with nothing to add is its verdict alone', () => {
    expect(diagnosisText({ rule: 'running', health: 'healthy', verdict: 'pod/a is running', evidence: [], suggestions: [] }, { colour: false, columns: 80 })).toBe('● pod/a is running\n');
  });

  test('tells the last eight of many attempts', () => {
    const attempts = Array.from({ length: 20 }, () => ({ run: { ...run, pod: 'pi-a', startedAt: NOW, finishedAt: NOW } }));
    const text = diagnosisText({ ...DIAGNOSIS, evidence: [{ type: 'attempts', title: 'attempts', attempts }] }, { colour: false, columns: 80 });
    expect(text).toContain('attempts (the last 8 of 20)\n    13  pi-a');
  });

  test('has times as RFC 3339 for machines', () => {
    const object = diagnosisObject({ kind: 'Job', namespace: 'default', name: 'pi' }, DIAGNOSIS) as unknown as { readonly evidence: readonly { readonly attempts?: readonly object[] }[] };
    expect(object.evidence[1]?.attempts?.[1]).toMatchObject({ pod: 'pi-b', startedAt: '2026-03-01T11:59:41.600Z', waitedMs: 9_600 });
  });
});
