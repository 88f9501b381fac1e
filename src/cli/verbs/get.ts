// minik get: prints objects, as tables or in the form that -o names.
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Resource } from '../../api/kinds.ts';
import type { KubeObject } from '../../api/object.ts';
import { isNotFound } from '../../api/status-error.ts';
import { readText } from '../../client/response-body.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { throwAll } from '../error-text.ts';
import { fetchObjects, fetchTable, type Query } from '../get/fetch.ts';
import type { GetFlags } from '../get/get-flags.ts';
import { createObjectPrinter, listOf, type PrintObject } from '../printers/object-printer.ts';
import { renderTable, type Table, type TableOptions } from '../printers/table.ts';
import { parseResourceArgs } from '../resource-args.ts';

export const registerGet: RegisterVerb = (program, launch) => {
  const command = program
    .command('get')
    .summary('show one or many objects')
    .description('Shows objects: as a table, or in the form that -o names.')
    .argument('[type/name...]', 'pods | pods,jobs | all | pod a b | pod/a job/b');
  addFlags(command);
  command.action((words: string[], flags: GetFlags) => launch(command, (context) => get(context, words, flags)));
};

function addFlags(command: Command): void {
  const list = (value: string, before: string[] = []): string[] => [...before, ...value.split(',')];
  command
    .option('-o, --output <format>', 'wide, json, yaml, name, jsonpath=..., custom-columns=..., go-template=...')
    .option('-w, --watch', 'go on printing changes')
    .option('--watch-only', 'print changes only')
    .option('--output-watch-events', 'with -w: say what kind of change each is')
    .option('-l, --selector <selector>', 'labels to filter by: a=b,c!=d,e in (f,g)')
    .option('--field-selector <selector>', 'fields to filter by: status.phase=Running')
    .option('-A, --all-namespaces', 'in all namespaces')
    .option('--sort-by <path>', 'order by the value at this JSONPath')
    .option('--show-labels', 'show labels as the last column')
    .option('-L, --label-columns <labels>', 'labels to show as columns', list)
    .option('--no-headers', 'leave out the headers')
    .option('--ignore-not-found', 'objects that do not exist are no error')
    .option('--show-kind', 'put the kind before each name')
    .option('--chunk-size <n>', 'how many objects to ask for at a time; 0 for all', parseCount, 500)
    .option('--raw <path>', 'print the reply to GET of this path')
    .option('--subresource <name>', 'the subresource of the object')
    .option('--template <template>', 'the template of -o go-template or jsonpath')
    .option('--show-managed-fields', 'keep managedFields in JSON and YAML')
    .addOption(new Option('--allow-missing-template-keys [bool]').argParser((text) => text !== 'false').hideHelp())
    .addOption(new Option('--server-print [bool]').hideHelp())
    .addOption(new Option('-k, --kustomize <dir>').hideHelp())
    .addOption(new Option('-a, --show-all', 'finished pods are always shown').hideHelp());
}

