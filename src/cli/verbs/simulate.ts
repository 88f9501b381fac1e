// minik simulate: what a Job would do, played through virtual time by the real planners. Nothing is run.
import { Option } from 'commander';
import { setImmediate } from 'node:timers/promises';
import { StatusError } from '../../api/status-error.ts';
import { UTC } from '../../api/cron/zone.ts';
import { admitJob } from '../../rehearsal/admit.ts';
import { rehearse, type RehearsalOptions } from '../../rehearsal/rehearse.ts';
import { jobReport } from '../../rehearsal/report/job-report.ts';
import { jsonReport } from '../../rehearsal/report/json-report.ts';
import type { Setting } from '../../rehearsal/report/setting.ts';
import type { Rehearsal } from '../../rehearsal/story.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { findSubject, type Subject } from '../simulate/find-subject.ts';
import { lengthOf, momentOf, shareOf, spanOf, wholeNumberOf, type SimulationFlags } from '../simulate/simulation-flags.ts';
import { placesHint } from '../write/manifest-run.ts';

const DEFAULT_DURATION = '1m';
/** A Job that has not ended by then is taken not to end. */
const JOB_SPAN = '365d';
const SUBJECT_UID = '00000000-0000-4000-8000-000000000000';

export const registerSimulate: RegisterVerb = (program, launch) => {
  const command = program
    .command('simulate')
    .summary('what a Job would do, without running it')
    .description('Plays a Job through virtual time with the real planners: starts, retries and their back-off, the end.\nNeeds neither daemon nor Docker for -f FILE.')
    .argument('[job/name]', 'a Job of the daemon, or the one to take from the file')
    .option('-f, --filename <file>', 'the manifest to simulate: a file, a URL, or - for standard input')
    .option('--from <time>', 'when it begins: 2026-03-29, "2026-03-29 01:30" (in the zone of the schedule) or RFC 3339; now by default')
    .option('--for <duration>', `how long: 7d, 12h; until the Job ends by default`)
    .option('--duration <duration>', `how long each attempt runs: 90s, or anything between two: 60s-2m (default: ${DEFAULT_DURATION})`)
    .addOption(new Option('--start-after <duration>', 'from the creation of a pod until it runs').default('500ms'))
    .addOption(new Option('--stop-after <duration>', 'what a container takes to stop when told to').default('1s'))
    .addOption(new Option('--fail-rate <share>', 'the share of attempts that fail').default('0'))
    .addOption(new Option('--exit-code <code>', 'of attempts that fail').default('1'))
    .addOption(new Option('--seed <number>', 'the same seed, the same story').default('1'))
    .option('--all', 'show every step of a long story')
    .option('-o, --output <format>', 'json');
  command.action((word: string | undefined, flags: SimulationFlags) => launch(command, (context) => simulate(context, word === undefined ? [] : [word], flags)));
};

async function simulate(context: CliContext, words: readonly string[], flags: SimulationFlags): Promise<number> {
  const { output = 'text' } = flags;
  if (output !== 'json' && output !== 'text') throw new UsageError(`unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json`);
  const numbers = numbersOf(flags);
  const subject = await findSubject(context, words, flags.filename);
  const from = flags.from === undefined ? Math.floor(context.clock.now() / 1000) * 1000 : momentOf(flags.from, UTC);
  const job = await admitted(context, subject, () => admitJob(subject.object, { uid: uidOf(subject), createdAt: from }));
  if (job === undefined) return 1;
  const setting: Setting = {
    subject: { kind: 'Job', namespace: subject.namespace, name: job.metadata?.name ?? '' },
    zone: UTC,
    lengthFrom: flags.duration === undefined ? 'the default; --duration changes it' : '--duration',
    ...numbers,
  };
  const rehearsal = await played(context, { ...numbers, subject: { kind: 'Job', job }, from, until: from + spanOf(flags.for ?? JOB_SPAN, '--for') });
  const text = output === 'json' ? `${JSON.stringify(jsonReport(rehearsal, setting), null, 2)}\n` : jobReport(rehearsal, setting, { all: flags.all === true });
  await context.out.write(text);
  return 0;
}

/** What stands in the daemon was named for its uid. */
function uidOf({ manifest, object }: Subject): string {
  return (manifest === undefined ? object.metadata?.uid : undefined) ?? SUBJECT_UID;
}

type Numbers = Pick<RehearsalOptions, 'length' | 'startMs' | 'stopMs' | 'failRate' | 'exitCode' | 'seed'>;

function numbersOf(flags: SimulationFlags): Numbers {
  return {
    length: lengthOf(flags.duration ?? DEFAULT_DURATION),
    startMs: spanOf(flags.startAfter, '--start-after'),
    stopMs: spanOf(flags.stopAfter, '--stop-after'),
    failRate: shareOf(flags.failRate, '--fail-rate'),
    exitCode: wholeNumberOf(flags.exitCode, '--exit-code', { least: 1, most: 255 }),
    seed: wholeNumberOf(flags.seed, '--seed', { least: 0, most: 2 ** 32 - 1 }),
  };
}

/** Undefined when it was refused, and why has been said. */
async function admitted<T>(context: CliContext, { manifest }: Subject, admit: () => T): Promise<T | undefined> {
  try {
    return admit();
  } catch (error) {
    if (!(error instanceof StatusError) || manifest === undefined) throw error;
    const { createFailures } = await import('../write/failures.ts');
    const failures = createFailures(context);
    failures.add(error, placesHint(manifest, error));
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
