// What label and annotate do alike: find the objects, plan the change of each, send it, say what was done.
import { Option, type Command } from 'commander';
import type { KubeObject } from '../../api/object.ts';
import { kindText } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import { UsageError, type CliContext } from '../context.ts';
import { createFailures, type Failures } from './failures.ts';
import { startManifestRun } from './manifest-run.ts';
import { planMapChanges, splitChanges, type MapChanges, type MapPlan } from './map-changes.ts';
import { createResultPrinter } from './result-printer.ts';
import { findTargets, type Target, type TargetFlags } from './targets.ts';
import { addFileFlags, addWriteFlags, dryRunOf, filesOf, type FileFlags, type WriteFlags } from './write-flags.ts';

export interface MapVerb {
  readonly what: 'label' | 'annotation';
  readonly field: 'labels' | 'annotations';
  /** What was done, in the past: "labeled", "not labeled", ... */
  doneText(plan: MapPlan): string;
  /** One text an error; none when overwriting is no matter. */
  clashErrors(clashes: MapPlan['clashes']): readonly string[];
}

export interface MapFlags extends FileFlags, WriteFlags, TargetFlags {
  readonly overwrite?: boolean;
  readonly list?: boolean;
  readonly resourceVersion?: string;
}

export function addMapFlags(command: Command, { manager, what }: { readonly manager: string; readonly what: string }): Command {
  addFileFlags(command, `whose objects to change`);
  addWriteFlags(command, { manager });
  return command
    .option('--overwrite', `change ${what} that are there`)
    .option('--list', `show the ${what}`)
    .option('--all', 'all objects of these types in the namespace')
    .option('-A, --all-namespaces', 'in all namespaces')
    .option('-l, --selector <selector>', 'labels to select by')
    .option('--field-selector <selector>', 'fields to select by')
    .addOption(new Option('--resource-version <version>').hideHelp());
}

export async function changeMap(context: CliContext, words: readonly string[], at: { readonly flags: MapFlags; readonly verb: MapVerb }): Promise<number> {
  const { flags, verb } = at;
  const { targets: names, changes } = splitChanges(words, { what: verb.what, list: flags.list === true });
  if (names.length === 0 && filesOf(flags).length === 0) {
    throw new UsageError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  }
  if (flags.all === true && flags.selector !== undefined) throw new UsageError('cannot set --all and --selector at the same time');
  const { targets, failures } = await targetsOf(context, names, flags);
  if (flags.resourceVersion !== undefined && targets.length > 1) throw new UsageError('--resource-version may only be used with a single resource');
  const client = await context.client();
  const change = await createChange(context, { ...at, changes, client, failures, several: targets.length > 1 });
  for (const target of targets) {
    try {
      const { resource, namespace, name } = target;
      await change(target, target.listed ?? (await client.get(resource, { namespace, name })));
    } catch (error) {
      failures.add(error);
    }
  }
  return failures.finish();
}

async function targetsOf(
  context: CliContext,
  words: readonly string[],
  flags: MapFlags,
): Promise<{ readonly targets: readonly Target[]; readonly failures: Failures }> {
  if (filesOf(flags).length === 0) return { targets: await findTargets(context, words, flags), failures: createFailures(context) };
  const { manifests, failures } = await startManifestRun(context, { ...flags, validate: 'ignore' });
  return { targets: manifests, failures };
}

interface Change {
  readonly flags: MapFlags;
  readonly verb: MapVerb;
  readonly changes: MapChanges;
  readonly client: Client;
  readonly failures: Failures;
  readonly several: boolean;
}

async function createChange(context: CliContext, change: Change): Promise<(target: Target, current: KubeObject) => Promise<void>> {
  const { flags, verb, changes, failures } = change;
  const printer = await createResultPrinter(context, flags);
  return async (target, current) => {
    const map = current.metadata?.[verb.field] ?? {};
    const plan = planMapChanges(map, changes);
    if (flags.overwrite !== true && plan.clashes.length > 0) {
      for (const text of verb.clashErrors(plan.clashes)) failures.add(new UsageError(text));
      return;
    }
    if (verb.what === 'label' && !printer.printsObjects) await context.out.write(plan.absent.map((key) => `label "${key}" not found.\n`).join(''));
    const after = await send(target, { change, current, plan });
    if (flags.list !== true) return printer.print(after, verb.doneText(plan));
    const head = change.several ? `Listing ${verb.field} for ${kindText(target.resource)}/${target.name}:\n` : '';
    const lines = Object.entries(after.metadata?.[verb.field] ?? {}).map(([key, value]) => `${change.several ? ' ' : ''}${key}=${value}\n`);
    await context.out.write(head + lines.sort().join(''));
  };
}

async function send(
  { resource, namespace, name }: Target,
  { change, current, plan }: { readonly change: Change; readonly current: KubeObject; readonly plan: MapPlan },
): Promise<KubeObject> {
  const { flags, verb, client } = change;
  if (Object.keys(plan.patch).length === 0) return current;
  if (dryRunOf(flags) === 'client') {
    const changed = Object.entries({ ...current.metadata?.[verb.field], ...plan.patch }).filter(([, value]) => value !== null);
    return { ...current, metadata: { ...current.metadata, [verb.field]: Object.fromEntries(changed) } };
  }
  const metadata = { [verb.field]: plan.patch, ...(flags.resourceVersion === undefined ? {} : { resourceVersion: flags.resourceVersion }) };
  const write = { dryRun: dryRunOf(flags) === 'server', fieldManager: flags.fieldManager };
  return client.patch(resource, { namespace, name }, { type: 'merge', body: { metadata } }, write);
}
