// minik top: what Pods and nodes use just now, measured when asked.
import type { Command } from 'commander';
import type { Pod } from '../../api/generated/types.ts';
import { NODE_METRICS, NODES, POD_METRICS, PODS } from '../../api/kinds.ts';
import { fromTime } from '../../api/time.ts';
import { UsageError, type CliContext, type Launch, type RegisterVerb } from '../context.ts';
import { durationText } from '../go-duration.ts';
import { nodeUsageText, podUsageText, type SortBy } from '../top/usage-table.ts';

interface TopFlags {
  readonly selector?: string;
  readonly sortBy?: string;
  readonly headers: boolean;
}

interface PodFlags extends TopFlags {
  readonly allNamespaces?: boolean;
  readonly containers?: boolean;
  readonly fieldSelector?: string;
  readonly sum?: boolean;
}

interface NodeFlags extends TopFlags {
  readonly showCapacity?: boolean;
}

/** A Pod of this age should have been measured. */
const MEASURED_AFTER_MS = 120_000;

export const registerTop: RegisterVerb = (program, launch) => {
  const top = program.command('top').summary('what pods and nodes use').description('Shows what Pods and nodes use just now: CPU over half a second or since the last look, and memory.');
  registerTopPod(top, launch);
  registerTopNode(top, launch);
};

function registerTopPod(top: Command, launch: Launch): void {
  const command = top.command('pod').aliases(['pods', 'po']).summary('what pods use').description('Shows the CPU and memory that Pods use.').argument('[name...]', 'one Pod; all of the namespace without it');
  addTopFlags(command)
    .option('-A, --all-namespaces', 'in all namespaces')
    .option('--containers', 'a line for each container')
    .option('--field-selector <selector>', 'fields to select by')
    .option('--sum', 'add them up')
    .action((names: string[], flags: PodFlags) => launch(command, (context) => topPods(context, names, flags)));
}

function registerTopNode(top: Command, launch: Launch): void {
  const command = top.command('node').aliases(['nodes', 'no']).summary('what nodes use').description('Shows the CPU and memory that nodes use.').argument('[name...]', 'one node; all without it');
  addTopFlags(command)
    .option('--show-capacity', 'per cent of the capacity, not of what Pods may use')
    .action((names: string[], flags: NodeFlags) => launch(command, (context) => topNodes(context, names, flags)));
}

function addTopFlags(command: Command): Command {
  return command
    .option('-l, --selector <selector>', 'labels to select by')
    .option('--no-headers', 'leave out the headers')
    .option('--sort-by <amount>', 'cpu | memory: the largest first');
}

async function topPods(context: CliContext, names: readonly string[], flags: PodFlags): Promise<void> {
  const sortBy = sortByOf(flags);
  const name = nameOf(names, flags, 'pod');
  if (name !== undefined && flags.fieldSelector !== undefined) throw new UsageError('only one of NAME or selector can be provided');
  if (name !== undefined && flags.allNamespaces === true) throw new UsageError('a resource cannot be retrieved by name across all namespaces');
  await requireMetrics(context);
  const client = await context.client();
  const query = { namespace: flags.allNamespaces === true ? undefined : context.namespace, labelSelector: flags.selector, fieldSelector: flags.fieldSelector };
  const items = name === undefined ? (await client.list(POD_METRICS, query)).items : [await client.get(POD_METRICS, { namespace: context.namespace, name })];
  if (items.length === 0) {
    const { items: pods } = await client.list(PODS, query);
    requireNone(pods, context.clock.now());
    return context.err.write(flags.allNamespaces === true ? 'No resources found\n' : `No resources found in ${context.namespace} namespace.\n`);
  }
  const shape = { sortBy, noHeaders: !flags.headers, containers: flags.containers === true, withNamespace: flags.allNamespaces === true, sum: flags.sum === true };
  await context.out.write(podUsageText(items, shape));
}

async function topNodes(context: CliContext, names: readonly string[], flags: NodeFlags): Promise<void> {
  const sortBy = sortByOf(flags);
  const name = nameOf(names, flags, 'node');
  await requireMetrics(context);
  const client = await context.client();
  const query = { labelSelector: flags.selector };
  const items = name === undefined ? (await client.list(NODE_METRICS, query)).items : [await client.get(NODE_METRICS, { name })];
  if (items.length === 0) throw new UsageError('metrics not available yet');
  const nodes = name === undefined ? (await client.list(NODES, query)).items : [await client.get(NODES, { name })];
  await context.out.write(nodeUsageText(items, nodes, { sortBy, noHeaders: !flags.headers, showCapacity: flags.showCapacity === true }));
}

function sortByOf({ sortBy }: TopFlags): SortBy {
  if (sortBy === undefined || sortBy === '') return undefined;
  if (sortBy === 'cpu' || sortBy === 'memory') return sortBy;
  throw new UsageError('--sort-by accepts only cpu or memory');
}

function nameOf(names: readonly string[], { selector }: TopFlags, what: string): string | undefined {
  if (names.length > 1) throw new UsageError(`${what} [NAME | -l label]\nSee 'minik top ${what} -h' for help and examples`);
  if (names.length === 1 && selector !== undefined) throw new UsageError('only one of NAME or selector can be provided');
  return names[0];
}

async function requireMetrics(context: CliContext): Promise<void> {
  const served = await context.resources();
  if (!served.some(({ group, version }) => group === POD_METRICS.group && version === POD_METRICS.version)) throw new UsageError('Metrics API not available');
}

/** Pods of which nothing is known: upstream tells the new ones from the ones that are not measured for another reason. */
function requireNone(pods: readonly Pod[], now: number): void {
  for (const { metadata } of pods) {
    const age = now - (fromTime(metadata?.creationTimestamp) ?? now);
    if (age > MEASURED_AFTER_MS) throw new UsageError(`Metrics not available for pod ${metadata?.namespace}/${metadata?.name}, age: ${durationText(age)}`);
  }
  if (pods.length > 0) throw new UsageError('metrics not available yet');
}
