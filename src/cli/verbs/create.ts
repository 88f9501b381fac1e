// minik create: makes new objects, from manifests or from flags.
import { withLastApplied } from '../apply/last-applied.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import type { LocatedManifest } from '../manifests/locate.ts';
import { errorWhen } from '../write/failures.ts';
import { requireFiles, runManifests, startManifestRun } from '../write/manifest-run.ts';
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
import { registerCreateConfigMap } from './create-configmap.ts';
import { registerCreateCronJob } from './create-cronjob.ts';
import { registerCreateJob } from './create-job.ts';
import { registerCreateNamespace } from './create-namespace.ts';
import { registerCreateSecret } from './create-secret.ts';
import { registerCreateService } from './create-service.ts';
import { registerCreateServiceAccount } from './create-serviceaccount.ts';
import { registerCreateToken } from './create-token.ts';

interface CreateFlags extends FileFlags, WriteFlags, ValidateFlags {
  readonly selector?: string;
  readonly saveConfig?: boolean;
  readonly raw?: string;
}

export const registerCreate: RegisterVerb = (program, launch) => {
  const command = program
    .command('create')
    .summary('make new objects')
    .description('Makes new objects: from manifests with -f, or from flags: create job, create cronjob, create configmap, ...')
    .argument('[arguments...]');
  addFileFlags(command, 'what to create');
  addWriteFlags(command, { manager: 'kubectl-create' });
  addValidateFlag(command);
  command
    .option('--save-config', 'remember the manifests for later applies')
    .option('-l, --selector <selector>', 'create only what has these labels')
    .action((words: string[], flags: CreateFlags) => launch(command, (context) => create(context, words, flags)));
  for (const register of [registerCreateConfigMap, registerCreateCronJob, registerCreateJob, registerCreateNamespace, registerCreateSecret, registerCreateService, registerCreateServiceAccount, registerCreateToken]) {
    register(command, launch);
  }
};

async function create(context: CliContext, words: readonly string[], flags: CreateFlags): Promise<number> {
  if (words.length > 0) throw new UsageError(`Unexpected args: [${words.join(' ')}]\nSee 'minik create -h' for help and examples`);
  requireFiles(flags);
  const printer = await createResultPrinter(context, flags);
  const dryRun = dryRunOf(flags);
  const options = writeOptions(flags);
  const run = await startManifestRun(context, flags);
  const createOne = async ({ resource, object, source }: LocatedManifest): Promise<void> => {
    const complete = flags.saveConfig === true ? withLastApplied(object) : object;
    if (dryRun === 'client') return printer.print(complete, 'created');
    const client = await context.client();
    const created = await client.create(resource, complete, options).catch((error: unknown) => {
      throw errorWhen('creating', { error, file: source.name });
    });
    await printer.print(created, 'created');
  };
  const code = await runManifests(run, createOne);
  if (code === 0 && run.manifests.length === 0) throw new UsageError('no objects passed to create');
  return code;
}
