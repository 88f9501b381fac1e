// Suspends or resumes Jobs and CronJobs: what the verbs suspend and resume have in common.
import type { Command } from 'commander';
import type { KubeObject } from '../../api/object.ts';
import { applyPatch } from '../../api/patch/apply-patch.ts';
import { UsageError, type CliContext, type Launch } from '../context.ts';
import { createFailures } from '../write/failures.ts';
import { createResultPrinter } from '../write/result-printer.ts';
import { findTargets, type Target, type TargetFlags } from '../write/targets.ts';
import { addWriteFlags, dryRunOf, type WriteFlags } from '../write/write-flags.ts';
import { canBeSuspended, idleWarning, isSuspended, suspendPatch } from './plan-suspend.ts';

interface Flags extends TargetFlags, WriteFlags {}

export interface SuspendVerb {
  readonly suspend: boolean;
  /** "suspended" */
  readonly done: string;
}

export function addSuspendFlags(command: Command, launch: Launch, verb: SuspendVerb): void {
  command.argument('[type/name...]', 'job/a cronjob/b | jobs -l app=x');
  addWriteFlags(command, { manager: `minik-${command.name()}` });
  command
    .option('-l, --selector <selector>', 'labels to select by')
    .option('--field-selector <selector>', 'fields to select by')
    .option('--all', 'all of these types in the namespace')
    .option('-A, --all-namespaces', 'in all namespaces')
    .action((words: string[], flags: Flags) => launch(command, (context) => setSuspend(context, words, { flags, verb })));
}

async function setSuspend(context: CliContext, words: readonly string[], { flags, verb }: { readonly flags: Flags; readonly verb: SuspendVerb }): Promise<number> {
  const printer = await createResultPrinter(context, flags);
  const targets = await findTargets(context, words, flags);
  for (const target of targets) refuseOthers(target, verb);
  if (targets.length === 0) await context.err.write('No resources found\n');
  const failures = createFailures(context);
  const dryRun = dryRunOf(flags);
  const client = await context.client();
  for (const { resource, namespace, name, listed } of targets) {
    try {
      const before = listed ?? (await client.get(resource, { namespace, name }));
      const warning = idleWarning(before, verb.suspend);
      if (warning !== undefined) await context.err.write(`Warning: ${warning}\n`);
      const unchanged = isSuspended(before) === verb.suspend;
      const patch = { type: 'merge', body: suspendPatch(verb.suspend) } as const;
      const after =
        dryRun === 'client' || unchanged
          ? (applyPatch(resource, before, patch) as KubeObject)
          : await client.patch(resource, { namespace, name }, patch, { dryRun: dryRun === 'server', fieldManager: flags.fieldManager });
      await printer.print(after, unchanged ? `${verb.done} (no change)` : verb.done);
    } catch (error) {
      failures.add(error);
    }
  }
  return failures.finish();
}

function refuseOthers({ resource, name }: Target, { suspend }: SuspendVerb): void {
  if (canBeSuspended(resource)) return;
  throw new UsageError(`${resource.singular}/${name} cannot be ${suspend ? 'suspended' : 'resumed'}: only jobs and cronjobs can`);
}
