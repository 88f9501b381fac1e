// minik diff: what apply would change, shown by a diff program.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { execa } from 'execa';
import type { KubeObject } from '../../api/object.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { maskSecrets } from '../diff/masked-secret.ts';
import { readVersions } from '../diff/object-versions.ts';
import type { LocatedManifest } from '../manifests/locate.ts';
import { yamlText } from '../printers/yaml.ts';
import { requireFiles, runManifests, startManifestRun } from '../write/manifest-run.ts';
import { addFileFlags, type FileFlags } from '../write/write-flags.ts';

interface Flags extends FileFlags {
  readonly selector?: string;
  readonly fieldManager: string;
  readonly showManagedFields?: boolean;
  readonly serverSide?: boolean;
}

/** diff's own codes: 0 the same, 1 different, above that an error. */
const FAILED = 2;

export const registerDiff: RegisterVerb = (program, launch) => {
  const command = program
    .command('diff')
    .summary('show what apply would change')
    .description('Shows what apply would change. Exit code 0: nothing, 1: something, above 1: an error. KUBECTL_EXTERNAL_DIFF names the diff program.')
    .argument('[arguments...]');
  addFileFlags(command, 'what to compare');
  command
    .option('-l, --selector <selector>', 'compare only what has these labels')
    .addOption(new Option('--field-manager <name>').default('kubectl-client-side-apply').hideHelp())
    .addOption(new Option('--show-managed-fields').hideHelp())
    .addOption(new Option('--server-side').hideHelp())
    .action((words: string[], flags: Flags) => launch(command, (context) => diff(context, words, flags)));
};

async function diff(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  if (words.length > 0) throw new UsageError(`Unexpected args: [${words.join(' ')}]\nSee 'minik diff -h' for help and examples`);
  if (flags.serverSide === true) throw new UsageError('--server-side is not supported: there is no server-side apply here; leave the flag out');
  requireFiles(flags);
  const run = await startManifestRun(context, flags);
  const directory = await mkdtemp(join(tmpdir(), 'minik-diff-'));
  const sides = { live: join(directory, 'LIVE'), merged: join(directory, 'MERGED') };
  try {
    await Promise.all(Object.values(sides).map((side) => mkdir(side)));
    const compare = async (manifest: LocatedManifest): Promise<void> => {
      const client = await context.client();
      const versions = maskSecrets(await readVersions(manifest, { client, write: { fieldManager: flags.fieldManager } }));
      const name = fileName(manifest, versions.merged);
      for (const side of ['live', 'merged'] as const) {
        const object = versions[side];
        if (object !== undefined) await writeFile(join(sides[side], name), yamlText(flags.showManagedFields === true ? object : withoutManagedFields(object)));
      }
    };
    const code = await runManifests(run, compare);
    const shown = await runDiff(context, sides);
    return code === 0 ? shown : FAILED;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function fileName({ resource, namespace }: LocatedManifest, { metadata }: KubeObject): string {
  return [resource.group, resource.version, resource.kind, namespace, metadata?.name ?? ''].filter((part, at) => part !== '' || at > 2).join('.');
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _dropped, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}

async function runDiff(context: CliContext, { live, merged }: { readonly live: string; readonly merged: string }): Promise<number> {
  const [program = 'diff', ...args] = (context.env['KUBECTL_EXTERNAL_DIFF'] || 'diff -u -N').split(/\s+/);
  const { exitCode, stdout, stderr, failed, message } = await execa(program, [...args, live, merged], {
    reject: false,
    stripFinalNewline: false,
    env: { ...context.env },
    cancelSignal: context.signal,
  });
  await context.out.write(stdout ?? '');
  await context.err.write(stderr ?? '');
  if (exitCode === undefined && failed) throw new Error(`failed to run ${JSON.stringify(program)}: ${message}`);
  return exitCode ?? 0;
}
