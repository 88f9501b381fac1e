// pure: notes of what changes of the clocks do to a schedule, put on the agenda of a rehearsal.
import { clockChanges, type ClockChange } from '../api/cron/clock-changes.ts';
import { timingOf } from '../api/cronjob/timing.ts';
import type { CronJob } from '../api/generated/types.ts';
import type { Rehearsal } from './story.ts';
import type { World } from './world.ts';

export function announceClockChanges(world: World, cronJob: CronJob, window: { readonly from: number; readonly until: number }): Rehearsal['clocks'] {
  const timing = timingOf(cronJob.spec);
  const about = { kind: 'CronJob', name: cronJob.metadata?.name ?? '' } as const;
  const changes = timing.ok && cronJob.spec.suspend !== true ? clockChanges(timing.schedule, timing.zone, window).filter((change) => timeOf(change) <= window.until) : [];
  for (const change of changes) world.agenda.add(timeOf(change), () => world.note(about, { type: 'Warning', ...changeText(change) }));
  return {
    skipped: changes.reduce((sum, change) => sum + (change.type === 'gap' ? change.count : 0), 0),
    repeated: changes.filter(({ type }) => type === 'repeat').length,
  };
}

/** When it is told: as the clocks skip, and as a run comes again. */
function timeOf(change: ClockChange): number {
  return change.type === 'gap' ? change.at : change.second;
}

function changeText(change: ClockChange): { readonly reason: string; readonly message: string } {
  if (change.type === 'repeat') return { reason: 'ClocksRepeat', message: `${clock(change.reading)} comes a second time, as the clocks were set back: it runs twice` };
  const times = change.count === 1 ? clock(change.first) : `${change.count} times from ${clock(change.first)} to ${clock(change.last)}`;
  return { reason: 'ClocksSkip', message: `${times} ${change.count === 1 ? 'does' : 'do'} not come, as the clocks are set forward: nothing runs` };
}

/** "02:30" of a reading of the wall clock. */
function clock(reading: number): string {
  return new Date(reading).toISOString().slice(11, 16);
}
