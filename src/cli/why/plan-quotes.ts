// pure: which runs' logs are worth reading for a diagnosis: few, as each is a request.
import { hasEnded, type ContainerRun } from '../runs/container-run.ts';
import { failedRunOf } from './pod/over.ts';

/** How many Pods of a Job, newest first, are looked at. */
const PODS_QUOTED = 4;

export function planQuotes(runs: readonly ContainerRun[]): ContainerRun[] {
  const pods = [...new Set(runs.map(({ podUid }) => podUid))].slice(-PODS_QUOTED);
  const failed = [failedRunOf(runs), ...pods.map((uid) => failedRunOf(runs.filter(({ podUid }) => podUid === uid)))];
  // What ends well again and again is in trouble too.
  const again = runs.filter((run) => hasEnded(run) && run.restart > 0).slice(-1);
  const last = failed.every((run) => run === undefined) ? runs.filter(hasEnded).slice(-1) : [];
  return [...new Set([...failed, ...again, ...last].filter((run): run is ContainerRun => run !== undefined))];
}
