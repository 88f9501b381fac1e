// The flags that verbs that change something share, and what they mean.
import { Option, type Command } from 'commander';
import type { WriteOptions } from '../../client/client.ts';
import { UsageError } from '../context.ts';
import { parseDuration } from '../go-duration.ts';
import type { PrintFlags } from '../printers/object-printer.ts';

export type DryRun = 'none' | 'client' | 'server';
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface FileFlags {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly kustomize?: string;
}

/** An optional value that was left out reads as true. */
export interface WriteFlags extends PrintFlags {
  readonly dryRun?: string | true;
  readonly fieldManager: string;
}

export interface ValidateFlags {
  readonly validate?: string | true;
}

export function addFileFlags(command: Command, what: string): Command {
  return command
    .option('-f, --filename <file>', `${what}: files, directories, URLs, or - for standard input`, collect)
    .option('-R, --recursive', 'go into the directories below, too')
    .addOption(new Option('-k, --kustomize <dir>').hideHelp());
}

export function addWriteFlags(command: Command, { manager }: { readonly manager: string }): Command {
  return addPrintFlags(command)
    .option('--dry-run [none|client|server]', 'change nothing: show what would be sent, or have the server check it')
    .addOption(new Option('--field-manager <name>').default(manager).hideHelp());
}

export function addPrintFlags(command: Command): Command {
  return command
    .option('-o, --output <format>', 'json, yaml, name, jsonpath=..., go-template=...')
    .addOption(new Option('--template <template>').hideHelp())
    .addOption(new Option('--show-managed-fields').hideHelp())
    .addOption(new Option('--allow-missing-template-keys [bool]').argParser((text: string) => text !== 'false').hideHelp());
}

export function addValidateFlag(command: Command): Command {
  return command.option('--validate [strict|warn|ignore]', 'unknown and duplicate fields: an error (default), a warning, nothing');
}

/** Repeated flags and comma lists, as kubectl takes both. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, ...value.split(',').filter((part) => part !== '')];
}

/** Repeated flags whose values may hold commas. */
export function append(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

export function filesOf(flags: FileFlags): readonly string[] {
  if (flags.kustomize !== undefined) {
    if ((flags.filename ?? []).length > 0) throw new UsageError('only one of -f or -k can be specified');
    throw new UsageError('-k/--kustomize is not supported: render the manifests first (kubectl kustomize DIR | minik apply -f -)');
  }
  return flags.filename ?? [];
}

export function dryRunOf({ dryRun }: Pick<WriteFlags, 'dryRun'>): DryRun {
  switch (dryRun) {
    case undefined:
    case 'none':
    case 'false':
      return 'none';
    case true:
    case 'true':
    case 'unchanged':
    case 'client':
      return 'client';
    case 'server':
      return 'server';
    default:
      throw new UsageError(`Invalid dry-run value (${dryRun}). Must be "none", "server", or "client".`);
  }
}

export function fieldValidationOf({ validate }: ValidateFlags): FieldValidation {
  switch (validate) {
    case undefined:
    case true:
    case 'true':
    case 'strict':
      return 'Strict';
    case 'warn':
      return 'Warn';
    case 'false':
    case 'ignore':
      return 'Ignore';
    default:
      throw new UsageError(`invalid - validate option "${validate}"; must be one of: strict (or true), warn, ignore (or false)`);
  }
}

/** What goes with every request of a verb that sends objects. */
export function writeOptions(flags: WriteFlags & ValidateFlags): WriteOptions {
  return { dryRun: dryRunOf(flags) === 'server', fieldManager: flags.fieldManager, fieldValidation: fieldValidationOf(flags) };
}

/** " (dry run)" behind "created". */
export function dryRunText(dryRun: DryRun): string {
  return { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun];
}

/** Milliseconds of a duration flag; bare numbers are refused as Go refuses them. */
export function durationOf(text: string, flag: string): number {
  const ms = parseDuration(text);
  const why = /^-?[\d.]+$/.test(text) ? 'missing unit in duration' : 'invalid duration';
  if (ms === undefined) throw new UsageError(`invalid argument "${text}" for "${flag}" flag: time: ${why} "${text}"`);
  return ms;
}

export function integerOf(text: string, flag: string): number {
  if (!/^[-+]?\d+$/.test(text)) throw new UsageError(`invalid argument "${text}" for "${flag}" flag: strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}
