// minik edit: opens an object in an editor and patches what was changed.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { sameValue } from '../../api/equality.ts';
import type { KubeObject } from '../../api/object.ts';
import { StatusError } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import { threeWayPatch } from '../apply/plan-apply.ts';
import type { CliContext, RegisterVerb } from '../context.ts';
import { bodyOf, editText, failureLines, readEdited, withoutHeader } from '../edit/edit-text.ts';
import { createFailures } from '../write/failures.ts';
import { startManifestRun } from '../write/manifest-run.ts';
import { createResultPrinter, type ResultPrinter } from '../write/result-printer.ts';
import { findTargets, type Target } from '../write/targets.ts';
import { addFileFlags, addPrintFlags, filesOf, type FileFlags, type WriteFlags } from '../write/write-flags.ts';

interface Flags extends FileFlags, Pick<WriteFlags, 'output' | 'fieldManager'> {}

export const registerEdit: RegisterVerb = (program, launch) => {
  const command = program
    .command('edit')
    .summary('edit an object')
    .description('Opens objects in $KUBE_EDITOR, $EDITOR or vi, one after the other, and saves what was changed.')
    .argument('[type/name...]', 'job x | job/x');
  addPrintFlags(addFileFlags(command, 'whose objects to edit'));
  command
    .option('--field-manager <name>', 'who changes the fields', 'kubectl-edit')
    .action((words: string[], flags: Flags) => launch(command, (context) => edit(context, words, flags)));
};

async function edit(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  const printer = await createResultPrinter(context, flags);
  const client = await context.client();
  const fromFiles = filesOf(flags).length > 0 ? await startManifestRun(context, { ...flags, validate: 'ignore' }) : undefined;
  const failures = fromFiles?.failures ?? createFailures(context);
  for (const target of fromFiles?.manifests ?? (await findTargets(context, words, {}))) {
    try {
      if (!(await editOne(context, target, { client, printer, fieldManager: flags.fieldManager }))) failures.add(new Error('Edit cancelled, no valid changes were saved.'));
    } catch (error) {
      failures.add(error);
    }
  }
  return failures.finish();
}

interface Session {
  readonly client: Client;
  readonly printer: ResultPrinter;
  readonly fieldManager: string;
}

/** False when the user gave up on changes that the server refuses. */
async function editOne(context: CliContext, target: Target, session: Session): Promise<boolean> {
  const { resource, namespace, name } = target;
  const object = await session.client.get(resource, { namespace, name });
  let body = bodyOf(object);
  let failures: readonly string[] = [];
  for (;;) {
    const saved = await openEditor(context, editText(body, failures));
    const edited = readEdited(saved, { body, object, failed: failures.length > 0 });
    if (edited.type === 'cancelled') {
      if (failures.length > 0) return false;
      await context.err.write(`${edited.why}\n`);
      return true;
    }
    body = saved;
    if (edited.type === 'wrong') {
      failures = edited.failures;
      continue;
    }
    const refused = await save(context, { ...session, target, before: object, after: edited.object });
    if (refused === undefined) return true;
    failures = refused;
  }
}

/** What the server has against it; undefined when it is saved. */
async function save(
  context: CliContext,
  { client, printer, fieldManager, target, before, after }: Session & { readonly target: Target; readonly before: KubeObject; readonly after: KubeObject },
): Promise<readonly string[] | undefined> {
  const { resource, namespace, name } = target;
  const { type, body } = threeWayPatch(resource, { original: before, modified: after, current: before });
  if (sameValue(body, {})) {
    await context.err.write('Edit cancelled, no changes made.\n');
    return undefined;
  }
  try {
    await printer.print(await client.patch(resource, { namespace, name }, { type, body }, { fieldManager, fieldValidation: 'Strict' }), 'edited');
    return undefined;
  } catch (error) {
    if (error instanceof StatusError && [400, 409, 422].includes(error.code)) return failureLines(error.status);
    throw error;
  }
}

async function openEditor(context: CliContext, text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'minik-edit-'));
  const path = join(directory, 'object.yaml');
  const editor = context.env['KUBE_EDITOR'] || context.env['EDITOR'] || 'vi';
  try {
    await writeFile(path, text, { mode: 0o600 });
    // Editors come with flags, and quoting, of their own: the shell knows how to read them.
    const { failed } = await execa('sh', ['-c', `${editor} "$0"`, path], { stdio: 'inherit', reject: false, env: { ...context.env } });
    if (failed) throw new Error(`there was a problem with the editor ${JSON.stringify(editor)}`);
    return withoutHeader(await readFile(path, 'utf8'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