function parseCount(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

async function get(context: CliContext, words: readonly string[], given: GetFlags): Promise<void> {
  const flags: GetFlags = { ...given, noHeaders: given.headers === false };
  refuseWhatCannotBe(words, flags);
  if (flags.raw !== undefined) return printRaw(context, flags.raw);
  const printer = await createObjectPrinter(flags);
  const queries = await queriesOf(context, words, flags);
  if (flags.watch === true || flags.watchOnly === true) return watch(context, { queries, flags, printer });
  await (printer === undefined ? printTables(context, queries, flags) : printObjects(context, queries, { flags, printer }));
}

function refuseWhatCannotBe(words: readonly string[], flags: GetFlags): void {
  if (flags.kustomize !== undefined) throw new UsageError('-k/--kustomize is not supported: minik has no kustomize; render the manifests first and use -f');
  const fromFiles = (flags.filename?.length ?? 0) > 0;
  if (flags.raw !== undefined) {
    if (words.length > 0 || fromFiles) throw new UsageError('arguments may not be passed when --raw is specified');
    if (flags.watch === true || flags.watchOnly === true) throw new UsageError('--raw may not be specified with other flags that filter the server request or alter the output');
    if (flags.output !== undefined) throw new UsageError('--raw and --output are mutually exclusive');
    return;
  }
  if (flags.outputWatchEvents === true && flags.watch !== true && flags.watchOnly !== true) {
    throw new UsageError('--output-watch-events option can only be used with --watch or --watch-only');
  }
  if (words.length === 0 && !fromFiles) {
    throw new UsageError(
      `You must specify the type of resource to get. Use "minik api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "minik explain <resource>" for a detailed description of that resource (e.g. minik explain pods).\nSee 'minik get -h' for help and examples`,
    );
  }
}

async function printRaw(context: CliContext, path: string): Promise<void> {
  const client = await context.client();
  const { body } = await client.request({ path: path.startsWith('/') ? path : `/${path}`, signal: context.signal });
  if (body.type === 'stream') {
    for await (const chunk of body.chunks) await context.out.write(chunk);
    return;
  }
  await context.out.write(await readText(body));
}

async function queriesOf(context: CliContext, words: readonly string[], flags: GetFlags): Promise<Query[]> {
  const resources = await context.resources();
  const selection = parseResourceArgs(words, resources);
  const common = { chunkSize: flags.chunkSize, subresource: flags.subresource, wholeObjects: flags.sortBy !== undefined };
  if (selection.type === 'lists') {
    const namespace = flags.allNamespaces === true ? '' : context.namespace;
    return selection.resources.map((resource) => ({
      ...common,
      resource,
      namespace,
      labelSelector: flags.selector,
      fieldSelector: flags.fieldSelector,
    }));
  }
  if (flags.allNamespaces === true) throw new UsageError('a resource cannot be retrieved by name across all namespaces');
  if (flags.selector !== undefined) throw new UsageError('selectors and the all flag cannot be used when passing resource/name arguments');
  return selection.items.map(({ resource, name, ...at }) => ({
    ...common,
    resource,
    name,
    namespace: (at as { readonly namespace?: string }).namespace ?? context.namespace,
  }));
}

async function watch(
  context: CliContext,
  { queries, flags, printer }: { readonly queries: readonly Query[]; readonly flags: GetFlags; readonly printer: PrintObject | undefined },
): Promise<void> {
  if (queries.length !== 1) throw new UsageError('watch is only supported on individual resources and resource collections');
  const { watchAndPrint } = await import('../get/watch.ts');
  const query = queries[0]!;
  await watchAndPrint(context, {
    query,
    printer,
    table: tableOptions(flags, { resource: query.resource, manyKinds: false }),
    watchOnly: flags.watchOnly === true,
    showEvents: flags.outputWatchEvents === true,
  });
}

async function printObjects(
  context: CliContext,
  queries: readonly Query[],
  { flags, printer }: { readonly flags: GetFlags; readonly printer: PrintObject },
): Promise<void> {
  const client = await context.client();
  const { done, errors } = await settle(queries, flags, (query) => fetchObjects(client, query));
  const items = done.flatMap(({ result }) => result.items);
  const ordered = flags.sortBy === undefined ? items : await sorted(items, flags.sortBy, (item: KubeObject) => item);
  const single = queries.length === 1 && queries[0]!.name !== undefined;
  if (!single) await context.out.write(printer(listOf(ordered)));
  else if (ordered[0] !== undefined) await context.out.write(printer(ordered[0]));
  throwAll(errors);
}

async function printTables(context: CliContext, queries: readonly Query[], flags: GetFlags): Promise<void> {
  const client = await context.client();
  const { done, errors } = await settle(queries, flags, (query) => fetchTable(client, query));
  // kube: what was asked for counts, also where nothing is found.
  const manyKinds = new Set(done.map(({ query }) => query.resource)).size > 1;
  let printed = '';
  for (const { resource, table } of mergeNeighbours(done)) {
    const rows = flags.sortBy === undefined ? table.rows : await sorted(table.rows, flags.sortBy, (row) => row.object);
    const text = renderTable({ ...table, rows }, tableOptions(flags, { resource, manyKinds }));
    const gap = printed !== '' && text !== '' && flags.noHeaders !== true ? '\n' : '';
    printed += gap + text;
  }
  await context.out.write(printed);
  if (printed === '' && flags.ignoreNotFound !== true && errors.length === 0) {
    const namespaced = flags.allNamespaces !== true && queries.every((query) => query.resource.namespaced);
    await context.err.write(namespaced ? `No resources found in ${context.namespace} namespace.\n` : 'No resources found\n');
  }
  throwAll(errors);
}

interface Done<R> {
  readonly query: Query;
  readonly result: R;
}

/** Runs every query; what is there is printed even when something else is not. */
async function settle<R>(
  queries: readonly Query[],
  flags: GetFlags,
  run: (query: Query) => Promise<R>,
): Promise<{ readonly done: Done<R>[]; readonly errors: unknown[] }> {
  const done: Done<R>[] = [];
  const errors: unknown[] = [];
  const settled = await Promise.allSettled(queries.map(run));
  settled.forEach((one, index) => {
    if (one.status === 'fulfilled') done.push({ query: queries[index]!, result: one.value });
    else if (!(flags.ignoreNotFound === true && isNotFound(one.reason))) errors.push(one.reason);
  });
  return { done, errors };
}

function mergeNeighbours(done: readonly Done<Table>[]): { readonly resource: Resource; readonly table: Table }[] {
  const merged: { resource: Resource; table: Table }[] = [];
  for (const { query, result } of done) {
    const last = merged.at(-1);
    if (last?.resource === query.resource) last.table = { ...last.table, rows: [...last.table.rows, ...result.rows] };
    else merged.push({ resource: query.resource, table: result });
  }
  return merged;
}

function tableOptions(flags: GetFlags, { resource, manyKinds }: { readonly resource: Resource; readonly manyKinds: boolean }): TableOptions {
  const group = resource.group === '' ? '' : `.${resource.group}`;
  return {
    wide: flags.output === 'wide',
    noHeaders: flags.noHeaders,
    kindPrefix: manyKinds || flags.showKind === true ? `${resource.kind.toLowerCase()}${group}` : undefined,
    withNamespace: flags.allNamespaces === true && resource.namespaced,
    labelColumns: flags.labelColumns,
    showLabels: flags.showLabels,
  };
}

async function sorted<T>(items: readonly T[], expression: string, objectOf: (item: T) => unknown): Promise<readonly T[]> {
  return (await import('../printers/sort.ts')).sortByPath(items, expression, objectOf);
}
