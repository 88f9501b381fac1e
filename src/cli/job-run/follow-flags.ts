// The flags of verbs that follow Jobs to their end, and what they mean.
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../context.ts';
import { durationOf } from '../write/write-flags.ts';
import { EXIT_CODES } from './ending.ts';
import type { RunOptions } from './run-jobs.ts';

export interface FollowFlags {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly startTimeout?: number;
  readonly prefix?: boolean;
}

const START_TIMEOUT_MS = 30_000;

export function addFollowFlags(command: Command): Command {
  return command
    .option('--timeout <duration>', 'stop the Job, as its activeDeadlineSeconds would, when it is not finished after this: 90s, 10m', (text) => durationOf(text, '--timeout'))
    .option('--start-timeout <duration>', 'give up when a Pod cannot be started for this long; 0s: never (default 30s)', (text) => durationOf(text, '--start-timeout'))
    .option('--no-prefix', 'do not put pod and container before each line');
}

/** For a verb that only waits when it is told to. */
export function addWaitFlags(command: Command): Command {
  command
    .option('--wait', 'wait for its end, and exit as run-job does')
    .option('--logs', 'the same, and show the logs of its containers');
  return addFollowFlags(command);
}

export interface WaitFlags extends FollowFlags {
  readonly wait?: boolean;
  readonly logs?: boolean;
}

/** Undefined: nobody waits. */
export function waitOptionsOf(flags: WaitFlags): RunOptions | undefined {
  const logs = flags.logs === true;
  if (!logs && flags.wait !== true) {
    if (flags.timeout !== undefined || flags.startTimeout !== undefined) throw new UsageError('--timeout and --start-timeout need --wait or --logs');
    return undefined;
  }
  return { ...followOptionsOf(flags), logs, json: false, remove: false };
}

export function followOptionsOf(flags: FollowFlags): Pick<RunOptions, 'prefix' | 'timeoutMs' | 'startTimeoutMs'> {
  for (const [name, ms] of [['--timeout', flags.timeout], ['--start-timeout', flags.startTimeout]] as const) {
    if (ms !== undefined && ms < 0) throw new UsageError(`${name} must not be negative`);
  }
  return { prefix: flags.prefix !== false, timeoutMs: flags.timeout ?? 0, startTimeoutMs: flags.startTimeout ?? START_TIMEOUT_MS };
}

/** Found out before anything runs: an hour later would be late. */
export async function requireWritable(path: string, flag: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((error: Error) => {
    throw new UsageError(`${flag}: ${error.message}`, { cause: error });
  });
}

export function exitCodesText(): string {
  return `\nExit codes:\n${EXIT_CODES.map(([code, meaning]) => `  ${code.padEnd(5)}${meaning}`).join('\n')}\n`;
}
