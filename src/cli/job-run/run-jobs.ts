// Follows several Jobs at once, hears interrupts, and gives the reports and the exit code: what run-job, trigger and rerun
// have in common.
import { writeFile } from 'node:fs/promises';
import type { Job } from '../../api/generated/types.ts';
import type { Client } from '../../client/client.ts';
import { UsageError, type CliContext } from '../context.ts';
import { errorText } from '../error-text.ts';
import { deleteJobs, removeComplete } from './delete-jobs.ts';
import { RunDisplay } from './display.ts';
import { endingText, exitCodeOf, INTERRUPTED, OWN_FAILURE } from './ending.ts';
import { followJob } from './follow-job.ts';
import { holdInterrupts, type Interruption } from './interruption.ts';
import { junitText } from './junit.ts';
import { exitCodeOfRuns, runReport, type JobRun, type WholeRun } from './report.ts';

export interface RunOptions {
  readonly logs: boolean;
  readonly prefix: boolean;
  /** Milliseconds; 0: no limit. */
  readonly timeoutMs: number;
  readonly startTimeoutMs: number;
  readonly json: boolean;
  readonly junit?: string;
  /** Delete Jobs that are complete. */
  readonly remove: boolean;
}

/** A Job to follow, or one that could not be had. */
export type Wanted =
  | {
      readonly job: Job;
      /** This command has made it, or was given its manifest: an interrupt deletes it. */
      readonly isOwn: boolean;
    }
  | { readonly name: string; readonly namespace: string; readonly refused: string };

export interface Finding {
  readonly context: CliContext;
  readonly client: Client;
  readonly display: RunDisplay;
  /** Aborted when it is interrupted. */
  readonly signal: AbortSignal;
  found(wanted: Wanted): void;
}

/** Makes or finds the Jobs, one after the other. What it throws is nobody's Job: bad flags, a file that cannot be read. */
export type FindJobs = (finding: Finding) => Promise<void>;

/** The exit code. */
export async function runJobs(context: CliContext, options: RunOptions, find: FindJobs): Promise<number> {
  const { clock, err, out } = context;
  const display = new RunDisplay({ logs: options.json ? err : out, messages: err, clock });
  const began = clock.now();
  const wanted: Wanted[] = [];
  const ended = new Set<Job>();
  const interruption = holdInterrupts(context, { display, owned: () => unended(wanted, ended).map(({ metadata }) => `job.batch/${metadata?.name}`).join(', ') });
  try {
    const client = await context.client();
    await findUntilInterrupted({ context, client, display, options, interruption, ended }, find, wanted);
    const runs = await followAll({ context, client, display, options, interruption, ended }, wanted);
    const isCutShort = interruption.decided() !== undefined && (runs.length === 0 || runs.some(({ ending }) => ending.type === 'Interrupted'));
    const whole: WholeRun = { runs, began, ended: clock.now(), exitCode: isCutShort ? INTERRUPTED : exitCodeOfRuns(runs) };
    if (options.remove) await removeComplete(runs, { client, display });
    await display.end();
    await writeReports(context, options, whole);
    return whole.exitCode;
  } catch (error) {
    // Any other code would be taken for a container's.
    await display.end();
    await err.write(errorText(error));
    return OWN_FAILURE;
  } finally {
    interruption.end();
    await display.end();
  }
}

interface Following {
  readonly context: CliContext;
  readonly client: Client;
  readonly display: RunDisplay;
  readonly options: RunOptions;
  readonly interruption: Interruption;
  /** Jobs that have come to their end: there is nothing to interrupt. */
  readonly ended: Set<Job>;
}

async function findUntilInterrupted({ context, client, display, interruption }: Following, find: FindJobs, wanted: Wanted[]): Promise<void> {
  const stop = new AbortController();
  void interruption.wish.then(() => stop.abort(new Error('interrupted')));
  try {
    await find({ context, client, display, signal: stop.signal, found: (one) => wanted.push(one) });
  } catch (error) {
    if (interruption.decided() === undefined) throw error;
  }
}

async function followAll(following: Following, wanted: readonly Wanted[]): Promise<JobRun[]> {
  const { context, client, display, options, interruption, ended } = following;
  const leave = new AbortController();
  const interrupted = (): string | undefined => ({ delete: 'the Job was deleted', leave: 'it runs on', none: undefined })[interruption.decided() ?? 'none'];
  const { logs, prefix, timeoutMs, startTimeoutMs } = options;
  const common = { client, clock: context.clock, display, logs, prefix, timeoutMs, startTimeoutMs, signal: leave.signal, interruption: interrupted };
  const onEnd = (job: Job): void => {
    ended.add(job);
    if (unended(wanted, ended).length === 0) interruption.withdraw();
  };
  const all = Promise.all(
    wanted.map(async (one) => {
      const run = 'refused' in one ? refusedRun(one, context.clock.now()) : await followJob(one.job, { ...common, onEnd: () => onEnd(one.job) });
      if (!('refused' in one)) await display.say(endLines(run).join('\n'));
      return run;
    }),
  );
  const wish = await Promise.race([all.then(() => undefined), interruption.wish]);
  if (wish === 'delete') {
    // What is not ours runs on, and nobody waits for it.
    await deleteJobs(unended(wanted, ended), { client, display, clock: context.clock, again: interruption.again });
    if (wanted.some((one) => 'job' in one && !one.isOwn)) leave.abort();
    await Promise.race([all, interruption.again, sleepAfterDeletion(context)]);
  }
  if (wish !== undefined) leave.abort();
  return all;
}

const DELETION_TOLD_MS = 5_000;

/** The watch tells of the deletion in its own time, but not for ever. */
function sleepAfterDeletion({ clock }: CliContext): Promise<void> {
  return new Promise((resolve) => clock.setTimer(DELETION_TOLD_MS, resolve));
}

async function writeReports(context: CliContext, { json, junit }: RunOptions, whole: WholeRun): Promise<void> {
  if (json) await context.out.write(`${JSON.stringify(runReport(whole), null, 4)}\n`);
  if (junit === undefined) return;
  await writeFile(junit, junitText(whole)).catch((error: Error) => {
    throw new UsageError(`--junit: ${error.message}`, { cause: error });
  });
}

/** What an interrupt deletes. */
function unended(wanted: readonly Wanted[], ended: ReadonlySet<Job>): Job[] {
  return wanted.flatMap((one) => ('job' in one && one.isOwn && !ended.has(one.job) ? [one.job] : []));
}

function refusedRun({ name, namespace, refused }: Extract<Wanted, { refused: string }>, now: number): JobRun {
  return { name, namespace, pods: [], ending: { type: 'Refused', message: refused }, began: now, ended: now, lastLines: new Map() };
}

function endLines(run: JobRun): string[] {
  const name = `job.batch/${run.name}`;
  const end = `${name} ${endingText(run.ending)}${countText(run)}`;
  return run.ending.type === 'NotStarted' ? [end, `${name} is left as it is and starts when it can: minik delete job/${run.name} removes it`] : [end];
}

function countText({ job, ending }: JobRun): string {
  const { succeeded = 0, failed = 0 } = job?.status ?? {};
  if (exitCodeOf(ending) !== 0 || failed === 0) return '';
  return ` (${succeeded} succeeded, ${failed} failed)`;
}
