// minik timeline: what ran when: a Job's attempts, a Pod's containers, a CronJob's runs, as bars on an axis of time.
import { writeFile } from 'node:fs/promises';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { createReportPrinter } from '../printers/report-printer.ts';
import { parseResourceArgs, type ResourceName } from '../resource-args.ts';
import { gatherTimeline } from '../timeline/gather-timeline.ts';
import type { Timeline } from '../timeline/timeline.ts';

interface Flags {
  readonly output?: string;
  readonly html?: string;
  readonly watch?: boolean;
  readonly color: boolean;
}

export const registerTimeline: RegisterVerb = (program, launch) => {
  const command = program
    .command('timeline')
    .summary('show what ran when')
    .description('Shows the attempts of a Job, the containers of a Pod or the runs of a CronJob as bars on an axis of time; also of Jobs and Pods that are deleted, from what was kept of them.')
    .argument('<type/name...>', 'job/pi | pod/web-1 | cronjob/backup | job pi')
    .option('-w, --watch', 'go on drawing while something may change')
    .option('--html <file>', 'write a page that needs nothing else; - for standard output')
    .option('-o, --output <format>', 'json, yaml, jsonpath=...')
    .option('--no-color', 'without colours, as with NO_COLOR=1');
  command.action((words: string[], flags: Flags) => launch(command, (context) => timeline(withColours(context, flags), words, flags)));
};

function withColours(context: CliContext, { color }: Flags): CliContext {
  if (color) return context;
  const { out } = context;
  return { ...context, client: () => context.client(), resources: () => context.resources(), out: { write: (text) => out.write(text), isTerminal: out.isTerminal, columns: out.columns, rows: out.rows, colour: false } };
}

async function timeline(context: CliContext, words: readonly string[], flags: Flags): Promise<void> {
  const target = await targetOf(context, words);
  const client = await context.client();
  const gather = (withLogs: boolean): Promise<Timeline> => gatherTimeline({ ...target, client, namespace: context.namespace, now: context.clock.now(), withLogs });
  if (flags.watch === true) {
    if (flags.html !== undefined || flags.output !== undefined) throw new UsageError('--watch draws on the terminal: it goes with neither --html nor --output');
    const { followed, watchTimeline } = await import('../timeline/watch-timeline.ts');
    return watchTimeline(context, { ...target, gather: () => gather(false), follows: followed });
  }
  const print = await createReportPrinter(flags.output);
  const model = await gather(flags.html !== undefined);
  if (flags.html !== undefined) await writeHtml(context, flags.html, model);
  if (print !== undefined) return context.out.write(print((await import('../timeline/timeline-json.ts')).timelineObject(model)));
  if (flags.html !== undefined) return;
  const { timelineText } = await import('../timeline/text-timeline.ts');
  await context.out.write(timelineText(model, { colour: context.out.colour, columns: context.out.columns }));
}

async function targetOf(context: CliContext, words: readonly string[]): Promise<ResourceName> {
  const selection = parseResourceArgs(words, await context.resources());
  const [first, ...others] = selection.type === 'names' ? selection.items : [];
  if (first === undefined || others.length > 0) throw new UsageError('expected one TYPE/NAME or TYPE NAME: minik timeline job/pi');
  return first;
}

async function writeHtml({ out, err }: CliContext, path: string, model: Timeline): Promise<void> {
  const { timelineHtml } = await import('../timeline/html-timeline.ts');
  const page = timelineHtml(model);
  if (path === '-') return out.write(page);
  try {
    await writeFile(path, page);
  } catch (error) {
    throw new UsageError(`--html cannot be written: ${(error as Error).message}`, { cause: error });
  }
  await err.write(`wrote ${path}\n`);
}
