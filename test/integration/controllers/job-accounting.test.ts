// kill -9 at each step of a Job's accounting (uncounted -> finalizer -> counter): nothing is lost, nothing counted twice.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { Job, JobSpec, Pod } from '../../../src/api/generated/types.ts';
import { aJob } from '../../support/builders.ts';

const ACCOUNTANT = join(import.meta.dirname, '../../support/job-accountant.ts');
const MOST_LIVES = 120;

interface Final {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly lives: number;
}

/** Starts the accountant again and again, until one of its lives was long enough. */
async function liveUntilFinished(dieAfter: number, spec: Partial<JobSpec>): Promise<Final> {
  const home = mkdtempSync(join(tmpdir(), 'minik-test-'));
  const job: Job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'sums', namespace: 'default' }, spec: { ...spec, template: aJob().spec!.template } };
  const { labels: _labels, ...metadata } = job.spec!.template.metadata ?? {};
  const manifest = JSON.stringify({ ...job, spec: { ...job.spec, template: { ...job.spec!.template, metadata } } });
  try {
    for (let lives = 1; lives <= MOST_LIVES; lives += 1) {
      const life = await execa(process.execPath, [ACCOUNTANT, join(home, 'state.db'), String(dieAfter), manifest], { reject: false, timeout: 20_000 });
      if (life.exitCode === 0) return { ...(JSON.parse(life.stdout) as Final), lives };
      if (life.signal !== 'SIGKILL' || life.timedOut) throw new Error(`the accountant ended otherwise: ${life.stderr}`);
    }
    throw new Error(`the Job was not finished after ${MOST_LIVES} lives`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const phases = (pods: readonly Pod[], phase: string): number => pods.filter(({ status }) => status?.phase === phase).length;

test.each([
  { name: 'a Job that dies after each write', dieAfter: 1, spec: { completions: 3, parallelism: 2 } },
  { name: 'a Job that dies after every second write', dieAfter: 2, spec: { completions: 4, parallelism: 3 } },
  { name: 'an Indexed Job with retries of its own for each index', dieAfter: 1, spec: { completions: 3, parallelism: 2, completionMode: 'Indexed', backoffLimitPerIndex: 2 } },
])('$name ends with exact counts', async ({ dieAfter, spec }) => {
  const { job, pods, lives } = await liveUntilFinished(dieAfter, spec);
  expect(lives).toBeGreaterThan(5);
  expect(job.status?.conditions?.map(({ type }) => type)).toEqual(['SuccessCriteriaMet', 'Complete']);
  expect(job.status).toMatchObject({ succeeded: spec.completions, failed: 2, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
  expect([phases(pods, 'Succeeded'), phases(pods, 'Failed'), pods.length]).toEqual([spec.completions, 2, spec.completions + 2]);
  if (spec.completionMode === 'Indexed') expect(job.status).toMatchObject({ completedIndexes: '0-2', failedIndexes: '' });
}, 120_000);
