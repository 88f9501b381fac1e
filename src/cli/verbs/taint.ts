// minik taint: keeps Pods off nodes unless they tolerate it.
import type { Node } from '../../api/generated/types.ts';
import { NODES } from '../../api/kinds.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { resourceOfWord } from '../resource-args.ts';
import { parseTaints, planTaints, splitTaints, type TaintChanges } from '../taint/plan-taint.ts';
import { createFailures } from '../write/failures.ts';
import { createResultPrinter } from '../write/result-printer.ts';
import { findTargets } from '../write/targets.ts';
import { addWriteFlags, dryRunOf, type WriteFlags } from '../write/write-flags.ts';

interface Flags extends WriteFlags {
  readonly all?: boolean;
  readonly overwrite?: boolean;
  readonly selector?: string;
}

export const registerTaint: RegisterVerb = (program, launch) => {
  const command = program
    .command('taint')
    .summary('keep pods off a node')
    .description('Sets taints (key=value:Effect) and removes them (key:Effect-, key-). Effects: NoSchedule, PreferNoSchedule, NoExecute.')
    .argument('[node NAME key=value:Effect...]', 'node laptop dedicated=batch:NoSchedule old-');
  addWriteFlags(command, { manager: 'kubectl-taint' });
  command
    .option('--all', 'all nodes')
    .option('-l, --selector <selector>', 'nodes with these labels')
    .option('--overwrite', 'change taints that are there')
    .action((words: string[], flags: Flags) => launch(command, (context) => taint(context, words, flags)));
};

async function taint(context: CliContext, words: readonly string[], flags: Flags): Promise<number> {
  const { targets: names, taints } = splitTaints(words);
  const changes = parseTaints(taints);
  if (flags.all === true && flags.selector !== undefined) throw new UsageError("setting 'all' parameter with a non empty selector is prohibited");
  const kind = resourceOfWord(names[0]!, await context.resources());
  if (kind.plural !== NODES.plural || kind.group !== NODES.group) throw new UsageError(`invalid resource type ${names[0]}, only node types are supported`);
  const selects = flags.all === true || flags.selector !== undefined;
  if (!selects && names.length < 2) throw new UsageError("at least one resource name must be specified since 'all' parameter is not set");
  const found = await findTargets(context, selects ? names.slice(0, 1) : names, flags);
  const failures = createFailures(context);
  const several: string[] = [];
  // Upstream does not say here that a run was dry.
  const printer = await createResultPrinter(context, { ...flags, dryRun: undefined });
  const client = await context.client();
  for (const target of found) {
    try {
      const node = (target.listed as Node | undefined) ?? (await client.get(NODES, { name: target.name }));
      const { after, done } = await change(context, node, { changes, flags });
      await printer.print(after, done);
    } catch (error) {
      if (error instanceof TaintErrors && error.texts.length > 1) several.push(...error.texts);
      else failures.add(error);
    }
  }
  // Upstream puts "error: " before one, and nothing before several of one node.
  await context.err.write(several.map((text) => `${text}\n`).join(''));
  const code = await failures.finish();
  return several.length > 0 ? 1 : code;
}

class TaintErrors extends UsageError {
  readonly texts: readonly string[];

  constructor(texts: readonly string[]) {
    super(texts.join('\n'));
    this.texts = texts;
  }
}

async function change(context: CliContext, node: Node, { changes, flags }: { readonly changes: TaintChanges; readonly flags: Flags }): Promise<{ readonly after: Node; readonly done: string }> {
  const name = node.metadata?.name ?? '';
  const plan = planTaints({ name, taints: node.spec?.taints ?? [] }, changes, flags.overwrite === true);
  if ('errors' in plan) throw new TaintErrors(plan.errors);
  const taints = [...plan.taints];
  const dryRun = dryRunOf(flags);
  if (dryRun === 'client') return { after: { ...node, spec: { ...node.spec, taints } }, done: plan.done };
  const client = await context.client();
  // What was read must still be there: taints are changed as a whole.
  const body = { metadata: { resourceVersion: node.metadata?.resourceVersion }, spec: { taints: taints.length === 0 ? null : taints } };
  const after = await client.patch(NODES, { name }, { type: 'merge', body }, { dryRun: dryRun === 'server', fieldManager: flags.fieldManager });
  return { after, done: plan.done };
}
