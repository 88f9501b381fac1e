// pure: Pods whose container ends again and again and is started again, later each time.
import { humanDuration } from '../../../api/duration-text.ts';
import { fromTime } from '../../../api/time.ts';
import { parseDuration } from '../../go-duration.ts';
import { hasEnded } from '../../runs/container-run.ts';
import { fact, type Diagnosis } from '../diagnosis.ts';
import { attemptEvidence, logEvidence } from '../evidence.ts';
import type { PodFacts } from '../facts.ts';
import { howItEnded } from '../how-it-ended.ts';
import { waitingFor } from './container-states.ts';

export function crashLoop({ pod, runs, events, logs, now }: PodFacts): Diagnosis | undefined {
  const waiting = waitingFor(pod, /^CrashLoopBackOff$/);
  if (waiting === undefined) return undefined;
  const own = runs.filter(({ container }) => container === waiting.name);
  const last = own.filter(hasEnded).at(-1);
  const ending = last === undefined ? undefined : howItEnded(last, { pod, events });
  const restarts = waiting.status.restartCount;
  const wait = waitText(waiting, now);
  const isSuccess = last?.exitCode === 0;
  return {
    rule: 'crash-loop',
    health: 'trouble',
    verdict: `pod/${pod.metadata?.name} keeps ending: container ${waiting.name} ${ending?.phrase ?? 'ended'}, and starts again ${wait}`,
    evidence: [
      ...logEvidence(logs, last),
      ...attemptEvidence(own),
      ...(ending?.facts ?? []).map(fact),
      fact(`restarted ${restarts} ${restarts === 1 ? 'time' : 'times'} so far; the waits double from 10s up to 5m, and begin anew after ten minutes of running`),
    ],
    suggestions: [
      ...(ending?.suggestions ?? []),
      ...(isSuccess ? ['restartPolicy Always starts even what succeeded again: use a Job, or restartPolicy OnFailure'] : []),
      `minik logs ${pod.metadata?.name} -c ${waiting.name} --previous`,
    ],
  };
}

/** "in 12s, after a back-off of 20s". */
function waitText({ message, status }: NonNullable<ReturnType<typeof waitingFor>>, now: number): string {
  const text = /back-off (\S+) restarting/.exec(message)?.[1];
  const delay = text === undefined ? undefined : parseDuration(text);
  const ended = fromTime(status.lastState?.terminated?.finishedAt);
  if (delay === undefined) return 'after a back-off';
  if (ended === undefined) return `after a back-off of ${text}`;
  const left = ended + delay - now;
  return left > 0 ? `in ${humanDuration(left + 999)} (a back-off of ${text})` : `any moment now (after a back-off of ${text})`;
}
