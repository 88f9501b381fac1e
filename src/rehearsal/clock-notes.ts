// pure: notes of what changes of the clocks do to a schedule, put on the agenda of a rehearsal.
import { timingOf } from '../api/cronjob/timing.ts';
import type { CronJob } from '../api/generated/types.ts';
import { clockChanges, type ClockChange } from './daylight-saving.ts';
import type { Rehearsal } from './story.ts';
import type { World } from './world.ts';

export function announceClockChanges(world: World, cronJob: CronJob, window: { readonly from: number; readonly until: number }): Rehearsal['clocks'] {
  const timing = timingOf(cronJob.spec);
  const about = { kind: 'CronJob', name: cronJob.metadata?.name ?? '' } as const;
  const changes = timing.ok && cronJob.spec.suspend !== true ? clockChanges(timing.schedule, timing.zone, window) : [];
  for (const change of changes) world.agenda.add(change.at, () => world.note(about, { type: 'Warning', ...changeText(change) }));
  return {
    skipped: changes.reduce((sum, change) => sum + (change.type === 'gap' ? change.skipped : 0), 0),
    repeated: changes.filter(({ type }) => type === 'repeat').length,
  };
}

function changeText(change: ClockChange): { readonly reason: string; readonly message: string } {
  if (change.type === 'repeat') return { reason: 'ClocksRepeat', message: `${clock(change.reading)} comes a second time, as the clocks were set back: it runs twice` };
  const times = change.skipped === 1 ? clock(change.first) : `${change.skipped} times from ${clock(change.first)} to ${clock(change.last)}`;
  return { reason: 'ClocksSkip', message: `${times} ${change.skipped === 1 ? 'does' : 'do'} not come, as the clocks are set forward: nothing runs` };
}

/** "02:30" of a reading of the wall clock. */
function clock(reading: number): string {
  return new Date(reading).toISOString().slice(11, 16);
}
