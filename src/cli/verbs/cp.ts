// minik cp: copies files and folders into and out of containers, through the tar that is in them.
import { lstat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { PODS } from '../../api/kinds.ts';
import { execTarget } from '../converse/exec-target.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { parseFileSpec, splitRemote, type FileSpec } from '../cp/file-spec.ts';
import { packTree } from '../cp/pack-tree.ts';
import { readTar } from '../cp/read-tar.ts';
import { isRemoteFolder, packRemote, RemoteFailure, unpackRemote, type RemoteFiles } from '../cp/remote-tar.ts';
import { unpackTree } from '../cp/unpack-tree.ts';

interface Flags {
  readonly container?: string;
  readonly preserve: boolean;
  readonly retries: string;
}

export const registerCp: RegisterVerb = (program, launch) => {
  const command = program
    .command('cp')
    .summary('copy files into and out of containers')
    .description('Copies a file or a folder: minik cp PATH [NAMESPACE/]POD:PATH, or the other way round.\nModes and links are kept. The image must have a tar.')
    .argument('[words...]', 'from, and to')
    .option('-c, --container <name>', 'the container; default: the annotated one, or the first')
    .option('--no-preserve', 'do not keep owners and permissions in the container')
    .option('--retries <count>', 'how often a copy out of a container goes on after a lost connection; below 0: always', '0');
  command.action((words: string[], flags: Flags) => launch(command, (context) => copy(context, words, flags)));
};

type Remote = Extract<FileSpec, { type: 'remote' }>;

async function copy(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  if (words.length !== 2) throw new UsageError('source and destination are required');
  if (!/^-?\d+$/.test(flags.retries)) throw new UsageError(`--retries must be a whole number, not "${flags.retries}"`);
  const [from, to] = [parseFileSpec(words[0]!), parseFileSpec(words[1]!)];
  if (from.type === 'remote' && to.type === 'remote') throw new UsageError('one of src or dest must be a local file specification');
  if (from.path === '' || to.path === '') throw new UsageError('filepath can not be empty');
  if (from.type === 'remote') return copyOut(await remoteFiles(context, from, flags), { from: from.path, to: to.path, retries: Number(flags.retries) });
  if (to.type === 'remote') return copyIn(context, { from: from.path, to, flags });
  throw new UsageError('one of src or dest must be a remote file specification');
}

async function remoteFiles(context: CliContext, { namespace = context.namespace, pod: name }: Remote, { container }: Flags): Promise<RemoteFiles> {
  const client = await context.client();
  const pod = await client.get(PODS, { namespace, name });
  return { context, streams: await context.streams(), target: await execTarget(context, pod, { container }) };
}

async function copyIn(context: CliContext, { from, to, flags }: { readonly from: string; readonly to: Remote; readonly flags: Flags }): Promise<number> {
  const stats = await lstat(from).catch(() => undefined);
  if (stats === undefined) throw new UsageError(`${from} doesn't exist in local filesystem`);
  const files = await remoteFiles(context, to, flags);
  const base = basename(resolve(from));
  const isFolder = await isRemoteFolder(files, to.path);
  const place = isFolder ? { folder: to.path, name: base } : splitRemote(to.path);
  const onSkipped = (path: string): Promise<void> => context.err.write(`warning: skipping "${path}": neither a file, a folder nor a link\n`);
  return unpackRemote(files, { folder: place.folder, archive: packTree(from, { name: place.name, onSkipped }), preserve: flags.preserve });
}

async function copyOut(files: RemoteFiles, { from, to, retries }: { readonly from: string; readonly to: string; readonly retries: number }): Promise<number> {
  const { context } = files;
  const { name } = splitRemote(from);
  try {
    await unpackTree(readTar(packRemote(files, { path: from, retries })), { name, to, onWarning: (text) => context.err.write(`${text}\n`) });
    return 0;
  } catch (error) {
    if (error instanceof RemoteFailure) return error.exitCode;
    throw error;
  }
}
