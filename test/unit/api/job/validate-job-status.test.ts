import { describe, expect, test } from '@jest/globals';
import type { JobSpec, JobStatus } from '../../../../src/api/generated/types.ts';
import type { JobConditionType } from '../../../../src/api/job/conditions.ts';
import { validateJobStatusUpdate } from '../../../../src/api/job/validate-job-status.ts';
import { aJob } from '../../../support/builders.ts';
import { errorTexts } from '../../../support/error-texts.ts';

const START = '2026-03-01T12:00:00Z';
const END = '2026-03-01T12:01:00Z';
const having = (...types: JobConditionType[]): Pick<JobStatus, 'conditions'> => ({ conditions: types.map((type) => ({ type, status: 'True' })) });
const complete: JobStatus = { ...having('SuccessCriteriaMet', 'Complete'), startTime: START, completionTime: END, succeeded: 1 };
const failed: JobStatus = { ...having('FailureTarget', 'Failed'), startTime: START, failed: 1 };
const C = 'status.conditions: Invalid value: ';

interface Case {
  readonly spec?: Partial<JobSpec>;
  readonly old?: JobStatus;
  readonly next: JobStatus;
  readonly errors: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  'nothing at all passes': { next: {}, errors: [] },
  'a Job that starts passes': { next: { startTime: START, active: 1, ready: 0, terminating: 0, uncountedTerminatedPods: {} }, errors: [] },
  'a Job that completes passes': { old: { startTime: START, ...having('SuccessCriteriaMet') }, next: complete, errors: [] },
  'a Job that fails passes': { old: { startTime: START, ...having('FailureTarget') }, next: failed, errors: [] },
  'a condition of somebody else passes': { next: { conditions: [{ type: 'Mine', status: 'True' }] }, errors: [] },
  'an end is one of two': { next: { ...complete, ...having('SuccessCriteriaMet', 'Complete', 'Failed', 'FailureTarget') }, errors: [`${C}cannot set Complete=True and Failed=true conditions`, `${C}cannot set Complete=True and FailureTarget=true conditions`, `${C}cannot set SuccessCriteriaMet=True and Failed=true conditions`, `${C}cannot set SuccessCriteriaMet=True and FailureTarget=true conditions`] },
  'a success is announced': { next: { ...complete, ...having('Complete') }, errors: [`${C}cannot set Complete=True condition without the SuccessCriteriaMet=true condition`] },
  'a failure is announced': { next: { ...failed, ...having('Failed') }, errors: [`${C}cannot set Failed=True condition without the FailureTarget=true condition`] },
  'a failure is final': { old: failed, next: { ...failed, conditions: [] }, errors: [`${C}cannot disable the terminal Failed=True condition`, `${C}cannot disable the terminal FailureTarget=True condition`] },
  'an announced success stays announced': { old: having('SuccessCriteriaMet'), next: {}, errors: [`${C}cannot disable the SuccessCriteriaMet=True condition`] },
  'a time of completion needs completion': { next: { startTime: START, completionTime: END }, errors: ['status.completionTime: Invalid value: "2026-03-01T12:01:00Z": cannot set completionTime when there is no Complete=True condition'] },
  'completion has a time': { next: { ...complete, completionTime: undefined }, errors: ['status.completionTime: Required value: completionTime is required for Complete jobs'] },
  'completion comes after the start': { next: { ...complete, startTime: END, completionTime: START }, errors: ['status.completionTime: Invalid value: "2026-03-01T12:00:00Z": completionTime cannot be set before startTime'] },
  'a time of completion stays': { old: complete, next: { ...complete, completionTime: '2026-03-01T12:02:00Z' }, errors: ['status.completionTime: Invalid value: "2026-03-01T12:02:00Z": completionTime cannot be mutated'] },
  'a time of start stays': { old: { startTime: START }, next: { startTime: END }, errors: ['status.startTime: Required value: startTime cannot be removed for unsuspended job'] },
  'a suspended Job may lose its time of start': { spec: { suspend: true }, old: { startTime: START }, next: {}, errors: [] },
  'a resumed Job starts anew': { old: { startTime: START, ...having('Suspended') }, next: { startTime: END, conditions: [{ type: 'Suspended', status: 'False' }] }, errors: [] },
  'a finished Job has nothing running': { next: { ...complete, active: 1, ready: 0 }, errors: ['status.active: Invalid value: 1: active>0 is invalid for finished job'] },
  'a finished Job has nothing ending': { next: { ...failed, terminating: 1 }, errors: ['status.terminating: Invalid value: 1: terminating>0 is invalid for finished job'] },
  'a finished Job has started': { next: { ...failed, startTime: undefined }, errors: ['status.startTime: Required value: startTime is required for finished job'] },
  'a finished Job has counted all': { next: { ...failed, uncountedTerminatedPods: { failed: ['a'] } }, errors: ['status.uncountedTerminatedPods: Invalid value: {"failed":["a"]}: uncountedTerminatedPods needs to be empty for finished job'] },
  'a counter is not negative': { next: { active: -1 }, errors: ['status.active: Invalid value: -1: must be greater than or equal to 0'] },
  'failures are not taken back': { old: { failed: 2 }, next: { failed: 1 }, errors: ['status.failed: Invalid value: 1: cannot decrease the failed counter'] },
  'successes are not taken back': { old: { succeeded: 2 }, next: { succeeded: 1 }, errors: ['status.succeeded: Invalid value: 1: cannot decrease the succeeded counter'] },
  'an elastic Job may lose successes': { spec: { completionMode: 'Indexed', completions: 1, parallelism: 1 }, old: { succeeded: 2 }, next: { succeeded: 1 }, errors: [] },
  'no more are ready than run': { next: { active: 1, ready: 2 }, errors: ['status.ready: Invalid value: 2: cannot set more ready pods than active'] },
  'a Pod waits to be counted once': { next: { uncountedTerminatedPods: { succeeded: ['a', ''], failed: ['a'] } }, errors: ['status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty', 'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"'] },
  'indexes are for Indexed Jobs': { next: { completedIndexes: '0' }, errors: ['status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode'] },
  'failed indexes are for limits per index': { spec: { completionMode: 'Indexed', completions: 2 }, next: { failedIndexes: '0' }, errors: ['status.failedIndexes: Invalid value: "0": cannot set non-null failedIndexes when backoffLimitPerIndex is null'] },
  'indexes are below completions': { spec: { completionMode: 'Indexed', completions: 2 }, next: { completedIndexes: '0,2' }, errors: ['status.completedIndexes: Invalid value: "0,2": error parsing completedIndexes: too large index: "2"'] },
  'an index succeeds or fails': { spec: { completionMode: 'Indexed', completions: 5, backoffLimitPerIndex: 1 }, next: { completedIndexes: '0-2', failedIndexes: '2,3' }, errors: ['status.failedIndexes: Invalid value: "2,3": failedIndexes and completedIndexes overlap at index: 2'] },
};

test.each(Object.entries(cases))('%s', (_title, { spec = {}, old = {}, next, errors }) => {
  expect(errorTexts(validateJobStatusUpdate(aJob({ spec, status: next }), aJob({ spec, status: old })))).toEqual(errors);
});

describe('what is stored is not judged again', () => {
  test('a success that was never announced may be written by', () => {
    const old = { ...complete, ...having('Complete') };
    expect(validateJobStatusUpdate(aJob({ status: { ...old, ready: 0 } }), aJob({ status: old }))).toEqual([]);
  });

  test('indexes that do not parse may be written by', () => {
    const old = { completedIndexes: 'x' };
    expect(validateJobStatusUpdate(aJob({ status: { ...old, active: 1 } }), aJob({ status: old }))).toEqual([]);
  });
});

test('metadata is judged with a status', () => {
  const next = aJob({ metadata: { name: 'pi', labels: { a: '!' } } });
  expect(errorTexts(validateJobStatusUpdate(next, aJob()))).toEqual([expect.stringContaining('metadata.labels: Invalid value: "!"')]);
});
