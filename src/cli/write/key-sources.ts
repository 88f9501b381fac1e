// The values of a ConfigMap or Secret from --from-literal, --from-file and --from-env-file.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../context.ts';
import { append } from './write-flags.ts';

export interface KeySourceFlags {
  readonly fromLiteral?: readonly string[];
  readonly fromFile?: readonly string[];
  readonly fromEnvFile?: readonly string[];
}

export interface KeyValue {
  readonly key: string;
  readonly value: Uint8Array;
}

export function addKeySourceFlags(command: Command): Command {
  return command
    .option('--from-literal <key=value>', 'a key and its value', append)
    .option('--from-file <[key=]path>', 'a file, or all files of a directory, as values', append)
    .option('--from-env-file <path>', 'a file of key=value lines', append);
}

/** In the order files, literals, environment files; a key may come but once. `kind` is for messages. */
export async function readKeyValues(
  flags: KeySourceFlags,
  at: { readonly kind: 'ConfigMap' | 'Secret'; readonly name: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<readonly KeyValue[]> {
  if (flags.fromEnvFile !== undefined && (flags.fromFile !== undefined || flags.fromLiteral !== undefined)) {
    throw new UsageError('from-env-file cannot be combined with from-file or from-literal');
  }
  const found: KeyValue[] = [];
  for (const source of flags.fromFile ?? []) found.push(...(await fromFile(source)));
  for (const source of flags.fromLiteral ?? []) found.push(fromLiteral(source));
  for (const path of flags.fromEnvFile ?? []) found.push(...parseEnvFile((await read(path)).toString('utf8'), at.env));
  const seen = new Set<string>();
  for (const { key } of found) {
    if (!/^[-._a-zA-Z0-9]+$/.test(key)) throw new UsageError(keyText(key, at.kind));
    if (seen.has(key)) throw new UsageError(duplicateText(key, at));
    seen.add(key);
  }
  return found;
}

function duplicateText(key: string, { kind, name }: { readonly kind: string; readonly name: string }): string {
  return kind === 'Secret'
    ? `cannot add key ${key}, another key by that name already exists`
    : `cannot add key "${key}", another key by that name already exists in Data for ${kind} "${name}"`;
}

function keyText(key: string, kind: string): string {
  const rule =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  return kind === 'Secret' ? `"${key}" is not valid key name for a Secret ${rule}` : `"${key}" is not a valid key name for a ${kind}: ${rule}`;
}

function fromLiteral(source: string): KeyValue {
  const equals = source.indexOf('=');
  if (equals <= 0) throw new UsageError(`invalid literal source ${source}, expected key=value`);
  return { key: source.slice(0, equals), value: Buffer.from(source.slice(equals + 1)) };
}

async function fromFile(source: string): Promise<KeyValue[]> {
  const parts = source.split('=');
  if (parts.length > 2) throw new UsageError('key names or file paths cannot contain \'=\'');
  if (parts.length === 2 && (parts[0] === '' || parts[1] === '')) {
    throw new UsageError(parts[0] === '' ? `key name for file path ${parts[1]} missing` : `file path for key name ${parts[0]} missing`);
  }
  const path = parts.at(-1)!;
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw readError(path, error);
  });
  if (!info.isDirectory()) return [{ key: parts.length === 2 ? parts[0]! : basename(path), value: await read(path) }];
  if (parts.length === 2) throw new UsageError('cannot give a key name for a directory path');
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return Promise.all(files.sort().map(async (name) => ({ key: name, value: await read(join(path, name)) })));
}

/** A line without "=" takes its value from the environment. */
export function parseEnvFile(text: string, env: Readonly<Record<string, string | undefined>>): KeyValue[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  return lines.flatMap((raw) => {
    const line = raw.trimStart();
    if (line === '' || line.startsWith('#')) return [];
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key)) {
      throw new UsageError(
        `"${key}" is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
      );
    }
    return [{ key, value: Buffer.from(equals < 0 ? (env[key] ?? '') : line.slice(equals + 1)) }];
  });
}

function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw readError(path, error);
  });
}

function readError(path: string, error: NodeJS.ErrnoException): UsageError {
  return new UsageError(`error reading ${path}: ${error.code === 'ENOENT' ? 'no such file or directory' : error.message}`, { cause: error });
}
