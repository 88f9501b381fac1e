// Closes nodes for new Pods, or opens them again: what cordon, uncordon and drain have in common.
import { Option, type Command } from 'commander';
import type { Node } from '../../api/generated/types.ts';
import { NODES } from '../../api/kinds.ts';
import { UsageError, type CliContext } from '../context.ts';
import { createResultPrinter } from '../write/result-printer.ts';
import { dryRunOf } from '../write/write-flags.ts';

export interface NodeFlags {
  readonly selector?: string;
  readonly dryRun?: string | true;
}

export function addNodeFlags(command: Command): Command {
  return command
    .argument('[node...]')
    .option('-l, --selector <selector>', 'nodes with these labels')
    .option('--dry-run [none|client|server]', 'change nothing')
    .addOption(new Option('--field-manager <name>').hideHelp());
}

/** In the order of the names; the first that is missing ends it all, as with kubectl. */
export async function findNodes(context: CliContext, names: readonly string[], { verb, selector }: { readonly verb: string; readonly selector: string | undefined }): Promise<readonly Node[]> {
  const hint = `\nSee 'minik ${verb} -h' for help and examples`;
  if (names.length === 0 && selector === undefined) throw new UsageError(`USAGE: ${verb} NODE [flags]${hint}`);
  if (names.length > 0 && selector !== undefined) throw new UsageError(`error: cannot specify both a node name and a --selector option${hint}`);
  const client = await context.client();
  if (names.length === 0) return (await client.list(NODES, { labelSelector: selector })).items;
  const nodes: Node[] = [];
  for (const name of names) nodes.push(await client.get(NODES, { name: name.replace(/^(?:nodes?|no)\//, '') }));
  return nodes;
}

export async function setUnschedulable(context: CliContext, nodes: readonly Node[], { flags, unschedulable }: { readonly flags: NodeFlags; readonly unschedulable: boolean }): Promise<void> {
  const done = unschedulable ? 'cordoned' : 'uncordoned';
  const printer = await createResultPrinter(context, { dryRun: flags.dryRun });
  const dryRun = dryRunOf(flags);
  const client = await context.client();
  for (const node of nodes) {
    const name = node.metadata?.name ?? '';
    if ((node.spec?.unschedulable === true) === unschedulable) {
      await printer.print(node, `already ${done}`);
      continue;
    }
    try {
      const patch = { type: 'merge', body: { spec: { unschedulable: unschedulable ? true : null } } } as const;
      if (dryRun !== 'client') await client.patch(NODES, { name }, patch, { dryRun: dryRun === 'server' });
      await printer.print(node, done);
    } catch (error) {
      await context.err.write(`error: unable to ${unschedulable ? 'cordon' : 'uncordon'} node ${JSON.stringify(name)}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}
