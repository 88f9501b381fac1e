// Sends an object that was made from flags: what "create job", "create configmap" and the like have in common.
import type { Command } from 'commander';
import type { Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { StatusError } from '../../api/status-error.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import { UsageError, type CliContext } from '../context.ts';
import { createResultPrinter } from './result-printer.ts';
import { addValidateFlag, addWriteFlags, dryRunOf, writeOptions, type ValidateFlags, type WriteFlags } from './write-flags.ts';

export interface GenerateFlags extends WriteFlags, ValidateFlags {
  readonly saveConfig?: boolean;
}

export function addGenerateFlags(command: Command): Command {
  addWriteFlags(command, { manager: 'kubectl-create' });
  addValidateFlag(command);
  return command.option('--save-config', 'remember the object for later applies');
}

/** The one name that a generator takes. */
export function exactlyOneName(words: readonly string[], command: string): string {
  if (words.length === 1) return words[0]!;
  throw new UsageError(`exactly one NAME is required, got ${words.length}\nSee 'minik ${command} -h' for help and examples`);
}

export interface GenerateOptions<T extends KubeObject> {
  readonly resource: Resource<T>;
  readonly flags: GenerateFlags;
  /** "failed to create job: " before what the server says against it. */
  readonly failure?: string;
}

export async function createGenerated<T extends KubeObject>(
  context: CliContext,
  object: T,
  { resource, flags, failure }: GenerateOptions<T>,
): Promise<void> {
  const printer = await createResultPrinter(context, flags);
  const options = writeOptions(flags);
  const complete = flags.saveConfig === true ? (withLastApplied(object) as T) : object;
  const namespaced = (namespace: string): T => ({ ...complete, metadata: { ...complete.metadata, namespace } });
  if (dryRunOf(flags) === 'client') {
    return printer.print(resource.namespaced && context.namespaceGiven ? namespaced(context.namespace) : complete, 'created');
  }
  const client = await context.client();
  try {
    await printer.print(await client.create(resource, resource.namespaced ? namespaced(context.namespace) : complete, options), 'created');
  } catch (error) {
    if (failure === undefined || !(error instanceof StatusError)) throw error;
    throw new Error(`${failure}${error.message}`, { cause: error });
  }
}
