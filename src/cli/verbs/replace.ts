// minik replace: puts whole manifests in the place of objects that exist.
import { isNotFound } from '../../api/status-error.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Client } from '../../client/client.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import type { LocatedManifest } from '../manifests/locate.ts';
import { addDeleteFlags, planDelete, type DeleteFlags } from '../write/delete-flags.ts';
import { errorWhen } from '../write/failures.ts';
import { requireFiles, runManifests, startManifestRun } from '../write/manifest-run.ts';
import { replaceByForce } from '../write/replace-by-force.ts';
import { createResultPrinter } from '../write/result-printer.ts';
import {
  addFileFlags,
  addValidateFlag,
  addWriteFlags,
  dryRunOf,
  writeOptions,
  type FileFlags,
  type ValidateFlags,
  type WriteFlags,
} from '../write/write-flags.ts';

interface Flags extends FileFlags, WriteFlags, ValidateFlags, DeleteFlags {
  readonly saveConfig?: boolean;
}

export const registerReplace: RegisterVerb = (program, launch) => {
  const command = program
    .command('replace')
    .summary('replace whole objects')
    .description('Replaces objects by the manifests; with --force deletes them first and makes them anew.')
    .argument('[arguments...]');
  addFileFlags(command, 'what to put there');
  addWriteFlags(command, { manager: 'kubectl-replace' });
  addValidateFlag(command);
  addDeleteFlags(command);
  command
    .option('--save-config', 'remember the manifests for later applies')
    .action((words: string[], flags: Flags) => launch(command, (context) => replace(context, words, flags)));
};

async function replace(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  if (words.length > 0) throw new UsageError(`Unexpected args: [${words.join(' ')}]\nSee 'minik replace -h' for help and examples`);
  requireFiles(flags);
  const dryRun = dryRunOf(flags);
  if (flags.force === true && dryRun !== 'none') throw new UsageError('--dry-run can not be used when --force is set');
  const printer = await createResultPrinter(context, flags);
  const plan = planDelete(flags, { forceIsGrace0: false });
  const write = writeOptions(flags);
  const run = await startManifestRun(context, flags);
  const sayDeleted = (text: string): Promise<void> => (printer.printsObjects ? Promise.resolve() : context.out.write(`${text}\n`));
  const replaceOne = async (given: LocatedManifest): Promise<void> => {
    const manifest = flags.saveConfig === true ? { ...given, object: withLastApplied(given.object) } : given;
    if (dryRun === 'client') return printer.print(manifest.object, 'replaced');
    const client = await context.client();
    const replaced =
      flags.force === true
        ? await replaceByForce(manifest, { client, write, plan, clock: context.clock, signal: context.signal, onDeleted: sayDeleted })
        : await put(client, manifest, write);
    await printer.print(replaced, 'replaced');
  };
  const code = await runManifests(run, replaceOne);
  if (code === 0 && run.manifests.length === 0) throw new UsageError('no objects passed to replace');
  return code;
}

async function put(client: Client, { resource, namespace, name, object, source }: LocatedManifest, write: ReturnType<typeof writeOptions>): Promise<KubeObject> {
  try {
    if (name === '') throw new Error('resource name may not be empty');
    const resourceVersion = object.metadata?.resourceVersion ?? (await newestVersion(client, { resource, namespace, name }));
    return await client.update(resource, { ...object, metadata: { ...object.metadata, resourceVersion } }, write);
  } catch (error) {
    throw errorWhen('replacing', { error, file: source.name });
  }
}

/** Undefined for what does not exist: the PUT says so in its own words. */
async function newestVersion(client: Client, { resource, namespace, name }: Pick<LocatedManifest, 'resource' | 'namespace' | 'name'>): Promise<string | undefined> {
  try {
    return (await client.get(resource, { namespace, name })).metadata?.resourceVersion;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
