// The flags that say how objects are deleted, for delete itself and for what deletes on the way: replace --force, run --rm.
import type { Command } from 'commander';
import type { DeleteOptions } from '../../api/generated/types.ts';
import { UsageError } from '../context.ts';
import { durationOf, integerOf } from './write-flags.ts';

export interface DeleteFlags {
  readonly cascade?: string | true;
  readonly force?: boolean;
  readonly now?: boolean;
  readonly gracePeriod?: number;
  /** Milliseconds; 0: no limit. */
  readonly timeout?: number;
  /** Absent: not said. */
  readonly wait?: boolean;
}

export function addDeleteFlags(command: Command): Command {
  return command
    .option('--cascade [background|foreground|orphan]', 'what happens to the objects that these own')
    .option('--force', 'do not let containers stop gracefully')
    .option('--grace-period <seconds>', 'how long containers may take to stop', (text) => integerOf(text, '--grace-period'))
    .option('--timeout <duration>', 'how long to wait for the objects to be gone; 0s: for ever', (text) => durationOf(text, '--timeout'))
    .option('--wait', 'wait until the objects are gone')
    .option('--no-wait', 'do not');
}

export interface DeletePlan {
  readonly options: DeleteOptions;
  /** Grace 0 was asked for with --force: "force deleted". */
  readonly forced: boolean;
  readonly wait: boolean;
  readonly timeoutMs: number;
}

const CASCADES: Readonly<Record<string, string>> = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan', true: 'Background', false: 'Orphan' };

/** `forceIsGrace0`: --force alone cuts the grace period; it does for delete, while replace --force only means "delete first". */
export function planDelete(flags: DeleteFlags, { forceIsGrace0 }: { readonly forceIsGrace0: boolean }): DeletePlan {
  const propagationPolicy = CASCADES[String(flags.cascade ?? 'background')];
  if (propagationPolicy === undefined) throw new UsageError(`invalid cascade value (${flags.cascade}). Must be "background", "foreground", or "orphan"`);
  const given = flags.gracePeriod ?? -1;
  if (flags.now === true && given !== -1) throw new UsageError('--now and --grace-period cannot be specified together');
  if (flags.force === true && given > 0) throw new UsageError('--force and --grace-period greater than 0 cannot be specified together');
  const grace = graceSeconds(flags, { given, forceIsGrace0 });
  return {
    options: { ...(grace === undefined ? {} : { gracePeriodSeconds: grace }), propagationPolicy },
    forced: flags.force === true && grace === 0,
    wait: flags.wait ?? true,
    timeoutMs: flags.timeout ?? 0,
  };
}

/** Undefined: the object's own. 0 only by force; without it 1 is as short as it gets. */
function graceSeconds(
  flags: DeleteFlags,
  { given, forceIsGrace0 }: { readonly given: number; readonly forceIsGrace0: boolean },
): number | undefined {
  if (flags.now === true) return 1;
  if (given < 0) return flags.force === true && forceIsGrace0 ? 0 : undefined;
  return given === 0 && flags.force !== true ? 1 : given;
}

export const FORCE_WARNING =
  'Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.';
