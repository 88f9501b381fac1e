// pure: the report of followed Jobs as JUnit XML: a testsuite for a Job, a testcase for each Pod, or for each index.
//
// A Pod that failed and was replaced, in a Job that is complete in the end, is told as skipped: the work is done, and a
// failure there would turn the build red. A Job that failed without a failed Pod has a testcase of its own that says why.
import { endingText } from './ending.ts';
import type { PodRun } from './pod-run.ts';
import { jobReport, type AttemptReport, type JobReport, type JobRun, type PodReport, type WholeRun } from './report.ts';
import { xmlElement, xmlText } from './xml-text.ts';

interface TestCase {
  readonly name: string;
  readonly seconds: number;
  readonly verdict: 'passed' | 'failed' | 'error' | 'skipped';
  readonly type?: string;
  readonly message?: string;
  readonly pods: readonly PodReport[];
}

export function junitText({ runs, began, ended }: WholeRun): string {
  const suites = runs.map(suiteOf);
  const sum = (count: (suite: Suite) => number): number => suites.reduce((total, suite) => total + count(suite), 0);
  const attributes = { name: 'minik run-job', tests: sum(({ cases }) => cases.length), failures: sum(failures), errors: sum(errors), skipped: sum(skipped), time: time((ended - began) / 1000) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement('testsuites', attributes, ['\n', ...suites.map((suite) => `${suiteXml(suite)}\n`)])}\n`;
}

interface Suite {
  readonly report: JobReport;
  readonly cases: readonly TestCase[];
}

const count = (verdict: TestCase['verdict']) => ({ cases }: Suite): number => cases.filter((one) => one.verdict === verdict).length;
const failures = count('failed');
const errors = count('error');
const skipped = count('skipped');

function suiteOf(run: JobRun): Suite {
  const report = jobReport(run);
  const cases = run.job?.spec?.completionMode === 'Indexed' ? indexCases(report) : report.pods.map((pod) => podCase(pod, report));
  const isTold = run.ending.type === 'Complete' || cases.some(({ verdict }) => verdict === 'failed');
  return { report, cases: isTold && cases.length > 0 ? cases : [...cases, jobCase(run, report)] };
}

/** The Job as a whole: why it failed when no Pod tells, or that it had nothing to do. */
function jobCase({ ending, name }: JobRun, report: JobReport): TestCase {
  if (ending.type === 'Complete') return { name, seconds: report.seconds ?? 0, verdict: 'passed', pods: [] };
  return { name, seconds: report.seconds ?? 0, verdict: 'error', type: report.reason ?? ending.type, message: endingText(ending), pods: [] };
}

function podCase(pod: PodReport, { result }: JobReport): TestCase {
  const common = { name: pod.name, seconds: secondsOf([pod]), pods: [pod] };
  if (pod.phase === 'Succeeded') return { ...common, verdict: 'passed' };
  const failed = failedAttempt(pod);
  if (failed === undefined && pod.phase !== 'Failed') return { ...common, verdict: 'skipped', message: pod.deleted ? 'stopped: the Job needed it no longer' : `was ${pod.phase} when the Job ended` };
  const [message, type] = [failureText(pod, failed), failed?.reason ?? pod.reason ?? 'Failed'];
  return result === 'Complete' ? { ...common, verdict: 'skipped', message: `${message}; another Pod did its work` } : { ...common, verdict: 'failed', type, message };
}

/** One case for all the Pods that tried an index. */
function indexCases(report: JobReport): TestCase[] {
  const indexes = [...new Set(report.pods.map(({ index }) => index ?? -1))].sort((a, b) => a - b);
  return indexes.map((index) => {
    const pods = report.pods.filter((pod) => (pod.index ?? -1) === index);
    const name = index < 0 ? 'no index' : `index ${index}`;
    const common = { name, seconds: secondsOf(pods), pods };
    if (pods.some(({ phase }) => phase === 'Succeeded')) return { ...common, verdict: 'passed' };
    const last = pods.findLast((pod) => pod.phase === 'Failed' || failedAttempt(pod) !== undefined);
    if (last === undefined) return { ...common, verdict: 'skipped', message: 'stopped: the Job needed it no longer' };
    const failed = failedAttempt(last);
    const tries = pods.length === 1 ? '' : ` (try ${pods.length} of this index)`;
    const message = `${failureText(last, failed)}${tries}`;
    if (report.result === 'Complete') return { ...common, verdict: 'skipped', message };
    return { ...common, verdict: 'failed', type: failed?.reason ?? last.reason ?? 'Failed', message };
  });
}

function failedAttempt({ attempts }: PodReport): AttemptReport | undefined {
  const failed = attempts.filter(({ exitCode, stopped }) => !stopped && exitCode !== undefined && exitCode !== 0);
  return failed.findLast(({ role }) => role !== 'sidecar') ?? failed.at(-1);
}

function failureText(pod: Pick<PodRun, 'name' | 'reason' | 'message'>, failed: AttemptReport | undefined): string {
  if (failed === undefined) return `pod ${pod.name} failed${pod.reason === undefined ? '' : `: ${pod.reason}`}${pod.message === undefined ? '' : `: ${pod.message}`}`;
  const why = failed.reason === undefined || failed.reason === 'Error' ? '' : ` (${failed.reason})`;
  return `container ${failed.container} of pod ${pod.name} exited with ${failed.exitCode}${why}${failed.message === undefined ? '' : `: ${failed.message.trim()}`}`;
}

function secondsOf(pods: readonly PodReport[]): number {
  return pods.flatMap(({ attempts }) => attempts).reduce((total, { seconds = 0 }) => total + seconds, 0);
}

function suiteXml(suite: Suite): string {
  const { report, cases } = suite;
  const attributes = {
    name: report.name,
    package: report.namespace,
    tests: cases.length,
    failures: failures(suite),
    errors: errors(suite),
    skipped: skipped(suite),
    time: time(report.seconds ?? 0),
    timestamp: report.startedAt?.replace(/Z$/, ''),
  };
  const properties = { result: report.result, exitCode: report.exitCode, message: report.message, completedIndexes: report.completedIndexes, failedIndexes: report.failedIndexes };
  const told = Object.entries(properties).filter(([, value]) => value !== undefined && value !== '');
  const lines = [xmlElement('properties', {}, told.map(([name, value]) => xmlElement('property', { name, value }))), ...cases.map((one) => caseXml(one, report))];
  return `  ${xmlElement('testsuite', attributes, [...lines.map((line) => `\n    ${line}`), '\n  '])}`;
}

function caseXml({ name, seconds, verdict, type, message, pods }: TestCase, report: JobReport): string {
  const log = logText(pods);
  const content: string[] = [];
  const attempts = pods.reduce((total, pod) => total + pod.attempts.filter(({ role }) => role === 'app').length, 0);
  if (attempts > 1) content.push(xmlElement('properties', {}, [xmlElement('property', { name: 'attempts', value: attempts })]));
  if (verdict === 'failed') content.push(xmlElement('failure', { type, message }, [xmlText(log === '' ? (message ?? '') : log)]));
  if (verdict === 'error') content.push(xmlElement('error', { type, message }, [xmlText(message ?? '')]));
  if (verdict === 'skipped') content.push(xmlElement('skipped', { message }));
  if (verdict !== 'failed' && log !== '') content.push(xmlElement('system-out', {}, [xmlText(log)]));
  return xmlElement('testcase', { name, classname: `${report.namespace}.${report.name}`, time: time(seconds) }, content);
}

/** The last lines of every run, each under a line that says whose they are. */
function logText(pods: readonly PodReport[]): string {
  const parts = pods.flatMap((pod) =>
    pod.attempts.flatMap(({ container, restart, exitCode, lastLines = [] }) => {
      if (lastLines.length === 0) return [];
      const end = exitCode === undefined ? '' : `, exit code ${exitCode}`;
      return [`--- pod ${pod.name}, container ${container}, start ${restart + 1}${end}\n${lastLines.join('\n')}\n`];
    }),
  );
  return parts.join('');
}

function time(seconds: number): string {
  return seconds.toFixed(3);
}
