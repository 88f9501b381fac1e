// pure: the rehearsal of a CronJob as text: its runs and what came between them, a calendar of them, and the figures.
import type { CronJob } from '../../api/generated/types.ts';
import { spanText } from '../span-text.ts';
import type { Rehearsal } from '../story.ts';
import { calendar } from './calendar.ts';
import { cutInTheMiddle } from './cut-lines.ts';
import { localTime } from './local-time.ts';
import { occurrenceLines, runLines } from './run-lines.ts';
import { settingText, type Setting } from './setting.ts';
import { summarize, type Summary } from './summarize.ts';

export function cronJobReport(cronJob: CronJob, rehearsal: Rehearsal, { setting, all }: { readonly setting: Setting; readonly all: boolean }): string {
  const { zone, subject } = setting;
  const { from, until } = rehearsal;
  const { schedule, concurrencyPolicy, suspend } = cronJob.spec;
  const lines = all ? occurrenceLines(rehearsal, zone) : cutInTheMiddle(runLines(rehearsal, zone), 'lines');
  const drawn = calendar(rehearsal, zone);
  return [
    `CronJob ${subject.namespace}/${subject.name}: ${schedule} in ${zone.name}, concurrency policy ${concurrencyPolicy}. Nothing is really run.`,
    `From ${localTime(zone, from)} for ${spanText(until - from)}, until ${localTime(zone, until)}.`,
    settingText(setting),
    ...(suspend === true ? ['It is suspended: nothing starts.'] : []),
    '',
    ...lines,
    ...(lines.length === 0 ? [] : ['']),
    ...drawn,
    ...(drawn.length === 0 ? [] : ['']),
    ...figures(summarize(rehearsal), rehearsal, setting),
    '',
  ].join('\n');
}

function figures(summary: Summary, { longestQueue }: Rehearsal, { zone }: Setting): readonly string[] {
  const { runs, complete, failed, replaced, unfinished, scheduledTimes = 0, notRun = 0, missedDeadlines, pods, failedPods, restarts, mostAtOnce, removedJobs, clocks, firstFailure } = summary;
  const time = (text: string | undefined): string => (text === undefined ? '' : localTime(zone, Date.parse(text)));
  return [
    `${count(runs, 'run')} of ${count(scheduledTimes, 'scheduled time')}: ${complete} complete, ${failed} failed for good, ${replaced} replaced, ${unfinished} not over at the end.`,
    ...(notRun === 0 ? [] : [`${count(notRun, 'scheduled time')} not run${missedDeadlines === 0 ? '' : `; a starting deadline was told as missed ${missedDeadlines} times`}.`]),
    ...(longestQueue.waiting === 0 ? [] : [`Longest queue: ${count(longestQueue.waiting, 'scheduled time')} waiting for one Job, at ${localTime(zone, longestQueue.at!)}.`]),
    ...(mostAtOnce.jobs <= 1 ? [] : [`Most at once: ${mostAtOnce.jobs} Jobs, first at ${time(mostAtOnce.time)}.`]),
    ...(failedPods + restarts === 0 ? [] : [`${count(pods, 'pod')}, of which ${failedPods} failed; ${count(restarts, 'restart')}; the longest back-off was ${spanText(summary.longestBackOffSeconds * 1000)}.`]),
    ...(firstFailure === undefined ? [] : [`The first to fail for good is ${firstFailure.job}, at ${time(firstFailure.time)}, ${spanText(firstFailure.afterSeconds * 1000)} after its start (${firstFailure.reason}).`]),
    ...(clocks.skipped + clocks.repeated === 0 ? [] : [`Clocks: ${count(clocks.skipped, 'time')} of day left out, ${count(clocks.repeated, 'run')} more because the clocks were set back.`]),
    ...(removedJobs === 0 ? [] : [`${count(removedJobs, 'finished Job')} removed from the history.`]),
  ];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
