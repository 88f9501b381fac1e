// Keeps what a container leaves, its exit and its log, before the container goes. A log that cannot be kept is told in an
// event and then given up: a container that is never removed would cost more.
import type { Attempt } from '../../api/attempt/attempt.ts';
import { CALL_LIMIT_MS, type ActionScope } from '../action-scope.ts';
import { within } from '../call-deadline.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import { RuntimeError, type ContainerState } from '../runtime/container-runtime.ts';
import { attemptFacts, lostFacts } from './attempt-facts.ts';
import { LogTail } from './log-tail.ts';

/** How often in a row it may fail before the container goes all the same. */
const MAX_TRIES = 3;
const READ_LIMIT_MS = 60_000;
/** Engines know a log's end by lines only: so long they are taken to be at first, so short they can be at most. */
const LINE_BYTES_GUESSES = [64, 22];
/** Where fewer lines come than were asked for, there are no more; but long lines are counted in parts. */
const ALL_LINES_SHARE = 0.9;
const NEWLINE = 10;

/** Repeatable: what is kept is not kept again. Rejects when it should be tried again. */
export async function archiveAttempt(scope: ActionScope, id: string): Promise<void> {
  const { context, record } = scope;
  const container = await endedContainer(scope, id);
  if (container === undefined) return;
  const { pod, memory } = record;
  const seen = attemptFacts({ pod, memory, node: context.node() }, container);
  if (seen === undefined || (await context.archive.has(seen))) return;
  const facts = lostFacts(seen, context.clock.now());
  const tries = (record.archiveFailures.get(id) ?? 0) + 1;
  const isLastTry = tries >= MAX_TRIES;
  try {
    const problem = await context.archive.turns.run(() => keep(context, facts, { id, isLastTry }));
    if (problem !== undefined) tell(scope, facts, problem);
  } catch (error) {
    record.archiveFailures.set(id, tries);
    if (!isLastTry) throw error;
    tell(scope, facts, error instanceof Error ? error.message : String(error));
  }
}

/** What still runs is ended first: its last lines belong to its log. */
async function endedContainer({ context, record, refresh }: ActionScope, id: string): Promise<ContainerState | undefined> {
  const known = record.containers.get(id);
  if (known?.phase !== 'running') return known;
  record.setStop(id, { deadline: context.clock.now() });
  await within(context.clock, CALL_LIMIT_MS, { what: 'kill', run: () => context.runtime.kill(id, 'SIGKILL') });
  await refresh(id);
  return record.containers.get(id);
}

interface Try {
  readonly id: string;
  readonly isLastTry: boolean;
}

/** Returns why the log is missing, if it should not. */
async function keep(context: KubeletContext, facts: Attempt, attempt: Try): Promise<string | undefined> {
  if (context.archive.limits.logBytes === 0) {
    await context.archive.keep({ ...facts, logProblem: 'logs are not kept: their limit is 0' }, new Uint8Array());
    return undefined;
  }
  const { bytes, isTruncated, problem } = await readLog(context, attempt);
  await context.archive.keep({ ...facts, isTruncated, ...(problem === undefined ? {} : { logProblem: problem }) }, bytes);
  return problem;
}

interface ReadLog {
  readonly bytes: Uint8Array;
  readonly isTruncated: boolean;
  readonly problem?: string;
}

async function readLog(context: KubeletContext, { id, isLastTry }: Try): Promise<ReadLog> {
  const { clock } = context;
  // Not ended with the kubelet: a stream that is aborted ends quietly, and half a log would pass for a whole one.
  const late = new AbortController();
  try {
    return await within(clock, READ_LIMIT_MS, { what: 'logs', run: () => readTail(context, id, late.signal) });
  } catch (error) {
    // That the engine does not answer may pass; that it has no log for us will not.
    const mayPass = !(error instanceof RuntimeError) || error.code === 'Unavailable';
    if (mayPass && !isLastTry) throw error;
    return { bytes: new Uint8Array(), isTruncated: false, problem: error instanceof Error ? error.message : String(error) };
  } finally {
    late.abort();
  }
}

async function readTail({ archive, runtime }: KubeletContext, id: string, signal: AbortSignal): Promise<ReadLog> {
  const { logBytes } = archive.limits;
  let read: ReadLog = { bytes: new Uint8Array(), isTruncated: false };
  for (const lineBytes of LINE_BYTES_GUESSES) {
    const tailLines = Math.ceil(logBytes / lineBytes) + 1;
    const tail = new LogTail(logBytes);
    let lines = 0;
    for await (const chunk of runtime.logs(id, { follow: false, timestamps: true, tailLines, signal })) {
      tail.push(chunk);
      lines += countNewlines(chunk);
    }
    read = tail.end();
    if (read.isTruncated || lines < tailLines * ALL_LINES_SHARE) break;
  }
  return read;
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

function tell({ context, record }: ActionScope, { container, restart }: Attempt, why: string): void {
  context.log.warn('the log of an attempt was not archived', { pod: record.pod.metadata?.name, container, restart, why });
  const message = `The log of container ${container} (restart ${restart}) could not be archived and is lost: ${why}`;
  context.recorder.event(record.pod, { type: 'Warning', reason: 'FailedArchive', message });
}
