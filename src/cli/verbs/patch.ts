// minik patch: changes fields of objects in place.
import { readFile } from 'node:fs/promises';
import { Option } from 'commander';
import { load } from 'js-yaml';
import { sameValue } from '../../api/equality.ts';
import { applyPatch } from '../../api/patch/apply-patch.ts';
import type { KubeObject } from '../../api/object.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { MANIFEST_SCHEMA } from '../manifests/yaml-schema.ts';
import { canBeSuspended, suspendPatch } from '../suspend/plan-suspend.ts';
import { createFailures, type Failures } from '../write/failures.ts';
import { startManifestRun } from '../write/manifest-run.ts';
import { createResultPrinter } from '../write/result-printer.ts';
import { findTargets, type Target } from '../write/targets.ts';
import { addFileFlags, addWriteFlags, dryRunOf, filesOf, type FileFlags, type WriteFlags } from '../write/write-flags.ts';

const TYPES = ['json', 'merge', 'strategic'] as const;
type Type = (typeof TYPES)[number];
type Subresource = 'status';

interface Flags extends FileFlags, WriteFlags {
  readonly patch?: string;
  readonly patchFile?: string;
  readonly suspend?: boolean;
  readonly type: string;
  readonly subresource?: string;
}

export const registerPatch: RegisterVerb = (program, launch) => {
  const command = program
    .command('patch')
    .summary('change fields of objects')
    .description(`Changes fields of objects in place: minik patch job/x -p '{"spec":{"suspend":true}}', or shorter: minik patch job/x --suspend`)
    .argument('[type/name...]', 'job x | job/x');
  addFileFlags(command, 'whose objects to patch');
  addWriteFlags(command, { manager: 'kubectl-patch' });
  command
    .option('-p, --patch <patch>', 'the patch, JSON or YAML')
    .option('--patch-file <path>', 'the file that holds the patch')
    .option('--type <json|merge|strategic>', 'the kind of patch', 'strategic')
    .option('--subresource <name>', 'patch this part of the object')
    .option('--suspend', 'suspend a Job or CronJob; --suspend=false resumes it')
    .addOption(new Option('--no-suspend').hideHelp())
    .action((words: string[], flags: Flags) => launch(command, (context) => patch(context, words, flags)));
};

async function patch(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  const { type, body } = await readPatch(flags);
  const printer = await createResultPrinter(context, flags);
  const { targets, failures } = await targetsOf(context, words, flags);
  const client = await context.client();
  for (const { resource, namespace, name } of targets) {
    try {
      if (flags.suspend !== undefined && !canBeSuspended(resource)) throw new UsageError(`--suspend is only for jobs and cronjobs, not for ${resource.plural}`);
      const before = await readBefore(context, { resource, namespace, name }, flags.subresource);
      const after =
        dryRunOf(flags) === 'client'
          ? (applyPatch(resource, before, { type, body }) as KubeObject)
          : await client.patch(resource, { namespace, name }, { type, body }, {
              dryRun: dryRunOf(flags) === 'server',
              fieldManager: flags.fieldManager,
              subresource: flags.subresource as Subresource | undefined,
            });
      await printer.print(after, sameValue(before, after) ? 'patched (no change)' : 'patched');
    } catch (error) {
      failures.add(error);
    }
  }
  return failures.finish();
}

async function readPatch(flags: Flags): Promise<{ readonly type: Type; readonly body: unknown }> {
  const type = typeOf(flags.type);
  if (flags.suspend === undefined) return { type, body: parsePatch(await patchText(flags), type) };
  const other = flags.patch !== undefined ? '--patch' : flags.patchFile !== undefined ? '--patch-file' : flags.subresource !== undefined ? '--subresource' : undefined;
  if (other !== undefined) throw new UsageError(`cannot specify --suspend and ${other} together: write spec.suspend into the patch, or patch twice`);
  return { type: 'merge', body: suspendPatch(flags.suspend) };
}

function typeOf(text: string): Type {
  const type = TYPES.find((one) => one === text.toLowerCase());
  if (type === undefined) throw new UsageError(`--type must be one of [${TYPES.join(' ')}], not "${text}"`);
  return type;
}

async function patchText({ patch: text = '', patchFile = '' }: Flags): Promise<string> {
  if (text !== '' && patchFile !== '') throw new UsageError('cannot specify --patch and --patch-file together');
  if (text === '' && patchFile === '') throw new UsageError('must specify --patch or --patch-file containing the contents of the patch');
  if (text !== '') return text;
  return readFile(patchFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'no such file or directory' : error.message;
    throw new UsageError(`unable to read patch file: open ${patchFile}: ${why}`, { cause: error });
  });
}

/** YAML will do, too. What is no object or list is refused here: the server would only say that it cannot decode it. */
export function parsePatch(text: string, type: Type): unknown {
  let value: unknown;
  try {
    value = load(text, { schema: MANIFEST_SCHEMA });
  } catch (error) {
    throw new UsageError(`unable to parse ${JSON.stringify(text)}: yaml: ${(error as Error).message}`, { cause: error });
  }
  const expected = type === 'json' ? Array.isArray(value) : typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!expected) {
    const shape = type === 'json' ? 'a list of operations: [{"op":"replace","path":"/spec/suspend","value":true}]' : 'an object: {"spec":{"suspend":true}}';
    throw new UsageError(`unable to parse ${JSON.stringify(text)}: a ${type} patch is ${shape}`);
  }
  return value;
}

async function targetsOf(
  context: CliContext,
  words: readonly string[],
  flags: Flags,
): Promise<{ readonly targets: readonly Target[]; readonly failures: Failures }> {
  if (filesOf(flags).length === 0) return { targets: await findTargets(context, words, {}), failures: createFailures(context) };
  const { manifests, failures } = await startManifestRun(context, { ...flags, validate: 'ignore' });
  return { targets: manifests, failures };
}

async function readBefore(context: CliContext, { resource, namespace, name }: Target, subresource: string | undefined): Promise<KubeObject> {
  const client = await context.client();
  if (subresource !== undefined && !resource.subresources.includes(subresource)) {
    throw new UsageError(`invalid subresource value: "${subresource}". Must be one of [${resource.subresources.join(' ')}]`);
  }
  return client.get(resource, { namespace, name });
}
