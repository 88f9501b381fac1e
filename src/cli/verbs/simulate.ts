// minik simulate: what a Job or a CronJob would do, played through virtual time by the real planners. Nothing is run.
import { Option } from 'commander';
import { setImmediate } from 'node:timers/promises';
import { StatusError } from '../../api/status-error.ts';
import { cronJobReport, jobReport, jsonReport, rehearse } from '../../rehearsal/rehearsal.ts';
import type { RehearsalOptions } from '../../rehearsal/rehearse.ts';
import type { Setting } from '../../rehearsal/report/setting.ts';
import type { RunLength } from '../../rehearsal/run-length.ts';
import type { Rehearsal } from '../../rehearsal/story.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { earlierRunLengths } from '../simulate/earlier-runs.ts';
import { findSubject, type Subject } from '../simulate/find-subject.ts';
import { lengthOf, shareOf, spanOf, wholeNumberOf, type SimulationFlags } from '../simulate/simulation-flags.ts';
import { stageSubject, type Staged } from '../simulate/stage-subject.ts';
import { createFailures } from '../write/failures.ts';
import { placesHint } from '../write/manifest-run.ts';

const DEFAULT_DURATION = '1m';

export const registerSimulate: RegisterVerb = (program, launch) => {
  const command = program
    .command('simulate')
    .summary('what a Job or a CronJob would do, without running it')
    .description(
      'Plays a CronJob or a Job through virtual time with the real planners: starts, runs that are skipped, replaced or missed, changes of the clocks, retries and their back-off, what is pruned, the end. With -f FILE it needs neither daemon nor Docker.',
    )
    .argument('[kind/name]', 'cronjob/NAME or job/NAME: of the daemon, or the one to take from the file')
    .option('-f, --filename <file>', 'the manifest to simulate: a file, a URL, or - for standard input')
    .option('--from <time>', 'when it begins: 2026-03-29, "2026-03-29 01:30" (by the clocks of the schedule) or RFC 3339; now by default')
    .option('--for <duration>', 'how long: 7d, 12h (default: 7d; a Job until it ends)')
    .option('--duration <duration>', `how long each attempt runs: 90s, or anything between two: 60s-2m (default: ${DEFAULT_DURATION})`)
    .option('--duration-from-history', 'as long as earlier attempts that the daemon knows of, picked at random')
    .addOption(new Option('--start-after <duration>', 'from the creation of a pod until it runs').default('500ms'))
    .addOption(new Option('--stop-after <duration>', 'what a container takes to stop when told to').default('1s'))
    .addOption(new Option('--fail-rate <share>', 'the share of attempts that fail').default('0'))
    .addOption(new Option('--exit-code <code>', 'of attempts that fail').default('1'))
    .addOption(new Option('--seed <number>', 'the same seed, the same story').default('1'))
    .option('--all', 'show every event, not only what is worth a line')
    .option('-o, --output <format>', 'json');
  command.action((word: string | undefined, flags: SimulationFlags) => launch(command, (context) => simulate(context, word === undefined ? [] : [word], flags)));
};

async function simulate(context: CliContext, words: readonly string[], flags: SimulationFlags): Promise<number> {
  const { output = 'text' } = flags;
  if (output !== 'json' && output !== 'text') throw new UsageError(`unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json`);
  const conduct = conductOf(flags);
  const found = await findSubject(context, words, flags.filename);
  const staged = await stagedOrRefused(context, found, flags);
  if (staged === undefined) return 1;
  for (const warning of staged.warnings) await context.err.write(`Warning: ${warning}\n`);
  const { length, lengthFrom } = await lengthFor(context, found, flags);
  const { subject, zone, from, until } = staged;
  const rehearsal = await played(context, { ...conduct, length, subject, from, until });
  const setting: Setting = { subject: { kind: subject.kind, namespace: found.namespace, name: nameOf(subject) }, zone, length, lengthFrom, ...conduct };
  await context.out.write(output === 'json' ? `${JSON.stringify(jsonReport(rehearsal, setting), null, 2)}\n` : textOf(staged, rehearsal, { setting, all: flags.all === true }));
  return 0;
}

function textOf({ subject }: Staged, rehearsal: Rehearsal, how: { readonly setting: Setting; readonly all: boolean }): string {
  return subject.kind === 'Job' ? jobReport(rehearsal, how) : cronJobReport(subject.cronJob, rehearsal, how);
}

function nameOf(subject: Staged['subject']): string {
  return (subject.kind === 'Job' ? subject.job : subject.cronJob).metadata?.name ?? '';
}

type Conduct = Pick<RehearsalOptions, 'startMs' | 'stopMs' | 'failRate' | 'exitCode' | 'seed'>;

function conductOf(flags: SimulationFlags): Conduct {
  return {
    startMs: spanOf(flags.startAfter, '--start-after'),
    stopMs: spanOf(flags.stopAfter, '--stop-after'),
    failRate: shareOf(flags.failRate, '--fail-rate'),
    exitCode: wholeNumberOf(flags.exitCode, '--exit-code', { least: 1, most: 255 }),
    seed: wholeNumberOf(flags.seed, '--seed', { least: 0, most: 2 ** 32 - 1 }),
  };
}

async function lengthFor(context: CliContext, subject: Subject, { duration, durationFromHistory }: SimulationFlags): Promise<{ readonly length: RunLength; readonly lengthFrom: string }> {
  if (durationFromHistory !== true) return { length: lengthOf(duration ?? DEFAULT_DURATION), lengthFrom: duration === undefined ? 'the default; --duration changes it' : '--duration' };
  if (duration !== undefined) throw new UsageError('only one of --duration and --duration-from-history can be given');
  const length = await earlierRunLengths(context, subject);
  return { length, lengthFrom: `as ${length.samples.length} earlier ${length.samples.length === 1 ? 'attempt' : 'attempts'}` };
}

/** Undefined when it was refused as the API server would refuse it, and that has been said. */
async function stagedOrRefused(context: CliContext, found: Subject, flags: SimulationFlags): Promise<Staged | undefined> {
  try {
    return stageSubject(found, flags, context.clock.now());
  } catch (error) {
    if (!(error instanceof StatusError) || found.manifest === undefined) throw error;
    const failures = createFailures(context);
    failures.add(error, placesHint(found.manifest, error));
    await failures.finish();
    return undefined;
  }
}

/** Between two slices Ctrl-C is heard. */
async function played(context: CliContext, options: RehearsalOptions): Promise<Rehearsal> {
  const playing = rehearse(options);
  for (;;) {
    const step = playing.next();
    if (step.done === true) return step.value;
    await setImmediate();
    context.signal.throwIfAborted();
  }
}
