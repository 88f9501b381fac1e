// Fetches the texts that -f names: files, directories, globs, URLs, and "-" for standard input.
import { glob, readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ManifestError, quoted } from './manifest.ts';

export interface SourceText {
  /** As messages quote it. */
  readonly name: string;
  readonly text: string;
}

export interface ReadOptions {
  readonly recursive: boolean;
  readonly stdin: AsyncIterable<unknown>;
  readonly signal: AbortSignal;
}

const EXTENSIONS = ['.json', '.yaml', '.yml'];

/** In the order given; a name that cannot be read is an error beside the others. */
export async function readSources(
  names: readonly string[],
  options: ReadOptions,
): Promise<{ readonly texts: readonly SourceText[]; readonly errors: readonly ManifestError[] }> {
  const texts: SourceText[] = [];
  const errors: ManifestError[] = [];
  for (const name of names) {
    try {
      texts.push(...(await readSource(name, options)));
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      errors.push(error);
    }
  }
  if (texts.length === 0 && errors.length === 0 && names.length > 0) {
    errors.push(new ManifestError(`error reading [${names.join(' ')}]: recognized file extensions are [${EXTENSIONS.join(' ')}]`));
  }
  return { texts, errors };
}

async function readSource(name: string, options: ReadOptions): Promise<SourceText[]> {
  if (name === '-') return [{ name: 'STDIN', text: await readStream(options.stdin) }];
  if (/^https?:\/\//.test(name)) return [{ name, text: await readUrl(name, options.signal) }];
  const paths: string[] = [];
  for (const path of await expandGlob(name)) paths.push(...(await filesAt(path, options.recursive)));
  return Promise.all(paths.map(async (path) => ({ name: path, text: await readText(path) })));
}

async function readStream(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

async function readUrl(url: string, signal: AbortSignal): Promise<string> {
  const reply = await fetch(url, { signal }).catch((error: Error) => {
    const cause = error.cause as NodeJS.ErrnoException | undefined;
    const why = cause?.message || cause?.code || error.message;
    throw new ManifestError(`unable to read URL ${quoted(url)}: ${why}`, { cause: error });
  });
  if (!reply.ok) {
    throw new ManifestError(`unable to read URL ${quoted(url)}, server reported ${reply.status} ${reply.statusText}, status code=${reply.status}`);
  }
  return reply.text();
}

async function expandGlob(name: string): Promise<string[]> {
  if (!/[*?[]/.test(name) || (await exists(name))) return [name];
  const found: string[] = [];
  for await (const path of glob(name)) found.push(path);
  if (found.length === 0) throw missing(name);
  return found.sort();
}

async function filesAt(path: string, recursive: boolean): Promise<string[]> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? missing(path) : new ManifestError(`the path ${quoted(path)} cannot be accessed: ${error.message}`, { cause: error });
  });
  return info.isDirectory() ? filesIn(path, recursive) : [path];
}

async function filesIn(directory: string, recursive: boolean): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) files.push(...(recursive ? await filesIn(path, true) : []));
    else if (EXTENSIONS.includes(extname(entry.name))) files.push(path);
  }
  return files;
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ManifestError(`error reading ${quoted(path)}: ${error.message}`, { cause: error });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ManifestError(`error parsing ${path}: it is not UTF-8 text`, { cause: error });
  }
}

function missing(path: string): ManifestError {
  return new ManifestError(`the path ${quoted(path)} does not exist`);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
