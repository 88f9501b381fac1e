// minik delete: removes objects and waits until they are gone.
import type { Status } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { addDeleteFlags, FORCE_WARNING, planDelete, type DeleteFlags, type DeletePlan } from '../write/delete-flags.ts';
import { confirm } from '../write/confirm.ts';
import { createFailures, errorWhen, type Failures } from '../write/failures.ts';
import { startManifestRun } from '../write/manifest-run.ts';
import { findTargets, type Target, type TargetFlags } from '../write/targets.ts';
import { deletionText, typeText } from '../write/deletion-text.ts';
import { waitGone, type Going } from '../write/wait-gone.ts';
import { addFileFlags, dryRunOf, dryRunText, filesOf, type FileFlags } from '../write/write-flags.ts';

interface Flags extends FileFlags, TargetFlags, DeleteFlags {
  readonly ignoreNotFound?: boolean;
  readonly output?: string;
  readonly dryRun?: string | true;
  readonly interactive?: boolean;
}

export const registerDelete: RegisterVerb = (program, launch) => {
  const command = program
    .command('delete')
    .summary('remove objects')
    .description('Removes objects, named or selected, and waits until they are gone.')
    .argument('[type/name...]', 'job a b | job/a pod/b | jobs --all | pods,jobs -l app=x');
  addFileFlags(command, 'what to delete');
  addDeleteFlags(command);
  command
    .option('--all', 'all objects of these types in the namespace')
    .option('-A, --all-namespaces', 'in all namespaces')
    .option('-l, --selector <selector>', 'labels to select by')
    .option('--field-selector <selector>', 'fields to select by')
    .option('--ignore-not-found', 'objects that do not exist are no error; so it is with --all')
    .option('--no-ignore-not-found', 'they are')
    .option('--now', 'let containers stop at once: a grace period of 1')
    .option('-i, --interactive', 'ask first')
    .option('--dry-run [none|client|server]', 'change nothing')
    .option('-o, --output <format>', 'name')
    .action((words: string[], flags: Flags) => launch(command, (context) => remove(context, words, flags)));
};

interface Condemned extends Target {
  /** Named in errors when the object came from a file. */
  readonly file?: string;
}

interface Removal {
  readonly plan: DeletePlan;
  readonly flags: Flags;
  readonly failures: Failures;
}

async function remove(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  if (flags.output !== undefined && flags.output !== '' && flags.output !== 'name') {
    throw new UsageError(`unexpected -o output mode: ${flags.output}. We only support '-o name'`);
  }
  const plan = planDelete(flags, { forceIsGrace0: true });
  const dryRun = dryRunOf(flags);
  const { condemned, failures } = await condemn(context, words, flags);
  if (plan.forced) await context.err.write(`Warning: ${FORCE_WARNING}\n`);
  if (flags.interactive === true && condemned.length > 0 && !(await agreed(context, condemned))) {
    await context.out.write('deletion is cancelled\n');
    return failures.finish();
  }
  const going = await removeAll(context, condemned, { plan, flags, failures });
  if (plan.wait && dryRun === 'none' && going.length > 0) {
    const client = await context.client();
    await waitGone(going, { client, clock: context.clock, signal: context.signal, timeoutMs: plan.timeoutMs }).catch((error: unknown) => failures.add(error));
  }
  const code = await failures.finish();
  if (condemned.length === 0 && code === 0 && flags.output !== 'name') await context.out.write('No resources found\n');
  return code;
}

async function condemn(
  context: CliContext,
  words: readonly string[],
  flags: Flags,
): Promise<{ readonly condemned: readonly Condemned[]; readonly failures: Failures }> {
  if (filesOf(flags).length === 0) return { condemned: await findTargets(context, words, flags), failures: createFailures(context) };
  if (words.length > 0) throw new UsageError('when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well');
  const { manifests, failures } = await startManifestRun(context, { ...flags, validate: 'ignore' });
  return { condemned: manifests.map(({ resource, namespace, name, source }) => ({ resource, namespace, name, file: source.name })), failures };
}

async function agreed(context: CliContext, condemned: readonly Condemned[]): Promise<boolean> {
  const lines = condemned.map((target) => `${shortName(target)}\n`).join('');
  await context.out.write(`You are about to delete the following ${condemned.length} resource(s):\n${lines}`);
  return confirm(context, 'Do you want to continue?');
}

/** Those that the server took away or marked; the rest are failures. */
async function removeAll(context: CliContext, condemned: readonly Condemned[], removal: Removal): Promise<Going[]> {
  const going: Going[] = [];
  for (const target of condemned) {
    try {
      const uid = await removeOne(context, target, removal);
      await context.out.write(deletedText(target, removal));
      going.push({ ...target, uid });
    } catch (error) {
      const ignored = removal.flags.ignoreNotFound ?? removal.flags.all === true;
      if (ignored && isNotFound(error)) continue;
      removal.failures.add(target.file === undefined ? error : errorWhen('deleting', { error, file: target.file }));
    }
  }
  return going;
}

async function removeOne(context: CliContext, { resource, namespace, name }: Condemned, { plan, flags }: Removal): Promise<string | undefined> {
  const dryRun = dryRunOf(flags);
  if (dryRun === 'client') return undefined;
  const client = await context.client();
  const reply = await client.delete(resource, { namespace, name }, dryRun === 'server' ? { ...plan.options, dryRun: ['All'] } : plan.options);
  return (reply as Status).details?.uid ?? (reply as KubeObject).metadata?.uid;
}

function deletedText(target: Condemned, { plan, flags }: Removal): string {
  if (flags.output === 'name') return `${shortName(target)}\n`;
  return `${deletionText(target, plan)}${dryRunText(dryRunOf(flags))}\n`;
}

function shortName(target: Condemned): string {
  return `${typeText(target.resource)}/${target.name}`;
}
