// minik cron: questions about schedules. `cron next` tells the next runs of a CronJob or of a schedule that is only typed.
import { openZone, UTC, type Zone } from '../../api/cron/zone.ts';
import { UsageError, type CliContext, type RegisterVerb } from '../context.ts';
import { findSchedule, type ScheduleFlags } from '../cron/find-schedule.ts';
import { nextRunsJson, nextRunsText } from '../cron/next-runs-report.ts';
import { planNextRuns } from '../cron/plan-next-runs.ts';
import { momentOf } from '../simulate/simulation-flags.ts';

interface Flags extends ScheduleFlags {
  readonly count: string;
  readonly from?: string;
  readonly output?: string;
}

const MOST = 10_000;

export const registerCron: RegisterVerb = (program, launch) => {
  const cron = program.command('cron').summary('when schedules run').description('Questions about schedules: minik cron next');
  const command = cron
    .command('next')
    .summary('the next runs of a cronjob or a schedule')
    .description(
      "Prints the next runs in the zone of the schedule and in local time, with what changes of the clocks do to them.\nNeeds no daemon for --schedule. Here -n is the count: name the namespace with --namespace.",
    )
    .argument('[name]', 'a CronJob: NAME or cronjob/NAME')
    .option('--schedule <schedule>', "a schedule instead of a CronJob: '30 2 * * mon-fri', '@hourly', '@every 90m'")
    .option('--time-zone <zone>', 'the zone of the schedule: Europe/Berlin; else the one of the CronJob, or UTC')
    .option('-n, --count <number>', `how many runs, up to ${MOST}`, '5')
    .option('--from <time>', 'runs from this time on: 2026-03-29, "2026-03-29 01:30" (in the zone of the schedule) or RFC 3339; now by default')
    .option('-o, --output <format>', 'json');
  command.action((name: string | undefined, flags: Flags) => launch(command, (context) => next(context, name === undefined ? [] : [name], flags)));
};

async function next(context: CliContext, words: readonly string[], flags: Flags): Promise<void> {
  const { output = 'text' } = flags;
  if (output !== 'json' && output !== 'text') throw new UsageError(`unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json`);
  const count = countOf(flags.count);
  const found = await findSchedule(context, words, flags);
  const from = flags.from === undefined ? context.clock.now() : momentOf(flags.from, found.zone);
  if (found.usesSeven) await context.err.write('Warning: minik reads 7 as Sunday; upstream clusters reject it, write 0 or sun to run there too\n');
  const runs = planNextRuns({ ...found, from, count });
  const subject = { ...found, scheduleText: found.text, localZone: localZone(context.env['TZ']), from };
  await context.out.write(output === 'json' ? nextRunsJson(runs, subject) : nextRunsText(runs, subject));
}

function countOf(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST) throw new UsageError(`invalid argument ${JSON.stringify(text)} for "-n, --count" flag: expected a whole number from 1 to ${MOST} (the namespace is --namespace here)`);
  return count;
}

/** TZ may hold more than names: what the machine makes of it then is asked of Intl. */
function localZone(tz: string | undefined): Zone {
  return openZone(tz ?? '') ?? openZone(Intl.DateTimeFormat().resolvedOptions().timeZone) ?? UTC;
}
