// minik apply: makes the server's objects what the manifests say.
import { Option } from 'commander';
import { StatusError } from '../../api/status-error.ts';
import type { KubeObject } from '../../api/object.ts';
import { applyManifest, type Applied } from '../apply/apply-manifest.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import type { LocatedManifest } from '../manifests/locate.ts';
import { addDeleteFlags, planDelete, type DeleteFlags } from '../write/delete-flags.ts';
import { placesHint, requireFiles, runManifests, startManifestRun, type ManifestRun } from '../write/manifest-run.ts';
import { createResultPrinter, displayName, type ResultPrinter } from '../write/result-printer.ts';
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

interface ApplyFlags extends FileFlags, WriteFlags, ValidateFlags, DeleteFlags {
  readonly selector?: string;
  readonly serverSide?: boolean;
  readonly prune?: boolean;
}

export const registerApply: RegisterVerb = (program, launch) => {
  const command = program
    .command('apply')
    .summary('make objects what manifests say')
    .description('Creates the objects of the manifests, or changes those that exist.')
    .argument('[arguments...]');
  addFileFlags(command, 'what to apply');
  addWriteFlags(command, { manager: 'kubectl-client-side-apply' });
  addValidateFlag(command);
  addDeleteFlags(command);
  command
    .option('-l, --selector <selector>', 'apply only what has these labels')
    .addOption(new Option('--server-side').hideHelp())
    .addOption(new Option('--prune').hideHelp())
    .addOption(new Option('--all').hideHelp())
    .addOption(new Option('--overwrite [bool]').hideHelp())
    .addOption(new Option('--openapi-patch [bool]').hideHelp());
  command.action((words: string[], flags: ApplyFlags) => launch(command, (context) => apply(context, words, flags)));
};

async function apply(context: CliContext, words: readonly string[], flags: ApplyFlags): Promise<number> {
  refuseWhatCannotBe(words, flags);
  const printer = await createResultPrinter(context, flags);
  const dryRun = dryRunOf(flags);
  const write = writeOptions(flags);
  const plan = planDelete(flags, { forceIsGrace0: false });
  const force = flags.force === true ? { plan, clock: context.clock, signal: context.signal } : undefined;
  const run = await startManifestRun(context, flags);
  if (run.manifests.length === 0) return nothingApplied(run);
  const client = await context.client();
  const warn = (text: string): Promise<void> => context.err.write(`Warning: ${text}\n`);
  const shown = printer.printsObjects && flags.output !== 'name' && run.manifests.length > 1 ? gathering() : writing(printer);
  const code = await runManifests(run, async (manifest) => shown.add(await applyManifest(manifest, { client, dryRun, write, force, warn })), hintOf);
  await shown.finish(printer);
  return code;
}

function refuseWhatCannotBe(words: readonly string[], flags: ApplyFlags): void {
  if (words.length > 0) throw new UsageError(`Unexpected args: [${words.join(' ')}]\nSee 'minik apply -h' for help and examples`);
  if (flags.serverSide === true) throw new UsageError('--server-side is not supported: there is no server-side apply here; leave the flag out');
  if (flags.prune === true) throw new UsageError('--prune is not supported: delete what is no longer wanted with minik delete');
  requireFiles(flags);
}

async function nothingApplied({ failures }: ManifestRun): Promise<number> {
  const code = await failures.finish();
  if (code === 0) throw new UsageError('no objects passed to apply');
  return code;
}

interface Shown {
  add(applied: Applied): void | Promise<void>;
  finish(printer: ResultPrinter): Promise<void>;
}

function writing(printer: ResultPrinter): Shown {
  return { add: ({ object, done }) => printer.print(object, done), finish: async () => {} };
}

/** Several objects in JSON or YAML are printed as one List. */
function gathering(): Shown {
  const objects: KubeObject[] = [];
  return {
    add: ({ object }) => void objects.push(object),
    finish: (printer) => printer.print({ apiVersion: 'v1', items: objects, kind: 'List', metadata: {} } as KubeObject, ''),
  };
}

/** What upstream leaves to the reader: the way out of an immutable field. */
function hintOf(manifest: LocatedManifest, error: unknown): string | undefined {
  const places = placesHint(manifest, error);
  if (!(error instanceof StatusError) || !isImmutable(error)) return places;
  const name = displayName(manifest.object);
  const where = manifest.namespace === '' ? '' : ` -n ${manifest.namespace}`;
  const way = `hint: fields of ${name} that cannot change have changed: run 'minik delete ${name}${where}' and apply again, or apply with --force`;
  return places === undefined ? way : `${places}\n${way}`;
}

function isImmutable({ status }: StatusError): boolean {
  return (status.details?.causes ?? []).some(({ message = '' }) => /field is immutable/.test(message));
}
