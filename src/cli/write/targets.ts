// Which objects a verb means by the words and selectors behind it: names as given, lists looked up on the server.
import type { Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { UsageError, type CliContext } from '../context.ts';
import { parseResourceArgs } from '../resource-args.ts';

export interface TargetFlags {
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly all?: boolean;
  readonly allNamespaces?: boolean;
}

export interface Target {
  readonly resource: Resource<KubeObject>;
  /** '' for cluster-scoped resources. */
  readonly namespace: string;
  readonly name: string;
  /** As listed; absent for targets given by name, which may not exist. */
  readonly listed?: KubeObject;
}

export const NOTHING_NAMED =
  "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'";

export async function findTargets(context: CliContext, words: readonly string[], flags: TargetFlags): Promise<Target[]> {
  if (words.length === 0) throw new UsageError(NOTHING_NAMED);
  const selects = hasText(flags.selector) || hasText(flags.fieldSelector);
  if (flags.all === true && hasText(flags.selector)) throw new UsageError("setting 'all' parameter but found a non empty selector. ");
  const selection = parseResourceArgs(words, await context.resources());
  if (selection.type === 'names') {
    if (selects || flags.all === true) throw new UsageError('name cannot be provided when a selector is specified');
    if (flags.allNamespaces === true) throw new UsageError('a resource cannot be retrieved by name across all namespaces');
    return selection.items.map(({ resource, name }) => ({
      resource: resource as Resource<KubeObject>,
      namespace: resource.namespaced ? context.namespace : '',
      name,
    }));
  }
  if (!selects && flags.all !== true) throw new UsageError('resource(s) were provided, but no name was specified');
  return listTargets(context, selection.resources, flags);
}

async function listTargets(context: CliContext, resources: readonly Resource[], flags: TargetFlags): Promise<Target[]> {
  const client = await context.client();
  const lists = resources.map(async (one) => {
    const resource = one as Resource<KubeObject>;
    const { items } = await client.list(resource, {
      namespace: resource.namespaced && flags.allNamespaces !== true ? context.namespace : undefined,
      labelSelector: flags.selector || undefined,
      fieldSelector: flags.fieldSelector || undefined,
    });
    return items.map((item) => ({ resource, namespace: item.metadata?.namespace ?? '', name: item.metadata?.name ?? '', listed: item }));
  });
  return (await Promise.all(lists)).flat();
}

function hasText(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}
