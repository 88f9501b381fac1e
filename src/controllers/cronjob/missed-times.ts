// pure: the account of scheduled times that passed without a Job.
//
// Times that fell before the machine was awake are told of in one event, when the next Job starts or when it is clear that
// none will. What was told of a deadline that passed is kept in an annotation: no lastScheduleTime moves with it.
import type { Timing } from '../../api/cronjob/timing.ts';
import { countTimes, latestTime, nextTime } from '../../api/cron/next-time.ts';
import type { CronJob } from '../../api/generated/types.ts';
import { fromTime, toTime } from '../../api/time.ts';
import type { EventText } from '../../client/event-recorder-contract.ts';

export const MISSED_UNTIL = 'minik.dev/missed-until';
/** More than this many are counted no further. */
const MOST = 1_000_000;
/** kube: more in one go are worth a warning. */
const MANY = 100;

type Readable = Timing & { readonly ok: true };

interface Window {
  readonly after: number;
  readonly until: number;
}

/** None where the window holds none. `outcome` ends the sentence. */
export function missedEvents({ schedule, zone }: Readable, { after, until }: Window, outcome: string): EventText[] {
  const count = until > after ? countTimes(schedule, zone, { after, until, atMost: MOST }) : 0;
  if (count === 0) return [];
  const [first, last] = [nextTime(schedule, zone, after)!, latestTime(schedule, zone, { after, until })!].map(toTime);
  const times = count === 1 ? `1 scheduled time, ${first},` : `${count}${count === MOST ? ' or more' : ''} scheduled times between ${first} and ${last}`;
  return [{ type: 'Warning', reason: 'MissedSchedules', message: `Missed ${times} while minik was not running or the machine slept; ${outcome}` }];
}

export function tooManyEvents({ schedule, zone }: Readable, { after, until }: Window): EventText[] {
  if (countTimes(schedule, zone, { after, until, atMost: MANY + 1 }) <= MANY) return [];
  return [{ type: 'Warning', reason: 'TooManyMissedTimes', message: 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew' }];
}

export function tooLateEvent(time: number): EventText {
  return { type: 'Warning', reason: 'MissSchedule', message: `Missed scheduled time to start a job: ${new Date(time).toUTCString().replace('GMT', '+0000')}` };
}

/** Times up to this one were told of. */
export function toldUntil({ metadata }: CronJob): number {
  return fromTime(metadata?.annotations?.[MISSED_UNTIL]) ?? -Infinity;
}
