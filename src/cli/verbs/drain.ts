// minik drain: closes nodes for new Pods and evicts those that they have.
import type { Node, Pod } from '../../api/generated/types.ts';
import { PODS } from '../../api/kinds.ts';
import { controllerOf } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import type { Client } from '../../client/client.ts';
import type { CliContext, RegisterVerb } from '../context.ts';
import { evictPods, type EvictOptions } from '../drain/evict-pods.ts';
import { planDrain, type DrainPlan, type DrainRules } from '../drain/plan-drain.ts';
import { addNodeFlags, findNodes, setUnschedulable, type NodeFlags } from '../node/set-unschedulable.ts';
import { createResultPrinter } from '../write/result-printer.ts';
import { dryRunOf, durationOf, integerOf } from '../write/write-flags.ts';

interface Flags extends NodeFlags {
  readonly deleteEmptydirData?: boolean;
  readonly disableEviction?: boolean;
  readonly force?: boolean;
  readonly gracePeriod: string;
  readonly ignoreDaemonsets?: boolean;
  readonly podSelector?: string;
  readonly skipWaitForDeleteTimeout: string;
  readonly timeout: string;
}

export const registerDrain: RegisterVerb = (program, launch) => {
  const command = program.command('drain').summary('evict the pods of a node').description('Closes nodes for new Pods, evicts the Pods that they have, and waits until those are gone.');
  addNodeFlags(command)
    .option('--delete-emptydir-data', 'also Pods with emptyDir volumes: what is in them is lost')
    .option('--disable-eviction', 'delete the Pods instead of evicting them')
    .option('--force', 'also Pods that no controller makes anew')
    .option('--grace-period <seconds>', 'how long containers may take to stop; negative: what each Pod says', '-1')
    .option('--ignore-daemonsets', "leave DaemonSets' Pods alone")
    .option('--pod-selector <selector>', 'only Pods with these labels')
    .option('--skip-wait-for-delete-timeout <seconds>', 'leave Pods alone that are being deleted for longer than this', '0')
    .option('--timeout <duration>', 'how long to try; 0 means for ever', '0s')
    .option('--chunk-size <number>', 'without effect: lists are read whole')
    .action((names: string[], flags: Flags) => launch(command, (context) => drain(context, names, flags)));
};

async function drain(context: CliContext, names: readonly string[], flags: Flags): Promise<number> {
  const options: EvictOptions = {
    gracePeriodSeconds: integerOf(flags.gracePeriod, '--grace-period'),
    timeoutMs: durationOf(flags.timeout, '--timeout'),
    disableEviction: flags.disableEviction === true,
    skipDeletedAfterMs: integerOf(flags.skipWaitForDeleteTimeout, '--skip-wait-for-delete-timeout') * 1_000,
    dryRun: dryRunOf(flags),
  };
  const nodes = await findNodes(context, names, { verb: 'drain', selector: flags.selector });
  await setUnschedulable(context, nodes, { flags, unschedulable: true });
  const printer = await createResultPrinter(context, { dryRun: flags.dryRun });
  const failed: { readonly name: string; readonly errors: readonly Error[] }[] = [];
  for (const node of nodes) {
    const name = node.metadata?.name ?? '';
    const errors = await drainNode(context, node, { flags, options });
    if (errors.length === 0) await printer.print(node, 'drained');
    else {
      failed.push({ name, errors });
      await context.err.write(`error: unable to drain node ${JSON.stringify(name)} due to error: ${aggregateText(errors)}, continuing command...\n`);
    }
  }
  if (failed.length > 0) await context.err.write(`There are pending nodes to be drained:\n${failed.map(({ name }) => ` ${name}\n`).join('')}`);
  const texts = new Set(failed.flatMap(({ errors }) => errors.map(({ message }) => message)));
  await context.err.write([...texts].map((text) => `${text}\n`).join(''));
  return failed.length === 0 ? 0 : 1;
}

async function drainNode(context: CliContext, node: Node, { flags, options }: { readonly flags: Flags; readonly options: EvictOptions }): Promise<readonly Error[]> {
  const plan = await planFor(context, node, { flags, options });
  if (plan.errors.length > 0) return plan.errors.map((text) => new Error(text));
  if (plan.warning !== '') await context.err.write(`Warning: ${plan.warning}\n`);
  if (options.dryRun === 'client') {
    await context.out.write(plan.leaving.map(({ metadata }) => `evicting pod ${metadata?.namespace}/${metadata?.name} (dry run)\n`).join(''));
    return [];
  }
  const errors = await evictPods(context, plan.leaving, options);
  if (errors.length === 0) return [];
  const pending = await planFor(context, node, { flags, options });
  if (pending.leaving.length > 0) {
    const list = pending.leaving.map(({ metadata }) => `pod/${metadata?.name}\n`).join('');
    await context.err.write(`There are pending pods in node ${JSON.stringify(node.metadata?.name)} when an error occurred: ${aggregateText(errors)}\n${list}`);
  }
  return errors;
}

async function planFor(context: CliContext, node: Node, { flags, options }: { readonly flags: Flags; readonly options: EvictOptions }): Promise<DrainPlan> {
  const client = await context.client();
  const { items } = await client.list(PODS, { fieldSelector: `spec.nodeName=${node.metadata?.name}`, labelSelector: flags.podSelector });
  const rules: DrainRules = {
    ignoreDaemonSets: flags.ignoreDaemonsets === true,
    force: flags.force === true,
    deleteEmptyDirData: flags.deleteEmptydirData === true,
    skipDeletedAfterMs: options.skipDeletedAfterMs,
    daemonSetTrouble: await readDaemonSets(client, items),
  };
  return planDrain(items, rules, context.clock.now());
}

/** A Pod whose DaemonSet is gone is nobody's. */
async function readDaemonSets(client: Client, pods: readonly Pod[]): Promise<DrainRules['daemonSetTrouble']> {
  const pathOf = (pod: Pod): string => `/apis/apps/v1/namespaces/${pod.metadata?.namespace}/daemonsets/${controllerOf(pod)?.name}`;
  const paths = new Set(pods.filter((pod) => controllerOf(pod)?.kind === 'DaemonSet').map(pathOf));
  const troubles = new Map<string, { readonly message: string; readonly isGone: boolean }>();
  for (const path of paths) {
    await client.request({ path }).catch((error: unknown) => troubles.set(path, { message: error instanceof Error ? error.message : String(error), isGone: isNotFound(error) }));
  }
  return (pod) => troubles.get(pathOf(pod));
}

/** As Go prints several errors in one. */
function aggregateText(errors: readonly Error[]): string {
  const texts = [...new Set(errors.map(({ message }) => message))];
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
}
