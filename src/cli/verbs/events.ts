// minik events: what happened, oldest first.
import type { CoreEvent } from '../../api/generated/types.ts';
import { ageText } from '../../api/duration-text.ts';
import { EVENTS } from '../../api/kinds.ts';
import { fromTime } from '../../api/time.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { createObjectPrinter, listOf } from '../printers/object-printer.ts';
import { alignTabs, TABLE_ALIGNMENT } from '../printers/tab-align.ts';
import { resourceOfWord } from '../resource-args.ts';
import { collect } from '../write/write-flags.ts';

interface Flags {
  readonly for?: string;
  readonly types?: readonly string[];
  readonly watch?: boolean;
  readonly allNamespaces?: boolean;
  readonly headers: boolean;
  readonly output?: string;
}

export const registerEvents: RegisterVerb = (program, launch) => {
  const command = program
    .command('events')
    .summary('list what happened')
    .description('Lists events, oldest first.')
    .option('--for <type/name>', 'only about this object')
    .option('--types <types>', 'only of these types: Normal, Warning', collect)
    .option('-w, --watch', 'go on printing new ones')
    .option('-A, --all-namespaces', 'in all namespaces')
    .option('--no-headers', 'leave out the headers')
    .option('-o, --output <format>', 'json, yaml, name, jsonpath=...');
  command.action((flags: Flags) => launch(command, (context) => events(context, flags)));
};

async function events(context: CliContext, flags: Flags): Promise<void> {
  const types = (flags.types ?? []).map((type) => type.toLowerCase());
  const unknown = types.find((type) => type !== 'normal' && type !== 'warning');
  if (unknown !== undefined) throw new UsageError(`valid --types are Normal or Warning`);
  const client = await context.client();
  const query = { namespace: flags.allNamespaces === true ? undefined : context.namespace, fieldSelector: await fieldSelector(context, flags.for) };
  const list = await client.list(EVENTS, query);
  const wanted = (event: CoreEvent): boolean => types.length === 0 || types.includes((event.type ?? '').toLowerCase());
  const found = list.items.filter(wanted).sort((a, b) => lastSeen(a) - lastSeen(b));
  const print = flags.output === undefined ? undefined : await createObjectPrinter({ output: flags.output });
  if (print !== undefined) return context.out.write(print(listOf(found)));
  const widths: number[] = [];
  const show = (rows: readonly CoreEvent[], headers: boolean): Promise<void> =>
    context.out.write(tableText(rows, { now: context.clock.now(), headers, withNamespace: flags.allNamespaces === true, widths }));
  if (found.length > 0) await show(found, flags.headers);
  else if (flags.watch !== true) {
    return void (await context.err.write(flags.allNamespaces === true ? 'No events found.\n' : `No events found in ${context.namespace} namespace.\n`));
  }
  if (flags.watch !== true) return;
  for await (const { type, object } of client.watch(EVENTS, { ...query, resourceVersion: list.metadata.resourceVersion, signal: context.signal })) {
    if (type !== 'DELETED' && wanted(object)) await show([object], false);
  }
}

async function fieldSelector(context: CliContext, about: string | undefined): Promise<string | undefined> {
  if (about === undefined) return undefined;
  const [kind = '', name = ''] = about.split('/');
  if (kind === '' || name === '') throw new UsageError(`--for must be in resource/name form`);
  const resource = resourceOfWord(kind, await context.resources());
  return `involvedObject.kind=${resource.kind},involvedObject.name=${name}`;
}

function lastSeen(event: CoreEvent): number {
  return fromTime(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp) ?? 0;
}

function tableText(rows: readonly CoreEvent[], at: { readonly now: number; readonly headers: boolean; readonly withNamespace: boolean; readonly widths: number[] }): string {
  const head = [...(at.withNamespace ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
  const lines = rows.map((event) => [
    ...(at.withNamespace ? [event.metadata.namespace ?? ''] : []),
    seenText(event, at.now),
    event.type ?? '',
    event.reason ?? '',
    `${event.involvedObject.kind}/${event.involvedObject.name}`,
    (event.message ?? '').trim(),
  ]);
  return alignTabs(`${[...(at.headers ? [head] : []), ...lines].map((line) => line.join('\t')).join('\n')}\n`, { ...TABLE_ALIGNMENT, remembered: at.widths });
}

/** "5s" or, for what happened again and again, "5s (x3 over 2m)". */
function seenText(event: CoreEvent, now: number): string {
  const last = ageText(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp, now);
  const times = event.series?.count ?? event.count ?? 1;
  return times > 1 ? `${last} (x${times} over ${ageText(event.firstTimestamp ?? event.eventTime, now)})` : last;
}
